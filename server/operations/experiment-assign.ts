/** `experiment assign`: which unit is in which arm of a randomised test, by the rule of its design, or by a salt and weights alone. */
import { z } from "zod";
import { diagnose, digestOfValue, InputRefused, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelChunk } from "../../data/panel/index.ts";
import {
  type AssignmentRule,
  armOf,
  assignmentDigest,
  bucketOf,
  type ExperimentDesign,
  ruleOf,
  setAsideReasons,
} from "../../simulations/experiments/index.ts";
import { type DealtUnits, dealUnits } from "./deal-units.ts";
import { openExperiment, type RowFault, readTexts, type TextFile, textFileShape } from "./experiment-files.ts";
import type { FrameFile } from "./frame-file.ts";
import { framePath } from "./frame-path.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation, type OperationContext } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { datasetNameShape } from "./shapes.ts";
import { columnsToDeal, type UnitsToDeal, unitsOfDataset } from "./units-to-deal.ts";

export const experimentAssign = defineOperation({
  name: "experiment assign",
  summary:
    "Deals units to the arms of a randomised test: by the rule of an experiment's design (a balanced list is dealt at once, and kept), or by a salt and weights alone. The same rule and unit give the same arm everywhere.",
  input: z.strictObject({
    dataset: datasetNameShape.optional().describe("Whose entities are dealt"),
    experiment: z.string().min(1).max(64).optional().describe("Name of the experiment whose rule deals; in place of 'salt' and 'arms'"),
    units: textFileShape("sent-units.csv")
      .optional()
      .describe("In place of a dataset: CSV or Parquet with the design's unit column, and the columns that its assignment names"),
    salt: z.string().min(1).max(200).optional().describe("The experiment's own text; another salt deals anew"),
    arms: z
      .array(z.string().max(200))
      .min(2)
      .max(20)
      .default(["baseline=1", "candidate=1"])
      .describe("`name=weight` of each arm, in order; weights are relative"),
    out: z.string().min(1).optional().describe("File for the units and their arms: .csv, .parquet or .arrow"),
  }),
  output: z.object({
    experiment: z.object({
      name: z.string().optional(),
      salt: z.string(),
      algorithm: z.string(),
      digest: z.string().describe("Identity of the rule"),
    }),
    dataset: z.object({ id: z.string(), digest: z.string() }).optional(),
    arms: z.array(z.object({ name: z.string(), weight: z.number(), entities: z.number().int() })),
    setAside: z.record(z.string(), z.number().int()).describe("Units in no analysis, by reason"),
    list: z
      .object({
        added: z.number().int(),
        deals: z.number().int(),
        distance: z.number(),
        accepted: z.number(),
      })
      .optional()
      .describe("Of a balanced list: new units, deals that were tried, how far apart the arms' covariates are, and how far they may be"),
  }),
  isHeavy: true,
  command: { arguments: [], only: ["out"], flags: { arms: "--arm" } },
  route: { method: "post", path: "/api/experiments/assignments" },
  admit: ({ out, salt, experiment, dataset, units, arms }) => {
    if (out !== undefined) framePath(out);
    if ((salt === undefined) === (experiment === undefined))
      throw refuse("units are dealt by the rule of an experiment, or by a salt", "Give one of --experiment NAME and --salt TEXT.");
    if ((dataset === undefined) === (units === undefined))
      throw refuse("the units come from a dataset or from a file", "Give one of --dataset NAME and --units FILE.");
    if (units !== undefined && experiment === undefined)
      throw refuse("a file of units is dealt by an experiment", "Give --experiment NAME.");
    if (experiment === undefined) readArms(arms);
  },
  perform: async ({ dataset, experiment, units, salt, arms, out }, context) => {
    if (experiment !== undefined)
      return await dealByDesign(openExperiment(context.store, experiment).design, { dataset, units, out }, context);
    const rule: AssignmentRule = { algorithm: "sha256-1", salt: present(salt, "a salt"), arms: readArms(arms) };
    const record = resolveDataset(context.store, present(dataset, "a dataset"));
    const entities = await onSoundDataset(record, () => deal(openPanel(record.folder), rule, out));
    return {
      experiment: { salt: rule.salt, algorithm: rule.algorithm, digest: assignmentDigest(rule) },
      dataset: { id: record.id, digest: record.digest },
      arms: rule.arms.map((arm, index) => ({ ...arm, entities: entities[index] ?? 0 })),
      setAside: {},
    };
  },
  print: ({ experiment, arms, setAside, list }) =>
    [
      `Experiment ${experiment.name ?? experiment.salt}, rule ${experiment.digest.slice(0, 12)}`,
      ...arms.map((arm) => `${arm.name}: ${arm.entities}`),
      ...Object.entries(setAside).map(([reason, count]) => `in no analysis, ${reason}: ${count}`),
      ...(list === undefined || list.added === 0
        ? []
        : [
            `${list.added} new units dealt at once, deal ${list.deals}; the arms are ${Number(list.distance.toPrecision(3))} apart, at most ${Number(list.accepted.toPrecision(3))} was asked for`,
          ]),
    ].join("\n"),
});

interface Sources {
  readonly dataset: string | undefined;
  readonly units: TextFile | undefined;
  readonly out: string | undefined;
}

async function dealByDesign(design: ExperimentDesign, { dataset, units, out }: Sources, context: OperationContext) {
  if (design.assignment.kind === "recorded")
    throw refuse(`the arms of '${design.name}' are recorded, not dealt`, "Give the design a salt, or observe with the recorded arms.");
  const record = dataset === undefined ? undefined : resolveDataset(context.store, dataset);
  const told =
    record === undefined ? await unitsOfFile(design, present(units, "units"), context) : await unitsOfDataset(design, record, context);
  const dealt = dealUnits(context.store, design, told);
  if (out !== undefined) await writeDealt(design, dealt, out);
  const counts = design.arms.map(() => 0);
  for (const [index, arm] of dealt.arms.entries()) if (dealt.reasons[index] === -1) counts[arm] = (counts[arm] ?? 0) + 1;
  const rule = ruleOf(design);
  return {
    experiment: {
      name: design.name,
      salt: rule.salt,
      algorithm: rule.algorithm,
      digest: digestOfValue({ arms: design.arms.map(({ name, share }) => ({ name, share })), rule }),
    },
    ...(record === undefined ? {} : { dataset: { id: record.id, digest: record.digest } }),
    arms: design.arms.map(({ name, share }, index) => ({ name, weight: share, entities: counts[index] ?? 0 })),
    setAside: { ...dealt.setAside },
    ...(dealt.list === undefined ? {} : { list: { ...dealt.list } }),
  };
}

/** @throws InputRefused `bad-observations` for units that stand twice, and for numbers that are none. */
async function unitsOfFile(design: ExperimentDesign, source: TextFile, context: OperationContext): Promise<UnitsToDeal> {
  const wanted = columnsToDeal(design);
  const read = [design.columns.unit, ...wanted.texts, ...wanted.numbers];
  const [units = [], ...rest] = await readTexts(source, read, context, {
    faultOf: ([keys = [], ...others]) => faultOfUnits(keys, { names: wanted.numbers, columns: others.slice(wanted.texts.length) }),
  });
  return {
    units,
    texts: new Map(wanted.texts.map((name, place) => [name, (rest[place] ?? []).map((text) => (text === "" ? "unknown" : text))])),
    numbers: new Map(
      wanted.numbers.map((name, place) => [
        name,
        Float64Array.from(rest[wanted.texts.length + place] ?? [], (text) => (text === "" ? Number.NaN : Number(text))),
      ]),
    ),
  };
}

/** The first unit without a key, that stands twice, or whose numbers are none. */
function faultOfUnits(
  units: readonly string[],
  numbers: { readonly names: readonly string[]; readonly columns: readonly (readonly string[])[] },
): RowFault | undefined {
  const seen = new Set<string>();
  for (const [row, unit] of units.entries()) {
    if (unit === "") return { row, message: "the unit is empty", cure: "Give every unit its key." };
    if (seen.has(unit)) return { row, message: `the unit '${unit.slice(0, 60)}' stands twice`, cure: "Give every unit one row." };
    seen.add(unit);
    for (const [place, name] of numbers.names.entries()) {
      const text = numbers.columns[place]?.[row] ?? "";
      if (text !== "" && !Number.isFinite(Number(text)))
        return { row, message: `${name} is no number: '${text.slice(0, 40)}'`, cure: "Write a plain number, or nothing." };
    }
  }
  return undefined;
}

async function writeDealt({ arms }: ExperimentDesign, { units, arms: codes, reasons }: DealtUnits, out: string): Promise<void> {
  const file = (await import("./frame-file.ts")).beginFrameFile(out);
  try {
    file.write({
      rowCount: units.length,
      columns: [
        { name: "unit", kind: "text", codes: Int32Array.from(units, (_, position) => position), values: units },
        { name: "arm", kind: "text", codes, values: arms.map(({ name }) => name) },
        { name: "set_aside", kind: "text", codes: reasons, values: setAsideReasons },
      ],
    });
    await file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** Entities by arm; the list goes to the file when one is asked for. */
async function deal(panel: ReturnType<typeof openPanel>, rule: AssignmentRule, out: string | undefined): Promise<readonly number[]> {
  const counts = rule.arms.map(() => 0);
  // Loaded when it is needed: it brings DuckDB with it.
  const file = out === undefined ? undefined : (await import("./frame-file.ts")).beginFrameFile(out);
  try {
    for (let index = 0; index < panel.chunkCount; index++) {
      const chunk = panel.readChunk(index);
      const codes = Int32Array.from(chunk.entities, (entity) => armOf(rule, entity));
      for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
      file?.write(assignmentTable(chunk, codes, rule));
    }
    await file?.finish();
  } catch (error) {
    file?.abandon();
    throw error;
  }
  return counts;
}

function assignmentTable({ entities }: PanelChunk, codes: Int32Array, rule: AssignmentRule): Parameters<FrameFile["write"]>[0] {
  return {
    rowCount: entities.length,
    columns: [
      { name: "entity", kind: "text", codes: Int32Array.from(entities, (_, position) => position), values: entities },
      { name: "bucket", kind: "integer", integers: Int32Array.from(entities, (entity) => bucketOf(rule.salt, entity)) },
      { name: "arm", kind: "text", codes, values: rule.arms.map(({ name }) => name) },
    ],
  };
}

function readArms(texts: readonly string[]): readonly { readonly name: string; readonly weight: number }[] {
  const arms = texts.map(readArm);
  if (new Set(arms.map(({ name }) => name)).size < arms.length || arms.every(({ weight }) => weight === 0)) throw badArms(texts.join(", "));
  return arms;
}

function readArm(text: string): { readonly name: string; readonly weight: number } {
  const match = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) throw badArms(text);
  return { name: match[1] ?? "", weight: Number(match[2]) };
}

function refuse(message: string, cure: string): InputRefused {
  return new InputRefused([diagnose("bad-request", { message, cure })]);
}

function badArms(found: string): InputRefused {
  const message = "arms are given as name=weight, each name once, and one weight above 0";
  return new InputRefused([diagnose("bad-request", { message, found, cure: "For example --arm baseline=50 --arm candidate=50." })]);
}
