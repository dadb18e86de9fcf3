/** The table's entries for experiments that are looked at while they run, with group-sequential boundaries. */
import { z } from "zod";
import { alternativeShape, countShape, levelShape, numberShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { alwaysValidStatistics } from "./always-valid-entries.ts";
import { smallestGain } from "./boundaries.ts";
import { groupSequentialDesign } from "./design-finding.ts";
import { groupSequentialLook, groupSequentialResult } from "./group-sequential.ts";

const spendingShapes = [
  z.strictObject({ kind: z.literal("obrien-fleming") }),
  z.strictObject({ kind: z.literal("pocock") }),
  z.strictObject({ kind: z.literal("power"), rho: z.number().gt(0).max(50).describe("Exponent: 1 like Pocock, 3 like O'Brien-Fleming") }),
  z.strictObject({
    kind: z.literal("hwang-shih-decani"),
    gamma: z.number().min(-40).max(40).describe("1 like Pocock, -4 like O'Brien-Fleming"),
  }),
] as const;
const spendingShape = z.discriminatedUnion("kind", spendingShapes).describe("How the error is spent as information grows (Lan-DeMets)");

const rising = (values: readonly number[]): boolean => values.every((value, k) => value - (values[k - 1] ?? 0) >= smallestGain * value);

const designShape = z
  .strictObject({
    information: z
      .array(z.number().gt(0))
      .min(1)
      .max(50)
      .refine(
        (values) => values.every((value) => value >= 1e-9 * (values.at(-1) ?? 0)),
        "a look holds at least 1e-9 of the information of the last",
      )
      .refine(rising, "looks must rise, each by at least 0.5 % of its information")
      .describe("Information at the looks, in any unit, such as units enrolled; the last is the maximum"),
    level: levelShape,
    sides: z
      .union([z.literal(1), z.literal(2)])
      .default(2)
      .describe("1: only an improvement stops it; 2: harm as well"),
    form: z
      .discriminatedUnion("kind", [
        ...spendingShapes,
        z.strictObject({
          kind: z.literal("wang-tsiatis"),
          shape: z.number().min(-0.5).max(0.5).describe("0: O'Brien-Fleming, 0.5: Pocock"),
        }),
      ])
      .describe("A spending function, or boundaries of a fixed form"),
    futility: z
      .strictObject({
        beta: z.number().gt(0).lt(0.9).describe("Error of stopping although the planned effect is there"),
        spending: spendingShape,
      })
      .optional()
      .describe("Non-binding futility boundaries; one-sided designs only"),
    power: z.number().gt(0).lt(1).default(0.8).describe("Power that the figures are for"),
  })
  .refine(({ futility, sides }) => futility === undefined || sides === 1, "futility boundaries belong to one-sided designs")
  .refine(({ level, power }) => power > 1 - level, "the power must be above 1 - level")
  .refine(
    ({ futility, power, level }) => futility === undefined || (power < 1 - futility.beta / 50 && futility.beta < level),
    "beta must be below the level, and the power within reach",
  );

const looksShape = z
  .array(
    z.strictObject({
      estimate: numberShape.describe("The effect as estimated at the look"),
      standardError: z.number().min(0).describe("Its standard error"),
      n: countShape.describe("Units at the look"),
    }),
  )
  .min(1)
  .max(50)
  .describe("The looks so far, oldest first");

const courseShape = z.strictObject({
  looks: looksShape,
  maximumInformation: z.number().gt(0).describe("Planned 1 / squared standard error at the end"),
  final: z.boolean().default(false).describe("Whether the last look is the final one, whatever its information"),
  spending: spendingShape,
  level: levelShape,
  alternative: alternativeShape,
  nullValue: numberShape.default(0).describe("The effect under the null hypothesis, such as a margin"),
});

const exampleCourse = {
  looks: [
    { estimate: 0.8, standardError: 0.5, n: 400 },
    { estimate: 0.95, standardError: 0.36, n: 800 },
    { estimate: 0.86, standardError: 0.29, n: 1200 },
  ],
  maximumInformation: 16,
  final: false,
  spending: { kind: "obrien-fleming" as const },
};

const increments = "the estimate is approximately normal at every look, with independent increments of information";

export const sequentialStatistics = [
  defineStatistic({
    name: "group-sequential-design",
    family: "sequential",
    title: "Group-sequential design",
    summary: "Where to stop at each planned look so that looking costs no extra false alarms, and what the looks cost in size.",
    formula:
      "P(z_1 < b_1, .., z_(k-1) < b_(k-1), z_k >= b_k) = f(t_k) - f(t_(k-1)), f the spending function of the information share t; inflation = (drift / (z_(1 - alpha/sides) + z_power))^2",
    assumptions: [increments, "the times of the looks do not depend on the estimates"],
    source: "Jennison and Turnbull (2000), Group Sequential Methods, chapters 2, 7 and 19; Lan and DeMets (1983), Biometrika 70, 659-663",
    references: ["sequential/boundaries.json (mpmath, rpact)", "sequential/power.json (rpact)"],
    input: designShape,
    example: { information: [1, 2, 3, 4, 5], level: 0.95, sides: 2, form: { kind: "obrien-fleming" }, power: 0.8 },
    compute: ({ level, power, information, sides, form, futility }) =>
      groupSequentialDesign({ information, sides, form, alpha: 1 - level, ...(futility === undefined ? {} : { futility }) }, power),
  }),
  defineStatistic({
    name: "group-sequential-look",
    family: "sequential",
    title: "A look at a running experiment (repeated confidence interval)",
    summary: "What may be said at this look, whether or not the experiment goes on.",
    formula: "estimate ± b_k SE_k, b_k the boundary of this look; p the smallest alpha whose boundary is crossed here",
    assumptions: [increments, "the times of the looks do not depend on the estimates"],
    source: "Jennison and Turnbull (2000), Group Sequential Methods, chapter 9",
    references: ["sequential/looks.json (rpact)"],
    input: courseShape,
    example: exampleCourse,
    compute: groupSequentialLook,
  }),
  defineStatistic({
    name: "group-sequential-result",
    family: "sequential",
    title: "The result of a stopped group-sequential experiment",
    summary: "Effect, interval and p-value that take into account that the experiment could have stopped earlier.",
    formula:
      "P_theta(result at or above the observed one) = 1/2 for the estimate, alpha/2 and 1 - alpha/2 for the bounds; results ordered by stage, then z",
    assumptions: [increments, "the times of the looks do not depend on the estimates"],
    source: "Tsiatis, Rosner and Mehta (1984), Biometrics 40, 797-803; Jennison and Turnbull (2000), section 8.4",
    references: ["sequential/results.json (rpact, mpmath)"],
    input: courseShape,
    example: exampleCourse,
    compute: groupSequentialResult,
  }),
  ...alwaysValidStatistics,
];
