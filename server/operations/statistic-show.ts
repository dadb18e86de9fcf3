/** `statistic show`: one statistic whole: formula, assumptions, source, the form of its input, and an example with its result. */
import { z } from "zod";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { loadStatistics, type Statistic } from "../../simulations/statistics/index.ts";
import { defineOperation } from "./operation.ts";
import { answerShape, answerText, foundJson } from "./statistic-answer.ts";

export const statisticNameShape = z
  .string()
  .min(1)
  .max(100)
  .describe("Name of a statistic, as `statistic list` gives it")
  .meta({ examples: ["wilson-proportion"] });

export const statisticShow = defineOperation({
  name: "statistic show",
  summary: "Shows a statistic: formula, assumptions, source, the form of its input, and an example with its result.",
  input: z.strictObject({ name: statisticNameShape }),
  output: z.object({
    name: z.string(),
    family: z.string(),
    title: z.string(),
    summary: z.string(),
    formula: z.string(),
    assumptions: z.array(z.string()),
    source: z.string(),
    references: z.array(z.string()).describe("Recorded numbers of independent programs that the tests hold it against"),
    input: z.looseObject({}).describe("JSON Schema of the input"),
    example: z.object({ input: z.looseObject({}), answer: answerShape }),
  }),
  isHeavy: true,
  command: { arguments: ["name"] },
  route: { method: "get", path: "/api/statistics/{name}" },
  perform: async ({ name }) => {
    const { family, title, summary, formula, assumptions, source, references, input, example, compute } = await statisticNamed(name);
    const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input", unrepresentable: "any" });
    return {
      name,
      family,
      title,
      summary,
      formula,
      assumptions: [...assumptions],
      source,
      references: [...references],
      input: schema,
      example: { input: example as Record<string, unknown>, answer: foundJson(compute(input.parse(example))) },
    };
  },
  print: ({ name, title, summary, formula, assumptions, source, references, example }) =>
    [
      title,
      summary,
      "",
      `formula: ${formula}`,
      `assumes: ${assumptions.join("; ")}`,
      `source: ${source}`,
      `held against: ${references.join(", ")}`,
      "",
      `For example, with this in input.json, \`counterweight statistic ${name} --input input.json\`:`,
      JSON.stringify(example.input, null, 2),
      "gives",
      answerText(example.answer),
    ].join("\n"),
});

/** @throws InputRefused `unknown-statistic`. */
export async function statisticNamed(name: string): Promise<Statistic> {
  const { findStatistic, statistics } = await loadStatistics();
  const found = findStatistic(name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    statistics.map((statistic) => statistic.name),
  );
  throw new InputRefused([diagnose("unknown-statistic", { message: `no statistic is called '${name}'`, found: name, near })]);
}
