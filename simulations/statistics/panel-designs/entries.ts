/** The table's entries for panels and quasi-experiments. */
import { z } from "zod";
import { seedShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { densityDiscontinuity } from "./density-discontinuity.ts";
import { differenceInDifferences } from "./difference-in-differences.ts";
import { eventStudy } from "./event-study.ts";
import { discontinuityExample, oneStartExample, panelExample, switchbackExample, syntheticControlExample } from "./examples.ts";
import { groupTimeEffects } from "./group-time-effects.ts";
import { regressionDiscontinuity } from "./regression-discontinuity.ts";
import { panelShape, questionShape, scoresShape } from "./shapes.ts";
import { switchback } from "./switchback.ts";
import { syntheticControl } from "./synthetic-control.ts";

const widthShape = z.number().gt(0);
const controlsShape = z
  .enum(["never-treated", "not-yet-treated"])
  .default("never-treated")
  .describe("Who stands for what would have happened: units never treated, or also those treated later");
const parallel = "without treatment the treated would have changed as their controls did";

export const panelDesignStatistics = [
  defineStatistic({
    name: "difference-in-differences",
    family: "panel-designs",
    title: "Difference in differences (two-way fixed effects)",
    summary: "How much more the treated changed than the untreated, in a panel of units over periods.",
    formula:
      "y_ut = a_u + b_t + d D_ut + e_ut; V = G / (G − 1) · (N − 1) / (N − K) · Σ_u (Σ_t D̃_ut e_ut)² / (Σ D̃²)²; D̃ the treatment less its unit and period effects; t with G − 1 degrees",
    assumptions: [
      parallel,
      "the effect is the same in all treated cells, where treatment starts at different times",
      "units are independent",
      "units do not change before treatment because of it",
    ],
    source: "Bertrand, Duflo and Mullainathan (2004), Q. J. Econ. 119, 249-275",
    references: ["panel-designs/difference-in-differences.json (statsmodels)"],
    input: z.strictObject({ panel: panelShape, ...questionShape }),
    example: { panel: oneStartExample() },
    compute: differenceInDifferences,
  }),
  defineStatistic({
    name: "group-time-effects",
    family: "panel-designs",
    title: "Effects of a staggered treatment (Callaway and Sant'Anna)",
    summary: "The average effect on the treated where units start at different times, with its course by time since the start.",
    formula:
      "ATT(g, t) = mean of y_t − y_(g−1) over units that start at g, minus that over controls; averaged by cohort share; standard error √(Σ ψ²) / n of the influence functions ψ",
    assumptions: [parallel, "units are independent", "units do not change before treatment because of it", "treatment, once begun, stays"],
    source: "Callaway and Sant'Anna (2021), J. Econometrics 225, 200-230, equations 2.6 and 3.3 to 3.8, without covariates",
    references: ["panel-designs/group-time-effects.json (csdid)"],
    input: z.strictObject({
      panel: panelShape,
      controls: controlsShape,
      aggregation: z
        .enum(["group", "simple", "event-time"])
        .default("group")
        .describe("Mean over cohorts of each one's mean effect, mean over treated cells, or mean over periods since the start"),
      ...questionShape,
    }),
    example: { panel: panelExample() },
    compute: groupTimeEffects,
  }),
  defineStatistic({
    name: "event-study",
    family: "panel-designs",
    title: "Event study with placebo periods",
    summary: "The effect by time since treatment began; the periods before are placebos, tested together.",
    formula:
      "θ_e = Σ_g share_g ATT(g, g + e), all against period g − 1; mean over e ≥ 0; placebos e ≤ −2: W = θ' V⁻¹ θ, chi-squared with as many degrees as placebos",
    assumptions: [parallel, "units are independent", "units do not change before treatment because of it", "treatment, once begun, stays"],
    source: "Sun and Abraham (2021), J. Econometrics 225, 175-199; Callaway and Sant'Anna (2021), ibid. 200-230",
    references: ["panel-designs/group-time-effects.json (csdid)"],
    input: z.strictObject({ panel: panelShape, controls: controlsShape, ...questionShape }),
    example: { panel: panelExample() },
    compute: eventStudy,
  }),
  defineStatistic({
    name: "synthetic-control",
    family: "panel-designs",
    title: "Synthetic control",
    summary: "One treated unit against the average of others that moved as it did before.",
    formula:
      "w = argmin Σ_before (y_t − Σ w_j y_jt)², w ≥ 0, Σ w = 1; effect = mean gap after; p = share of units with |mean gap after| / √MSPE before at least as large",
    assumptions: [
      "donors are not touched by the treatment",
      "the fit before would have held after",
      "the treated unit could have been any of the units: placebo gaps are exchangeable with its own",
    ],
    source: "Abadie, Diamond and Hainmueller (2010), J. Am. Stat. Assoc. 105, 493-505; Firpo and Possebom (2018), J. Causal Inference 6",
    references: ["panel-designs/synthetic-control.json (NumPy, all supports)"],
    input: z
      .strictObject({
        treated: z.array(z.number()).min(3).max(10_000).describe("The treated unit's outcomes, in the order of time"),
        donors: z
          .array(z.strictObject({ name: z.string().min(1), outcomes: z.array(z.number()) }))
          .min(2)
          .max(1000)
          .describe("Units that are never treated, over the same periods"),
        periodsBefore: z.number().int().min(2).describe("How many of the first periods came before treatment"),
        ...questionShape,
      })
      .refine(
        ({ treated, donors }) => donors.every(({ outcomes }) => outcomes.length === treated.length),
        "every donor needs as many outcomes as the treated unit",
      )
      .refine(({ treated, periodsBefore }) => periodsBefore < treated.length, "at least one period must come after treatment begins"),
    example: syntheticControlExample(),
    compute: syntheticControl,
  }),
  defineStatistic({
    name: "regression-discontinuity",
    family: "panel-designs",
    title: "Regression discontinuity (robust bias-corrected)",
    summary: "What a treatment that is given from a cut-off on does to units right at the cut-off.",
    formula:
      "τ = μ̂₊ − μ̂₋ − bias, local linear with weights 1 − |x − c| / h, bias by local quadratic with b; variance of the corrected weights by 3 nearest neighbours; fuzzy: over the jump of treatment",
    assumptions: [
      "units cannot set their score precisely",
      "without treatment the mean outcome is continuous in the score at the cut-off",
      "nothing else changes at the cut-off",
      "units are independent",
    ],
    source:
      "Calonico, Cattaneo and Titiunik (2014), Econometrica 82, 2295-2326; bandwidth: Calonico, Cattaneo and Farrell (2020), Econometrics Journal 23, 192-210",
    references: ["panel-designs/regression-discontinuity.json (rdrobust)"],
    input: z
      .strictObject({
        scores: scoresShape,
        outcomes: z.array(z.number()).describe("The outcome of each unit"),
        received: z.array(z.number()).optional().describe("Fuzzy design: the treatment that each unit received, 1 or 0 or a dose"),
        cutoff: z.number().describe("Units at or above it are assigned to treatment"),
        roundingStep: z.number().gt(0).optional().describe("The step that scores were rounded to: moves the cut-off half a step down"),
        bandwidths: z
          .strictObject({ estimation: widthShape.describe("h, in the score's unit"), bias: widthShape.describe("b, in the score's unit") })
          .optional()
          .describe("Chosen from the data where absent"),
        ...questionShape,
      })
      .refine(({ scores, outcomes }) => scores.length === outcomes.length, "as many outcomes as scores")
      .refine(
        ({ scores, received }) => received === undefined || received.length === scores.length,
        "as many received treatments as scores",
      ),
    example: discontinuityExample(),
    compute: regressionDiscontinuity,
  }),
  defineStatistic({
    name: "density-discontinuity",
    family: "panel-designs",
    title: "Density at a cut-off (manipulation test)",
    summary: "Whether there are more units just on one side of a cut-off than chance allows.",
    formula:
      "f̂ = slope at c of a local cubic fit to the empirical distribution function, on either side; T = (f̂₊ − f̂₋) / √(V₊ + V₋), jackknife V",
    assumptions: [
      "the score is nearly continuous",
      "without manipulation its density is continuous at the cut-off",
      "units are independent",
    ],
    source: "Cattaneo, Jansson and Ma (2020), J. Am. Stat. Assoc. 115, 1449-1455",
    references: ["panel-designs/density-discontinuity.json (rddensity)"],
    input: z.strictObject({
      scores: scoresShape,
      cutoff: z.number().describe("Units at or above it are assigned to treatment"),
      bandwidths: z
        .strictObject({ below: widthShape, above: widthShape })
        .optional()
        .describe("In the score's unit; chosen from the data where absent"),
      ...questionShape,
    }),
    example: (({ scores, cutoff }) => ({ scores, cutoff }))(discontinuityExample()),
    compute: densityDiscontinuity,
  }),
  defineStatistic({
    name: "switchback",
    family: "panel-designs",
    title: "Switchback (randomisation test)",
    summary: "The effect where time was randomised: a whole market switches between control and treatment.",
    formula:
      "d = mean of treated periods − mean of control periods, wash-out dropped; p = share of the design's assignments with |d| at least as large; interval: effects that the same test does not reject",
    assumptions: [
      "blocks were assigned as the design says",
      "treatment does not act beyond the wash-out",
      "the interval: the effect is the same in every period",
    ],
    source: "Bojinov, Simchi-Levi and Zhao (2023), Management Science 69, 3759-3777; Rosenbaum (2002), Statistical Science 17, 286-327",
    references: ["panel-designs/switchback.json (NumPy, all assignments)"],
    input: z
      .strictObject({
        outcomes: z.array(z.number()).min(2).max(1_000_000).describe("One outcome a period, in the order of time"),
        blocksTreated: z.array(z.boolean()).min(2).max(100_000).describe("Whether each block was treated"),
        blockPeriods: z.number().int().min(1).describe("Periods of a block; the last block may be shorter"),
        washoutPeriods: z.number().int().min(0).default(0).describe("Periods dropped at the start of every block"),
        design: z
          .enum(["complete", "pairs", "independent"])
          .default("independent")
          .describe("How blocks were assigned: a fixed number treated, one of every two in a row, or a fair coin a block"),
        draws: z
          .number()
          .int()
          .min(99)
          .max(100_000)
          .default(9999)
          .describe("All assignments are tried up to this number, else so many are drawn"),
        seed: seedShape,
        ...questionShape,
      })
      .refine(
        ({ outcomes, blocksTreated, blockPeriods }) => Math.ceil(outcomes.length / blockPeriods) === blocksTreated.length,
        "the periods must fill the blocks: as many blocks as periods over block periods, rounded up",
      )
      .refine(
        ({ blocksTreated, design }) =>
          design !== "pairs" || blocksTreated.every((treated, i) => treated !== blocksTreated[i % 2 === 0 ? i + 1 : i - 1]),
        "in a pairs design every two blocks in a row hold one treated and one control block",
      ),
    example: switchbackExample(),
    compute: switchback,
  }),
];
