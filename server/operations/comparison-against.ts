/** `comparison against`: two stored comparisons figure by figure, with what they were made with otherwise and who stands otherwise. */
import { z } from "zod";
import { formatDay } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import type { Store } from "../../data/store/index.ts";
import { csvLines, type FigureAgainst, figuresAgainst, reportRows } from "../../views/index.ts";
import { entityName } from "./find-entity.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { changeShape } from "./policy-diff.ts";
import { resolveComparison, resolveDataset } from "./resolve.ts";
import { type ChosenRun, chosenRun, runDifferences } from "./run-differences.ts";
import { runNameShape, runShape } from "./shapes.ts";
import { storedComparison } from "./stored-comparison.ts";
import { rangeOfRun } from "./stored-options.ts";
import { textTable } from "./text-table.ts";

const input = z.strictObject({
  run: runNameShape,
  other: runNameShape.describe("Id of the other run, or its first digits").meta({ examples: ["26e2f752a49e"] }),
  candidate: z.string().min(1).max(100).optional().describe("Version of the candidate; the first by default"),
  otherCandidate: z.string().min(1).max(100).optional().describe("Version of the other run's candidate; the first by default"),
  figures: z.enum(["differing", "all"]).default("differing").describe("Which figures to list"),
  limit: z.number().int().min(0).max(100_000).default(100).describe("Figures to list at most"),
  entities: z.number().int().min(0).max(100_000).default(25).describe("Entities to list at most"),
  format: z.enum(["text", "csv"]).default("text").describe("How to print; csv: the figures"),
});

const sideShape = z.object({
  value: z.number().optional(),
  lower: z.number().optional(),
  upper: z.number().optional(),
  method: z.string(),
});

export const comparisonAgainstShape = z.object({
  first: z.object({ run: runShape, baseline: z.string(), candidate: z.string() }),
  second: z.object({ run: runShape, baseline: z.string(), candidate: z.string() }),
  isComparable: z.boolean().describe("Whether dataset, range and programmes are the same"),
  differences: z.array(
    z.object({
      name: z.string(),
      first: z.string(),
      second: z.string(),
      words: z.string(),
      isIncomparable: z.boolean(),
      changes: z.array(changeShape).describe("Of policies: what changed from the first to the second"),
    }),
  ),
  figures: z.object({
    compared: z.number().int(),
    differ: z.number().int(),
    onlyFirst: z.number().int(),
    onlySecond: z.number().int(),
    sections: z.array(z.object({ section: z.string(), figures: z.number().int(), differ: z.number().int(), apart: z.number().int() })),
    listed: z
      .array(
        z.object({
          section: z.string(),
          figure: z.string(),
          where: z.string(),
          definition: z.string(),
          first: sideShape,
          second: sideShape,
          difference: z.number().optional().describe("Second less first"),
          doOverlap: z.boolean().optional().describe("Whether the two intervals share a value; no test of anything"),
        }),
      )
      .describe("In the order of the report's long table"),
  }),
  entities: z
    .object({
      at: z.string(),
      inFrame: z.number().int(),
      differ: z.number().int(),
      listed: z.array(z.object({ entity: z.string(), first: z.string(), second: z.string() })).describe("The largest GMV first"),
    })
    .optional()
    .describe("Who holds another tier under the two candidates; absent where the datasets differ or the ranges share no period"),
});

/** Two runs side by side. */
export type ComparisonAgainst = z.output<typeof comparisonAgainstShape>;

export const comparisonAgainst = defineOperation({
  name: "comparison against",
  summary:
    "Sets two stored comparisons side by side: what they were made with otherwise, every figure with its difference, and who holds another tier.",
  input,
  output: comparisonAgainstShape,
  isHeavy: true,
  command: { arguments: ["run", "other"], only: ["format"] },
  route: { method: "get", path: "/api/comparisons/{run}/against/{other}" },
  admit: (request, { store }) => {
    chosenPair(store, request);
  },
  perform: async (request, { store }) => {
    const [first, second] = chosenPair(store, request);
    const differences = runDifferences(store, first, second);
    const { figures, ...counts } = figuresAgainst(sideOf(store, first), sideOf(store, second));
    const differing = figures.filter(doDiffer);
    const identity = ({ run, baseline, candidate }: ChosenRun) => ({
      run: { id: run.id, digest: run.digest },
      baseline: baseline.version,
      candidate: candidate.version,
    });
    const entities = await entitiesOf(store, first, second, request.entities);
    return {
      first: identity(first),
      second: identity(second),
      isComparable: differences.every(({ isIncomparable }) => !isIncomparable),
      differences: differences.map((difference) => ({ ...difference, changes: difference.changes.map((change) => ({ ...change })) })),
      figures: {
        compared: figures.length,
        differ: differing.length,
        ...counts,
        sections: sectionsOf(figures),
        listed: [...(request.figures === "all" ? figures : differing)].slice(0, request.limit),
      },
      ...(entities === undefined ? {} : { entities }),
    };
  },
  print: (answer, { format }) => (format === "csv" ? comparisonAgainstCsv(answer).trimEnd() : printAgainst(answer)),
});

/** The listed figures as CSV (RFC 4180). */
export function comparisonAgainstCsv({ figures: { listed }, first, second }: ComparisonAgainst): string {
  const [a, b] = [first.run.id, second.run.id];
  const head = [
    "section",
    "figure",
    "where",
    `value ${a}`,
    `lower ${a}`,
    `upper ${a}`,
    `value ${b}`,
    `lower ${b}`,
    `upper ${b}`,
    "difference",
    "intervals",
    "definition",
  ];
  const cells = ({ value, lower, upper }: (typeof listed)[number]["first"]) => [value ?? "", lower ?? "", upper ?? ""];
  const overlap = { true: "overlap", false: "apart", undefined: "" } as const;
  return csvLines([
    head,
    ...listed.map((row) => {
      const key = [row.section, row.figure, row.where];
      const result = [row.difference ?? "", overlap[`${row.doOverlap}`], row.definition];
      return [...key, ...cells(row.first), ...cells(row.second), ...result];
    }),
  ]);
}

function chosenPair(store: Store, { run, other, candidate, otherCandidate }: z.output<typeof input>): readonly [ChosenRun, ChosenRun] {
  return [chosenRun(resolveComparison(store, run), candidate), chosenRun(resolveComparison(store, other), otherCandidate)];
}

function sideOf(store: Store, { run, baseline, candidate }: ChosenRun) {
  return { rows: reportRows(storedComparison(store, run)), baseline: baseline.version, candidate: candidate.version };
}

/** Values that are not the same number; one that only one of the two could compute differs, too. */
function doDiffer({ first, second, difference }: FigureAgainst): boolean {
  return difference === undefined ? (first.value === undefined) !== (second.value === undefined) : difference !== 0;
}

function sectionsOf(figures: readonly FigureAgainst[]): ComparisonAgainst["figures"]["sections"] {
  const names = [...new Set(figures.map(({ section }) => section))];
  return names.map((section) => {
    const own = figures.filter((figure) => figure.section === section);
    return {
      section,
      figures: own.length,
      differ: own.filter(doDiffer).length,
      apart: own.filter(({ doOverlap }) => doOverlap === false).length,
    };
  });
}

/** At the earlier of both ends. Undefined where the two have no history or no period in common. */
async function entitiesOf(store: Store, first: ChosenRun, second: ChosenRun, limit: number): Promise<ComparisonAgainst["entities"]> {
  if (first.run.datasetId !== second.run.datasetId) return undefined;
  const dataset = resolveDataset(store, first.run.datasetId);
  const ranges = [first, second].map(({ run }) => rangeOfRun(run, dataset.manifest.schema));
  const at = Math.min(...ranges.map(({ to }) => to));
  if (ranges.some(({ from }) => from > at)) return undefined;
  const { moversIn, tiersAt } = await import("../../simulations/comparison/index.ts");
  return await onSoundDataset(dataset, () => {
    const candidates = [first.candidate, second.candidate] as const;
    const held = tiersAt(openPanel(dataset.folder, { recycle: true }), candidates, at);
    const differing = moversIn(held, candidates);
    const tierOf = (policy: number, position: number): string => held.tiers[policy]?.[held.held[policy]?.[position] ?? -1] ?? "";
    return {
      at: formatDay(held.day),
      inFrame: held.entities.length,
      differ: differing.length,
      listed: differing.slice(0, limit).map((position) => ({
        entity: entityName(held.entities[position] ?? ""),
        first: tierOf(0, position),
        second: tierOf(1, position),
      })),
    };
  });
}

function printAgainst({ first, second, isComparable, differences, figures, entities }: ComparisonAgainst): string {
  const name = ({ run, baseline, candidate }: ComparisonAgainst["first"]) => `${run.id} (${candidate} against ${baseline})`;
  const lines = [
    `${name(second)} beside ${name(first)}: ${isComparable ? "on the same history and range" : "NOT on the same history, range and programme"}`,
    ...differences.map((difference) => `${difference.name}: ${difference.first} / ${difference.second}. ${difference.words}`),
    ...(differences.length === 0 ? ["Both were made with the same."] : []),
    `${figures.differ} of ${figures.compared} figures differ; ${figures.onlyFirst} only the first has, ${figures.onlySecond} only the second.`,
    ...(entities === undefined
      ? ["Nobody can be looked up in both: they have no dataset or no period in common."]
      : [`${entities.differ} of ${entities.inFrame} hold another tier under the two candidates, at ${entities.at}.`]),
  ];
  const shown = figures.listed.map(({ section, figure, where, first: a, second: b, difference }) => [
    `${section} ${figure}`,
    where,
    ...[a.value, b.value, difference].map((value) => (value === undefined ? "" : String(value))),
  ]);
  return shown.length === 0
    ? lines.join("\n")
    : [...lines, textTable(["figure", "where", "first", "second", "difference"], shown)].join("\n");
}
