/** `statistic study`: level, power and coverage of a statistic, by simulation on data whose truth is known. */
import { z } from "zod";
import { diagnose, InputRefused, limits, nearestName } from "../../data/foundation/index.ts";
import { loadStatistics } from "../../simulations/statistics/index.ts";
import { defineOperation } from "./operation.ts";
import { statisticNamed } from "./statistic-show.ts";
import { textTable } from "./text-table.ts";

export const statisticStudy = defineOperation({
  name: "statistic study",
  summary: "Simulates data whose truth is known and counts how often a statistic's interval holds it, and how often its test rejects.",
  input: z.strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .describe("A statistic, for all of its studies, or one of them: `bootstrap, bca`")
      .meta({ examples: ["welch-means"] }),
    seeds: z
      .number()
      .int()
      .min(10)
      .max(limits.studySeeds.value)
      .default(2000)
      .describe("Draws of each kind of data; 2,000 can tell 95 % from 93.5 %, 200 cannot"),
    seed: z.number().int().min(0).max(4_294_967_295).default(1).describe("Seed of the draws"),
  }),
  output: z.object({
    study: z.string(),
    seed: z.number(),
    results: z.array(
      z.object({
        study: z.string().describe("The statistic, and which variant of it"),
        world: z.string().describe("The kind of data"),
        holds: z.boolean().describe("Whether the statistic's assumptions hold there"),
        measure: z.enum(["coverage", "level", "power"]),
        nominal: z.number().optional(),
        achieved: z.number(),
        lower: z.number().describe("Lower end of the 99 % interval that so many seeds allow"),
        upper: z.number(),
        seeds: z.number().int(),
        undetermined: z.number().int().describe("Draws without a number"),
      }),
    ),
  }),
  isHeavy: true,
  command: { arguments: ["name"] },
  route: { method: "post", path: "/api/statistics/studies" },
  perform: async ({ name, seeds, seed }) => {
    const { runStudy, studies } = await loadStatistics();
    const exact = studies.find((one) => one.name === name);
    const chosen = exact === undefined ? studies.filter(({ statistic }) => statistic === name) : [exact];
    if (chosen.length === 0) {
      const names = studies.map((one) => one.name);
      const near = nearestName(name, names);
      throw new InputRefused([
        diagnose("unknown-statistic", { message: `no study is called '${name}'`, found: name, expected: names.join(", "), near }),
      ]);
    }
    const found = await Promise.all(
      chosen.map(async (study) => {
        const results = runStudy(study, await statisticNamed(study.statistic), { seeds, seed });
        return results.map((result) => ({ study: study.name, ...result }));
      }),
    );
    return { study: name, seed, results: found.flat() };
  },
  print: ({ results }) =>
    textTable(
      ["study", "data", "assumptions hold", "measure", "nominal", "achieved", "99 % of the simulation", "seeds", "undetermined"],
      results.map(({ study, world, holds, measure, nominal, achieved, lower, upper, seeds, undetermined }) => [
        study,
        world,
        holds ? "yes" : "no",
        measure,
        nominal === undefined ? "" : percent(nominal),
        percent(achieved),
        `${percent(lower)} to ${percent(upper)}`,
        String(seeds),
        String(undetermined),
      ]),
    ),
});

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
