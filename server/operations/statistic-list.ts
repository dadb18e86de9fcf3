/** `statistic list`: every statistic of the table, by family. */
import { z } from "zod";
import { loadStatistics } from "../../simulations/statistics/index.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

export const statisticList = defineOperation({
  name: "statistic list",
  summary: "Lists every statistic: what it answers, by family, with its source.",
  input: z.strictObject({}),
  output: z.object({
    statistics: z.array(
      z.object({
        name: z.string(),
        family: z.string(),
        title: z.string(),
        summary: z.string(),
        source: z.string(),
      }),
    ),
  }),
  command: { arguments: [] },
  route: { method: "get", path: "/api/statistics" },
  perform: async () => {
    const { statistics } = await loadStatistics();
    return { statistics: statistics.map(({ name, family, title, summary, source }) => ({ name, family, title, summary, source })) };
  },
  print: ({ statistics }) =>
    textTable(
      ["name", "what it answers"],
      statistics.map(({ name, summary }) => [name, summary]),
    ),
});
