/** The table's entries for tables of counts: independence, pairs, square tables. */
import { z } from "zod";
import { finding } from "../finding.ts";
import { levelShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { independence } from "./contingency-table.ts";
import { newcombePaired } from "./paired-proportions.ts";
import { bonettPriceRatio, pairedRatio, scorePairedRatio } from "./paired-ratio.ts";
import { mcnemar, mcnemarExact, pairsIndependent } from "./paired-tests.ts";
import { claim, nullDifference, nullRatio, pairsWithin, pairTable, squareTableShape, tableShape } from "./shapes.ts";
import { bowker, stuartMaxwell } from "./square-tables.ts";

const pairs = { both: 40, onlySecond: 25, onlyFirst: 10, neither: 125, alternative: "two-sided", level: 0.95 } as const;
const moved = [
  [120, 18, 4],
  [9, 90, 21],
  [2, 8, 60],
];

export const tableStatistics = [
  defineStatistic({
    name: "independence",
    family: "proportions",
    title: "Independence in a table (chi-squared, likelihood ratio)",
    summary: "Whether the rows of a table of counts have the same distribution over its columns, and how strongly they differ.",
    formula:
      "Pearson Σ (O − E)² / E, likelihood ratio 2 Σ O log(O / E), E = row × column / n; (r − 1)(c − 1) degrees of freedom; V = √(statistic / (n (min(r, c) − 1)))",
    assumptions: ["units are independent", "expected counts of at least about 5"],
    source: "Agresti (2013), Categorical Data Analysis, 3rd edition, section 3.2; Smithson (2003), Confidence Intervals, chapter 4",
    references: ["proportions/tables.json (R 4.2, SciPy)"],
    input: z.strictObject({
      table: tableShape,
      statistic: z.enum(["pearson", "likelihood-ratio"]).default("pearson").describe("Which statistic"),
      continuityCorrection: z.boolean().default(false).describe("Yates' correction; of 2 x 2 tables only"),
      level: levelShape,
    }),
    example: { table: moved, statistic: "pearson", continuityCorrection: false, level: 0.95 },
    compute: (input) => independence(input),
  }),
  defineStatistic({
    name: "mcnemar",
    family: "proportions",
    title: "Paired proportions (McNemar, Tango)",
    summary: "How much larger a share became in the same entities, with test and interval that agree at any margin.",
    formula:
      "z = (b − c − n δ) / √(n (2 q̃ + δ (1 − δ))); b yes only second, c only first, q̃ of largest likelihood; at δ = 0 McNemar's (b − c) / √(b + c); corrected: b − c − n δ nearer to 0 by min(1, |b − c − n δ|), of test and interval alike",
    assumptions: pairsIndependent,
    source: "McNemar (1947), Psychometrika 12, 153-157; Edwards (1948), Psychometrika 13, 185-187; Tango (1998), Stat. Med. 17, 891-908",
    references: ["paired-proportions.json (SciPy)", "proportions/tables.json (R 4.2, SciPy)", "proportions/corrected.json (R 4.2)"],
    input: z
      .strictObject({
        ...pairTable,
        nullDifference,
        continuityCorrection: z.boolean().default(false).describe("Edwards' correction, of test and interval alike"),
        ...claim,
      })
      .refine(pairsWithin, "more pairs than doubles count exactly"),
    example: { ...pairs, nullDifference: 0, continuityCorrection: false },
    compute: (input) => mcnemar(input),
  }),
  defineStatistic({
    name: "mcnemar-exact",
    family: "proportions",
    title: "Paired proportions (McNemar exact, mid-p)",
    summary: "Of the entities that changed their answer, what share changed to yes: exactly, against one half.",
    formula:
      "b ~ binomial(b + c, 1/2); p = twice the smaller tail, mid-p less P(b); interval of the share b / (b + c) by the same test; odds ratio b / c",
    assumptions: pairsIndependent,
    source: "Fagerland, Lydersen and Laake (2013), BMC Med. Res. Methodol. 13, 91",
    references: ["proportions/tables.json (R 4.2, SciPy)"],
    input: z
      .strictObject({
        ...pairTable,
        method: z
          .enum(["central", "mid-p"])
          .default("central")
          .describe("Twice the smaller tail, or that with half of the observed outcome"),
        ...claim,
      })
      .refine(pairsWithin, "more pairs than doubles count exactly"),
    example: { ...pairs, method: "mid-p" },
    compute: (input) => mcnemarExact(input),
  }),
  defineStatistic({
    name: "newcombe-paired-difference",
    family: "proportions",
    title: "Paired proportions (Newcombe)",
    summary: "How much larger a share became in the same entities, from two Wilson intervals and their correlation.",
    formula: "d ± √(x² − 2 φ x y + y²), x and y the distances to Wilson's bounds, φ the corrected correlation of the two answers",
    assumptions: pairsIndependent,
    source: "Newcombe (1998), Stat. Med. 17, 2635-2650, method 10",
    references: ["paired-proportions.json (SciPy)"],
    input: z.strictObject({ ...pairTable, level: levelShape }).refine(pairsWithin, "more pairs than doubles count exactly"),
    example: { both: 40, onlySecond: 25, onlyFirst: 10, neither: 125, level: 0.95 },
    compute: (input) => finding({ estimate: newcombePaired({ ...input, assumptions: pairsIndependent }) }),
  }),
  defineStatistic({
    name: "paired-risk-ratio",
    family: "proportions",
    title: "Ratio of paired proportions (Wald log, Bonett-Price)",
    summary: "How many times larger a share became in the same entities.",
    formula:
      "(a + b) / (a + c); a yes both times, b only second, c only first. Wald: log standard error √((b + c) / ((a + b)(a + c))). Bonett-Price: lT / uC to uT / lC, l and u Wilson's bounds of a + b and a + c of m = a + b + c, at z √((b + c + 2) / ((a + b + 1)(a + c + 1))) / (√((c + 1) / ((m + 2)(a + b + 1))) + √((b + 1) / ((m + 2)(a + c + 1))))",
    assumptions: pairsIndependent,
    source: "Lachenbruch and Lynch (1998), Stat. Med. 17, 2207-2217; Bonett and Price (2006), Stat. Med. 25, 3039-3047",
    references: ["proportions/tables.json (R 4.2, SciPy)", "proportions/score-ratios.json (mpmath)"],
    input: z
      .strictObject({
        ...pairTable,
        variant: z
          .enum(["wald-log", "bonett-price"])
          .default("wald-log")
          .describe("By the logarithm's standard error, or from two Wilson intervals, which also tell of counts of 0"),
        level: levelShape,
      })
      .refine(pairsWithin, "more pairs than doubles count exactly"),
    example: { both: 40, onlySecond: 25, onlyFirst: 10, neither: 125, variant: "wald-log", level: 0.95 },
    compute: ({ variant, ...input }) => {
      if (variant === "bonett-price") return finding({ estimate: bonettPriceRatio(input) });
      const { both, onlySecond: secondOnly, onlyFirst: firstOnly, neither, level } = input;
      return finding({ estimate: pairedRatio({ both, firstOnly, secondOnly, trials: both + firstOnly + secondOnly + neither, level }) });
    },
  }),
  defineStatistic({
    name: "score-paired-risk-ratio",
    family: "proportions",
    title: "Ratio of paired proportions (Tang score)",
    summary: "How many times larger a share became in the same entities, with test and interval that agree.",
    formula:
      "z = (a + b − φ (a + c)) / √(m ((1 + φ) t + φ − 1)); a yes both times, b only second, c only first, m = a + b + c, t the share of c in m of largest likelihood: (1 + φ) m t² + ((a + c) φ² − a − b − 2 c) t = c (φ − 1); at φ = 1 McNemar's (b − c) / √(b + c)",
    assumptions: pairsIndependent,
    source: "Nam and Blackwelder (2002), Stat. Med. 21, 689-699; Tang, Tang and Chan (2003), Stat. Med. 22, 1217-1233",
    references: ["proportions/score-ratios.json (mpmath)", "published/printed.json (typed from the papers)"],
    input: z.strictObject({ ...pairTable, nullRatio, ...claim }).refine(pairsWithin, "more pairs than doubles count exactly"),
    example: { ...pairs, nullRatio: 1 },
    compute: (input) => scorePairedRatio(input),
  }),
  defineStatistic({
    name: "stuart-maxwell",
    family: "proportions",
    title: "Equal margins of a square table (Stuart-Maxwell)",
    summary: "Whether as many entities are in each class after as before, when each is classified twice.",
    formula:
      "d' V⁻¹ d, d the net changes of all classes but one, V their covariance: Vii = moved to or from i, Vij = −(nij + nji); below 25 movers exact over all sign flips",
    assumptions: ["one row an entity, at one date each", "entities are independent"],
    source: "Stuart (1955), Biometrika 42, 412-416; Maxwell (1970), Br. J. Psychiatry 116, 651-655",
    references: ["proportions/tables.json (R 4.2, SciPy)"],
    input: z.strictObject({ table: squareTableShape }),
    example: { table: moved },
    compute: (input) => stuartMaxwell(input),
  }),
  defineStatistic({
    name: "bowker",
    family: "proportions",
    title: "Symmetry of a square table (Bowker)",
    summary: "Whether as many entities moved from each class to each other one as moved back.",
    formula:
      "Σ over i < j of (nij − nji)² / (nij + nji), one degree of freedom for each pair with movers; below 25 movers exact over all sign flips",
    assumptions: ["one row an entity, at one date each", "entities are independent"],
    source: "Bowker (1948), J. Am. Stat. Assoc. 43, 572-574",
    references: ["proportions/tables.json (R 4.2, SciPy)"],
    input: z.strictObject({ table: squareTableShape }),
    example: { table: moved },
    compute: (input) => bowker(input),
  }),
];
