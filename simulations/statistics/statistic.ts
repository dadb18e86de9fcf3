/** An entry of the table of statistics: everything that a command, a route, a page of the calculator and the reference are made from. */
import type { z } from "zod";
import type { Found } from "./finding.ts";

/** The chapters of the table, in the order of the reference. */
export const families = {
  means: "Means, medians and ranks",
  proportions: "Proportions and tables",
  ratios: "Ratios and variance reduction",
  dependence: "Dependent observations",
  resampling: "Resampling",
  decisions: "Decisions and margins",
  sequential: "Looking while it runs",
  "sample-ratio": "Sample ratio",
  multiplicity: "Many comparisons",
  bayesian: "Bayesian",
  distances: "Distances between distributions",
  "partial-labels": "Rates from partial labels",
  planning: "Planning",
  "panel-designs": "Panels and quasi-experiments",
} as const;

export type Family = keyof typeof families;

/** One statistic. */
export interface Statistic<Shape extends z.ZodType = z.ZodType> {
  /** Kebab-case, the field's standard term: `welch-means`. */
  readonly name: string;
  readonly family: Family;
  /** As a heading: `Difference of two means (Welch)`. */
  readonly title: string;
  /** What it answers, in one sentence that a product manager understands. */
  readonly summary: string;
  /** The formula in plain characters; symbols explained where they are not the input's names. */
  readonly formula: string;
  /** What must hold for the level to be the level. */
  readonly assumptions: readonly string[];
  /** Author (year), where; the equation's or section's number when there is one. */
  readonly source: string;
  /** Files of `test/statistics/references` whose numbers it gives, with the program that made them: `means.json (R 4.2)`. */
  readonly references: readonly string[];
  /** The input; every field described with its unit. Strict: an unknown field is an error. */
  readonly input: Shape;
  /** An input that is sound and instructive: the calculator opens with it, the reference shows its result, the tests run it. */
  readonly example: z.input<Shape>;
  readonly compute: (input: z.output<Shape>) => Found;
}

/** Gives the entry back, with its types held together; an estimate that names no assumptions of its own rests on the entry's. */
export function defineStatistic<Shape extends z.ZodType>(statistic: Statistic<Shape>): Statistic<Shape> {
  const { assumptions, compute } = statistic;
  return {
    ...statistic,
    compute: (input) => {
      const found = compute(input);
      if (found.kind === "undetermined" || found.estimate.assumptions.length > 0) return found;
      return { ...found, estimate: { ...found.estimate, assumptions } };
    },
  };
}
