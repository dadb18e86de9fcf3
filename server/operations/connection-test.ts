/** `connection test`: whether a connection can run replays, and how what is wrong with it is mended. */
import { z } from "zod";
import { InputRefused } from "../../data/foundation/index.ts";
import { type FitnessCheck, fitnessChecks, fitnessTitles } from "./connection-fitness.ts";
import { connectionJson, connectionNameShape, connectionShape } from "./connection-shape.ts";
import { describedConnection, readConnection } from "./connections.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape, diagnosticJson, diagnosticShape } from "./shapes.ts";

const checkShape = z.object({
  title: z.string(),
  state: z.enum(["met", "unmet", "unasked"]).describe("unasked: an earlier one is not met"),
  finding: z.string().optional(),
  diagnostics: z.array(diagnosticShape).optional(),
});

/** The answer, for the page. */
export const connectionTestShape = z.object({
  connection: connectionShape,
  isFit: z.boolean(),
  checks: z.array(checkShape),
});

export type ConnectionTest = z.output<typeof connectionTestShape>;

export const connectionTest = defineOperation({
  name: "connection test",
  summary: "Tries a connection: whether its engine answers, lets its user in, has the tables, and lets the user read only.",
  input: z.strictObject({
    connection: connectionNameShape,
    dataset: datasetNameShape.optional().describe("The dataset whose tables must be there; any by default"),
  }),
  output: connectionTestShape,
  command: { arguments: ["connection"] },
  route: { method: "post", path: "/api/connections/{connection}/test" },
  perform: async ({ connection: name, dataset }, { store }) => {
    const found = dataset === undefined ? undefined : resolveDataset(store, dataset);
    const wanted = found === undefined ? undefined : { digest: found.digest, schema: found.manifest.schema };
    const described = describedConnection(store.home, name);
    const checks = await askAll(() => fitnessChecks(readConnection(store.home, name, ["counterweight", "test"]), wanted));
    return { connection: connectionJson(described), isFit: checks.every(({ state }) => state === "met"), checks };
  },
  print: ({ connection, isFit, checks }) =>
    [
      ...checks.flatMap(({ title, state, finding, diagnostics = [] }) => [
        `${marks[state]} ${title}${finding === undefined ? "" : `: ${finding}`}`,
        ...diagnostics.map((each) => `    ${placed(each)}${each.code}: ${each.message}. ${each.cure}`),
      ]),
      isFit ? `'${connection.name}' is fit for replays.` : `'${connection.name}' is not fit for replays.`,
    ].join("\n"),
  exitCode: ({ isFit }) => (isFit ? 0 : 1),
});

function placed({ file, line, column }: Pick<z.output<typeof diagnosticShape>, "file" | "line" | "column">): string {
  return file === undefined ? "" : `${file}:${line}:${column} `;
}

const marks = { met: "ok  ", unmet: "no  ", unasked: "-   " } as const;

type Check = z.output<typeof checkShape>;

/** From the first that is not met on none is asked. */
async function askAll(read: () => readonly FitnessCheck[]): Promise<Check[]> {
  const answers: Check[] = [];
  let checks: readonly FitnessCheck[] = [];
  for (const [index, title] of ["Its password is where it says", ...fitnessTitles].entries()) {
    if (answers.some(({ state }) => state === "unmet")) {
      answers.push({ title, state: "unasked" });
      continue;
    }
    try {
      if (index === 0) checks = read();
      const finding = await checks[index - 1]?.();
      answers.push({ title, state: "met", ...(finding === undefined ? {} : { finding }) });
    } catch (error) {
      if (!(error instanceof InputRefused)) throw error;
      answers.push({ title, state: "unmet", diagnostics: error.diagnostics.map(diagnosticJson) });
    }
  }
  return answers;
}
