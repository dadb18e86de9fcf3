/** The table's entries for many comparisons. */
import { z } from "zod";
import { alternativeShape, levelShape, momentsShape, rawShape, sampleShape } from "../input-shapes.ts";
import { fromSummaries } from "../means/sample.ts";
import { defineStatistic } from "../statistic.ts";
import type { Adjustment } from "./adjust-p-values.ts";
import { dunnett } from "./dunnett.ts";
import { adjustFamily, assumptions } from "./family.ts";

/** Whether no two have one name; those without one are told apart by their place. */
function haveOwnNames(all: readonly { readonly name?: string | undefined }[]): boolean {
  const names = all.flatMap((each) => (each.name === undefined ? [] : [each.name]));
  return new Set(names).size === names.length;
}

const eachOnce = "each name once: what is found is told apart by it";
const name = z.string().min(1).max(200).optional().describe("What is compared");
const missing =
  "a p-value in [0, 1] is needed for every comparison: one that could not be computed cannot be left out, because all others depend on how many there are. Compute it, or take the comparison out of the family before looking at the others";
const pValue = z.number({ error: missing }).min(0, missing).max(1, missing).describe("Its p-value");
const comparisons = z
  .array(
    z.union([
      z.strictObject({ name, pValue }),
      z.strictObject({
        name,
        estimate: z.number().describe("Its estimate; 0 is no effect"),
        standardError: z.number().positive().describe("The estimate's standard error"),
        degreesOfFreedom: z.number().positive().optional().describe("Of Student's t; absent: normal"),
      }),
    ]),
  )
  .min(1)
  .max(100_000)
  .refine(haveOwnNames, eachOnce)
  .describe("Each comparison with its p-value, or with estimate and standard error, from which intervals are made too");

const example = {
  comparisons: [
    { name: "late share", estimate: -0.8, standardError: 0.22 },
    { name: "exits", estimate: -0.31, standardError: 0.12 },
    { name: "orders", estimate: 1.9, standardError: 0.95 },
    { name: "refunds", estimate: 0.05, standardError: 0.1 },
  ],
  alternative: "two-sided",
  level: 0.95,
} as const;

interface Words {
  readonly title: string;
  readonly summary: string;
  readonly formula: string;
  readonly source: string;
}

const described: Record<Adjustment, Words> = {
  bonferroni: {
    title: "Bonferroni",
    summary: "Which of several comparisons hold, with the chance of any false one below 1 - level; with simultaneous intervals.",
    formula: "m p, at most 1; intervals at 1 − (1 − level) / m",
    source: "Dunn (1961), J. Am. Stat. Assoc. 56, 52-64",
  },
  sidak: {
    title: "Sidak",
    summary: "As Bonferroni, a little sharper, for independent or positively dependent comparisons.",
    formula: "1 − (1 − p)^m; intervals at level^(1/m)",
    source: "Sidak (1967), J. Am. Stat. Assoc. 62, 626-633",
  },
  holm: {
    title: "Holm",
    summary: "Which of several comparisons hold: never less than Bonferroni finds, under the same assumptions.",
    formula:
      "running maximum of (m − i + 1) p(i) over p(1) ≤ p(2) ≤ ..; intervals of rejected ones end at 0, the others share the whole error",
    source: "Holm (1979), Scand. J. Stat. 6, 65-70; Strassburger and Bretz (2008), Stat. Med. 27, 4914-4927",
  },
  "holm-sidak": {
    title: "Holm-Sidak",
    summary: "As Holm, a little sharper, for independent or positively dependent comparisons.",
    formula: "running maximum of 1 − (1 − p(i))^(m − i + 1)",
    source: "Holland and Copenhaver (1987), Biometrics 43, 417-423",
  },
  hochberg: {
    title: "Hochberg",
    summary: "Which of several comparisons hold: more than Holm finds, for independent or positively dependent comparisons.",
    formula: "running minimum, from the largest, of (m − i + 1) p(i)",
    source: "Hochberg (1988), Biometrika 75, 800-802",
  },
  "hochberg-sidak": {
    title: "Hochberg-Sidak",
    summary: "As Hochberg with Sidak's factors, for independent comparisons.",
    formula: "running minimum, from the largest, of 1 − (1 − p(i))^(m − i + 1)",
    source: "Hochberg (1988), Biometrika 75, 800-802; Sidak (1967)",
  },
  "benjamini-hochberg": {
    title: "Benjamini-Hochberg",
    summary: "Which of many comparisons hold, with the expected share of false ones among them below 1 - level.",
    formula:
      "running minimum, from the largest, of (m / i) p(i); false-coverage intervals of the R rejected at 1 − R (1 − level) / m, which may include 0",
    source: "Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57, 289-300; Benjamini and Yekutieli (2005), J. Am. Stat. Assoc. 100, 71-81",
  },
  "benjamini-yekutieli": {
    title: "Benjamini-Yekutieli",
    summary: "As Benjamini-Hochberg under any dependence, at a price.",
    formula:
      "running minimum, from the largest, of (1 + 1/2 + .. + 1/m) (m / i) p(i); false-coverage intervals of the R rejected at 1 − R (1 − level) / (m (1 + 1/2 + .. + 1/m)), which may include 0",
    source: "Benjamini and Yekutieli (2001), Ann. Stat. 29, 1165-1188; (2005), J. Am. Stat. Assoc. 100, 71-81, theorem 4",
  },
  "fixed-sequence": {
    title: "Fixed sequence",
    summary: "Comparisons in an order fixed beforehand, each at the full level, until one fails.",
    formula:
      "running maximum of p in the order given; intervals of rejected ones end at 0, the first that fails is stated at the full level",
    source: "Maurer, Hothorn and Lehmacher (1995); Strassburger and Bretz (2008), Stat. Med. 27, 4914-4927",
  },
};

/** Those of R's p.adjust, and those whose intervals have reference numbers. */
const inR = new Set<Adjustment>(["bonferroni", "holm", "hochberg", "benjamini-hochberg", "benjamini-yekutieli"]);
const withIntervals = new Set<Adjustment>(["bonferroni", "sidak", "holm", "benjamini-hochberg"]);

const adjustments = Object.entries(described) as [Adjustment, Words][];

export const multiplicityStatistics = [
  ...adjustments.map(([adjustment, words]) =>
    defineStatistic({
      name: adjustment,
      family: "multiplicity",
      ...words,
      assumptions: assumptions[adjustment],
      references: [
        inR.has(adjustment) ? "multiplicity/adjusted.json (R 4.2)" : "multiplicity/sidak.json (statsmodels, NumPy)",
        ...(withIntervals.has(adjustment) ? ["multiplicity/intervals.json (SciPy, statsmodels)"] : []),
      ],
      input: z.strictObject({ comparisons, alternative: alternativeShape, level: levelShape }),
      example: { ...example, comparisons: [...example.comparisons] },
      compute: (input) => adjustFamily(input, adjustment),
    }),
  ),
  defineStatistic({
    name: "dunnett",
    family: "multiplicity",
    title: "Several treatments against one control (Dunnett)",
    summary:
      "Which of several treatments differ from the control in their mean, with simultaneous intervals that use that the control is shared.",
    formula:
      "t = (mean − control mean) / (s √(1/n + 1/nC)), s² pooled over all groups; p = P(max |T| ≥ |t|), T multivariate t with correlations λi λj, λ = √(n / (n + nC))",
    assumptions: ["units are independent", "one variance in all groups", "means are near normal"],
    source: "Dunnett (1955), J. Am. Stat. Assoc. 50, 1096-1121; (1964), Biometrics 20, 482-491",
    references: ["multiplicity/dunnett.json (SciPy, mpmath)", "multiplicity/dunnett-mvtnorm.json (R 4.2, mvtnorm)"],
    input: z.strictObject({
      control: sampleShape,
      treatments: z
        .array(z.union([rawShape.extend({ name }), momentsShape.extend({ name })]))
        .min(1)
        .max(100)
        .refine(haveOwnNames, eachOnce)
        .describe("The treatment groups"),
      alternative: alternativeShape,
      level: levelShape,
    }),
    example: {
      control: { n: 120, mean: 10.2, variance: 9.1 },
      treatments: [
        { name: "A", n: 118, mean: 11.4, variance: 8.7 },
        { name: "B", n: 121, mean: 10.6, variance: 9.9 },
        { name: "C", n: 60, mean: 11.9, variance: 9.4 },
      ],
      alternative: "two-sided",
      level: 0.95,
    },
    compute: ({ control, treatments, ...rest }) =>
      fromSummaries([control, ...treatments], ([own, ...others]) =>
        dunnett({
          control: own,
          treatments: others.map((summary, index) => ({ ...summary, name: treatments[index]?.name })),
          ...rest,
        }),
      ),
  }),
];
