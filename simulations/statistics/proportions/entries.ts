/** The table's entries for proportions. */
import { z } from "zod";
import { proportionShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { fisherExact } from "./fisher-exact.ts";
import { logRiskRatio } from "./log-risk-ratio.ts";
import { logOddsRatio, scoreOddsRatio } from "./odds-ratio.ts";
import { agrestiCoull, exactProportion, jeffreysProportion, scoreProportion, waldProportion } from "./one-proportion.ts";
import { scoreDifference } from "./score-difference.ts";
import { scoreRatio } from "./score-ratio.ts";
import { claim, exactMethod, nullDifference, nullRatio, nullShare, twoSamples } from "./shapes.ts";
import { tableStatistics } from "./table-entries.ts";
import { barnardExact, boschlooExact } from "./unconditional-exact.ts";
import { agrestiCaffo, newcombeDifference, waldDifference } from "./wald-difference.ts";

const oneSample = ["units are drawn independently", "each with the same probability"];
const twoIndependent = ["units are independent, also between the arms", "each arm has one probability"];
const one = { sample: { successes: 41, trials: 1000 }, nullValue: 0.03, alternative: "two-sided", level: 0.95 } as const;
const two = {
  control: { successes: 48, trials: 800 },
  treatment: { successes: 75, trials: 820 },
  alternative: "two-sided",
  level: 0.95,
} as const;
const small = {
  control: { successes: 3, trials: 22 },
  treatment: { successes: 11, trials: 25 },
  alternative: "two-sided",
  level: 0.95,
} as const;

export const proportionStatistics = [
  defineStatistic({
    name: "wilson-proportion",
    family: "proportions",
    title: "One proportion (Wilson)",
    summary: "How large a share is, with the interval of the score test.",
    formula:
      "interval (x + z²/2 ± z √(x (n − x) / n + z²/4)) / (n + z²); test (x − n p0) / √(n p0 (1 − p0)); x successes of n trials, z the normal quantile of (1 + level) / 2; corrected: x − n p0 nearer to 0 by c = min(1/2, |x − n p0|), the lower end of x − c and the upper of x + c",
    assumptions: oneSample,
    source: "Wilson (1927), J. Am. Stat. Assoc. 22, 209-212; Newcombe (1998), Stat. Med. 17, 857-872, methods 3 and 4",
    references: [
      "proportion.json (statsmodels)",
      "proportions/one-proportion.json (statsmodels, R 4.2)",
      "proportions/corrected.json (R 4.2)",
    ],
    input: z.strictObject({
      sample: proportionShape,
      nullValue: nullShare,
      continuityCorrection: z.boolean().default(false).describe("By half a unit, of test and interval alike"),
      ...claim,
    }),
    example: { ...one, continuityCorrection: false },
    compute: ({ sample, ...rest }) => scoreProportion({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "wald-proportion",
    family: "proportions",
    title: "One proportion (Wald)",
    summary: "How large a share is, by the textbook's plus-minus; good only with many successes and many failures.",
    formula: "p̂ ± z √(p̂ (1 − p̂) / n), cut at 0 and 1; test (p̂ − p0) / √(p̂ (1 − p̂) / n)",
    assumptions: [...oneSample, "at least 15 successes and 15 failures"],
    source: "Agresti (2013), Categorical Data Analysis, 3rd edition, section 1.4",
    references: ["proportions/one-proportion.json (statsmodels, R 4.2)"],
    input: z.strictObject({ sample: proportionShape, nullValue: nullShare, ...claim }),
    example: one,
    compute: ({ sample, ...rest }) => waldProportion({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "agresti-coull-proportion",
    family: "proportions",
    title: "One proportion (Agresti-Coull)",
    summary: "How large a share is, by the textbook's plus-minus after z²/2 successes and failures are added.",
    formula: "p̃ ± z √(p̃ (1 − p̃) / ñ), ñ = n + z², p̃ = (x + z²/2) / ñ, cut at 0 and 1; no test belongs to it",
    assumptions: oneSample,
    source: "Agresti and Coull (1998), Am. Stat. 52, 119-126",
    references: ["proportions/one-proportion.json (statsmodels, R 4.2)"],
    input: z.strictObject({ sample: proportionShape, ...claim }),
    example: { sample: one.sample, alternative: "two-sided", level: 0.95 },
    compute: ({ sample, ...rest }) => agrestiCoull({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "jeffreys-proportion",
    family: "proportions",
    title: "One proportion (Jeffreys)",
    summary: "How large a share is, by the equal-tailed credible interval under Jeffreys' prior.",
    formula: "quantiles of beta(x + 1/2, n − x + 1/2); no test belongs to it",
    assumptions: [...oneSample, "before the data, beta(1/2, 1/2)"],
    source: "Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133",
    references: ["proportions/one-proportion.json (statsmodels, R 4.2)"],
    input: z.strictObject({ sample: proportionShape, ...claim }),
    example: { sample: one.sample, alternative: "two-sided", level: 0.95 },
    compute: ({ sample, ...rest }) => jeffreysProportion({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "clopper-pearson-proportion",
    family: "proportions",
    title: "One proportion (Clopper-Pearson)",
    summary: "How large a share is, with an interval that never covers less than its level; the price is width.",
    formula: "lower: P(X ≥ x) = (1 − level) / 2, upper: P(X ≤ x) = (1 − level) / 2; p = twice the smaller tail under p0",
    assumptions: oneSample,
    source: "Clopper and Pearson (1934), Biometrika 26, 404-413",
    references: ["proportion.json (statsmodels)", "proportions/exact-binomial.json (R 4.2)"],
    input: z.strictObject({ sample: proportionShape, nullValue: nullShare, ...claim }),
    example: one,
    compute: ({ sample, ...rest }) => exactProportion({ ...sample, ...rest, method: "central" }),
  }),
  defineStatistic({
    name: "exact-binomial",
    family: "proportions",
    title: "One proportion (exact binomial test)",
    summary: "Whether a share is as stated, exactly, with the interval that agrees with the p-value shown.",
    formula:
      "minimum likelihood: Σ P(k) over P(k) ≤ P(x); Blaker: Σ P(k) over tail(k) ≤ tail(x); central: 2 × smaller tail; mid-p: the same less P(x); interval: all p0 not rejected",
    assumptions: oneSample,
    source: "Blaker (2000), Canadian J. Stat. 28, 783-798; Fay (2010), R Journal 2, 53-58",
    references: ["proportions/exact-binomial.json (R 4.2)", "proportions/exact-hull.json (mpmath)"],
    input: z.strictObject({ sample: proportionShape, nullValue: nullShare, method: exactMethod, ...claim }),
    example: { ...one, method: "blaker" },
    compute: ({ sample, ...rest }) => exactProportion({ ...sample, ...rest }),
  }),
  defineStatistic({
    name: "score-difference",
    family: "proportions",
    title: "Difference of two proportions (Miettinen-Nurminen)",
    summary: "How much larger the treatment's share is than the control's, with test and interval that agree at any margin.",
    formula:
      "z = (p̂T − p̂C − δ) / √((p̃T (1 − p̃T) / nT + p̃C (1 − p̃C) / nC) N / (N − 1)); p̃ of largest likelihood with p̃T − p̃C = δ; interval: all δ with |z| ≤ critical value. Farrington-Manning (Mee) leaves out N / (N − 1)",
    assumptions: twoIndependent,
    source:
      "Miettinen and Nurminen (1985), Stat. Med. 4, 213-226; Mee (1984), Biometrics 40, 1175-1176; Farrington and Manning (1990), Stat. Med. 9, 1447-1454",
    references: ["proportions/score-difference.json (mpmath)"],
    input: z.strictObject({
      ...twoSamples,
      nullDifference,
      variant: z
        .enum(["miettinen-nurminen", "farrington-manning"])
        .default("miettinen-nurminen")
        .describe("With or without the factor N / (N - 1)"),
      ...claim,
    }),
    example: { ...two, nullDifference: 0, variant: "miettinen-nurminen" },
    compute: (input) => scoreDifference(input),
  }),
  defineStatistic({
    name: "newcombe-difference",
    family: "proportions",
    title: "Difference of two proportions (Newcombe)",
    summary: "How much larger the treatment's share is, from the two Wilson intervals put together.",
    formula:
      "d − √((p̂T − lT)² + (uC − p̂C)²) to d + √((uT − p̂T)² + (p̂C − lC)²), l and u Wilson's bounds; p: of the z at which an end reaches δ",
    assumptions: twoIndependent,
    source: "Newcombe (1998), Stat. Med. 17, 873-890, method 10",
    references: ["proportions/two-proportions.json (statsmodels)"],
    input: z.strictObject({ ...twoSamples, nullDifference, ...claim }),
    example: { ...two, nullDifference: 0 },
    compute: (input) => newcombeDifference(input),
  }),
  defineStatistic({
    name: "agresti-caffo-difference",
    family: "proportions",
    title: "Difference of two proportions (Agresti-Caffo)",
    summary: "How much larger the treatment's share is, by Wald after one success and one failure are added to each arm.",
    formula: "Wald's interval and test of (x + 1) / (n + 2) in each arm, cut at −1 and 1",
    assumptions: twoIndependent,
    source: "Agresti and Caffo (2000), Am. Stat. 54, 280-288",
    references: ["proportions/two-proportions.json (statsmodels)"],
    input: z.strictObject({ ...twoSamples, nullDifference, ...claim }),
    example: { ...two, nullDifference: 0 },
    compute: (input) => agrestiCaffo(input),
  }),
  defineStatistic({
    name: "wald-difference",
    family: "proportions",
    title: "Difference of two proportions (Wald)",
    summary:
      "How much larger the treatment's share is, by the textbook's plus-minus; good only for large arms with many successes and failures.",
    formula:
      "d ± (z s + c); s² = p̂T (1 − p̂T) / nT + p̂C (1 − p̂C) / nC, or p̄ (1 − p̄) (1/nT + 1/nC) pooled; c = 0, or corrected the smaller of (1/nT + 1/nC) / 2 and |d − δ|; test (|d − δ| − c) / s",
    assumptions: [...twoIndependent, "at least 10 successes and 10 failures in each arm"],
    source: "Agresti (2013), Categorical Data Analysis, 3rd edition, section 3.1; Yates (1934)",
    references: ["proportions/two-proportions.json (statsmodels, R 4.2)", "proportions/corrected.json (R 4.2)"],
    input: z.strictObject({
      ...twoSamples,
      nullDifference,
      pooled: z.boolean().default(false).describe("One pooled proportion in the standard error, of test and interval alike"),
      continuityCorrection: z.boolean().default(false).describe("Yates' correction, of test and interval alike"),
      ...claim,
    }),
    example: { ...two, nullDifference: 0, pooled: false, continuityCorrection: false },
    compute: (input) => waldDifference(input),
  }),
  defineStatistic({
    name: "fisher-exact",
    family: "proportions",
    title: "2 x 2 table (Fisher's exact test)",
    summary:
      "Whether two shares differ, exactly, given both margins; with the conditional odds ratio and the interval that agrees with the p-value shown.",
    formula:
      "X given the margins is noncentral hypergeometric with odds ratio ψ; p as in the exact binomial test; ψ̂ with E(X) = x; interval: all ψ not rejected",
    assumptions: [...twoIndependent, "inference given the total of successes"],
    source: "Fisher (1935), J. R. Stat. Soc. 98, 39-82; Fay (2010), Biostatistics 11, 373-374",
    references: ["proportions/fisher-exact.json (R 4.2)", "proportions/exact-hull.json (mpmath)"],
    input: z.strictObject({ ...twoSamples, nullRatio, method: exactMethod, ...claim }),
    example: { ...small, nullRatio: 1, method: "minimum-likelihood" },
    compute: (input) => fisherExact(input),
  }),
  defineStatistic({
    name: "barnard-exact",
    family: "proportions",
    title: "Difference of two proportions (Barnard's exact test)",
    summary:
      "Whether two shares differ, exactly, without conditioning on the total of successes; more powerful than Fisher's in small arms.",
    formula: "p = max over p of Σ P(table | p, p + δ) over tables with |z| ≥ |z seen|, z the score statistic; interval: all δ not rejected",
    assumptions: twoIndependent,
    source:
      "Barnard (1945), Nature 156, 177; Agresti and Min (2001), Biometrics 57, 963-971; Chan and Zhang (1999), Biometrics 55, 1202-1209",
    references: ["proportions/unconditional-exact.json (SciPy)"],
    input: z.strictObject({
      ...twoSamples,
      nullDifference,
      ordering: z
        .enum(["score", "unpooled"])
        .default("score")
        .describe("The statistic that orders tables; 'unpooled' (Wald's) has no interval"),
      ...claim,
    }),
    example: { ...small, nullDifference: 0, ordering: "score" },
    compute: (input) => barnardExact(input),
  }),
  defineStatistic({
    name: "boschloo-exact",
    family: "proportions",
    title: "Two proportions (Boschloo's exact test)",
    summary: "Whether two shares differ, by a test that rejects whenever Fisher's exact test does, and more often.",
    formula:
      "p = max over p of Σ P(table | p, p) over tables whose one-sided Fisher p-value is at most the one seen; two-sided: twice the smaller",
    assumptions: twoIndependent,
    source: "Boschloo (1970), Statistica Neerlandica 24, 1-35",
    references: ["proportions/unconditional-exact.json (SciPy)"],
    input: z.strictObject({ ...twoSamples, alternative: claim.alternative }),
    example: { control: small.control, treatment: small.treatment, alternative: "two-sided" },
    compute: (input) => boschlooExact(input),
  }),
  defineStatistic({
    name: "score-risk-ratio",
    family: "proportions",
    title: "Ratio of two proportions (Koopman; Miettinen-Nurminen)",
    summary: "How many times larger the treatment's share is than the control's, with test and interval that agree.",
    formula:
      "z = (p̂T − φ p̂C) / √((p̃T (1 − p̃T) / nT + φ² p̃C (1 − p̃C) / nC) N / (N − 1)); p̃ of largest likelihood with p̃T = φ p̃C; Koopman leaves out N / (N − 1)",
    assumptions: twoIndependent,
    source: "Koopman (1984), Biometrics 40, 513-517; Miettinen and Nurminen (1985), Stat. Med. 4, 213-226",
    references: ["proportions/two-proportions.json (statsmodels)", "proportions/score-ratios.json (mpmath)"],
    input: z.strictObject({
      ...twoSamples,
      nullRatio,
      variant: z.enum(["miettinen-nurminen", "koopman"]).default("miettinen-nurminen").describe("With or without the factor N / (N - 1)"),
      ...claim,
    }),
    example: { ...two, nullRatio: 1, variant: "miettinen-nurminen" },
    compute: (input) => scoreRatio(input),
  }),
  defineStatistic({
    name: "log-risk-ratio",
    family: "proportions",
    title: "Ratio of two proportions (Katz log)",
    summary: "How many times larger the treatment's share is, by the normal distribution of the ratio's logarithm.",
    formula:
      "exp(log(p̂T / p̂C) ± z √(1/xT − 1/nT + 1/xC − 1/nC)); Walter adds 1/2 to every x and n; pooled: √((1 − p̄) / p̄ (1/nT + 1/nC)); correction (1/nT + 1/nC) / (2 p̂C)",
    assumptions: [...twoIndependent, "at least 5 successes in each arm"],
    source: "Katz, Baptista, Azen and Pike (1978), Biometrics 34, 469-474; Walter (1975), Biometrika 62, 371-374",
    references: ["proportions/two-proportions.json (statsmodels)"],
    input: z.strictObject({
      ...twoSamples,
      nullRatio,
      variant: z.enum(["katz", "walter"]).default("katz").describe("As counted, or with 1/2 added"),
      pooled: z.boolean().default(false).describe("One pooled proportion in the standard error, of test and interval alike"),
      continuityCorrection: z.boolean().default(false).describe("Yates' correction, as a share of the control's proportion"),
      ...claim,
    }),
    example: { ...two, nullRatio: 1, variant: "katz", pooled: false, continuityCorrection: false },
    compute: (input) => logRiskRatio(input),
  }),
  defineStatistic({
    name: "score-odds-ratio",
    family: "proportions",
    title: "Odds ratio (score)",
    summary: "How many times larger the treatment's odds are than the control's, with test and interval that agree.",
    formula:
      "z = (xT − nT p̃T) √(1 / (nT p̃T (1 − p̃T)) + 1 / (nC p̃C (1 − p̃C))) √((N − 1) / N); p̃ of largest likelihood with odds ratio ψ; 'plain' leaves out (N − 1) / N",
    assumptions: twoIndependent,
    source: "Miettinen and Nurminen (1985), Stat. Med. 4, 213-226; Cornfield (1956)",
    references: ["proportions/two-proportions.json (statsmodels)", "proportions/score-ratios.json (mpmath)"],
    input: z.strictObject({
      ...twoSamples,
      nullRatio,
      variant: z.enum(["miettinen-nurminen", "plain"]).default("miettinen-nurminen").describe("With or without the factor (N - 1) / N"),
      ...claim,
    }),
    example: { ...two, nullRatio: 1, variant: "miettinen-nurminen" },
    compute: (input) => scoreOddsRatio(input),
  }),
  defineStatistic({
    name: "log-odds-ratio",
    family: "proportions",
    title: "Odds ratio (Woolf, Gart)",
    summary: "How many times larger the treatment's odds are, by the normal distribution of the ratio's logarithm.",
    formula: "exp(log(a d / (b c)) ± z √(1/a + 1/b + 1/c + 1/d)), the four cells of the table; Gart adds 1/2 to each",
    assumptions: [...twoIndependent, "at least 5 units in each cell"],
    source: "Woolf (1955), Ann. Hum. Genet. 19, 251-253; Gart (1966), J. R. Stat. Soc. B 28, 164-179",
    references: ["proportions/two-proportions.json (statsmodels)"],
    input: z.strictObject({
      ...twoSamples,
      nullRatio,
      variant: z.enum(["woolf", "gart"]).default("woolf").describe("As counted, or with 1/2 added to each cell"),
      ...claim,
    }),
    example: { ...two, nullRatio: 1, variant: "woolf" },
    compute: (input) => logOddsRatio(input),
  }),
  ...tableStatistics,
];
