/** The table's entries for proportions. */
import { z } from "zod";
import { finding } from "../finding.ts";
import { levelShape, proportionShape } from "../input-shapes.ts";
import { defineStatistic } from "../statistic.ts";
import { wilson } from "./proportion.ts";

export const proportionStatistics = [
  defineStatistic({
    name: "wilson-proportion",
    family: "proportions",
    title: "One proportion (Wilson)",
    summary: "How large a share is, with the interval of the score test.",
    formula: "(x + z²/2 ± z √(x (n − x) / n + z²/4)) / (n + z²); x successes of n trials, z the normal quantile of (1 + level) / 2",
    assumptions: ["units are drawn independently", "each with the same probability"],
    source: "Wilson (1927), J. Am. Stat. Assoc. 22, 209-212",
    references: ["proportion.json (statsmodels)"],
    input: z.strictObject({ sample: proportionShape, level: levelShape }),
    example: { sample: { successes: 41, trials: 1000 }, level: 0.95 },
    compute: ({ sample, level }) => finding({ estimate: wilson({ ...sample, level }) }),
  }),
];
