/** Units that are to be dealt to arms, with what the rule of a design needs to know of them: from a dataset, or from a file. */
import { diagnose, InputRefused, nearestName, type PeriodIndex, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { findMeasure, openPanel, type Panel, type PanelChunk } from "../../data/panel/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { tierNames } from "../../policies/language/index.ts";
import { dealtThing, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import type { OperationContext } from "./operation.ts";
import { requireFit, resolvePolicy } from "./resolve.ts";

/** Periods before the experiment over which a flow is summed. */
const historyPeriods = 8;
/** What a column of strata is called that means the tier held under the control's policy. */
const tierColumn = "tier";
const unknown = "unknown";

/** Units, and by column of the design their texts and numbers (NaN where unknown). */
export interface UnitsToDeal {
  readonly units: readonly string[];
  readonly texts: ReadonlyMap<string, readonly string[]>;
  readonly numbers: ReadonlyMap<string, Float64Array>;
}

/** The columns that a rule reads of every unit. */
export function columnsToDeal(design: ExperimentDesign): { readonly texts: readonly string[]; readonly numbers: readonly string[] } {
  const deals = dealtThing(design);
  if (deals.kind === "cluster") return { texts: [deals.column], numbers: [] };
  return deals.kind === "list" ? { texts: deals.strata, numbers: deals.balance } : { texts: [], numbers: [] };
}

/**
 * The entities of a dataset that are there in the last period before the design's first day, or of the panel where it states none. Texts are attributes as
 * they are then (and `tier`, held under the control's policy); numbers are levels then, and flows summed over the last 8 periods; `<measure>_before` means
 * the measure. @throws InputRefused `bad-request` for columns that the dataset has not.
 */
export async function unitsOfDataset(design: ExperimentDesign, dataset: DatasetRecord, context: OperationContext): Promise<UnitsToDeal> {
  return await onSoundDataset(dataset, async () => {
    const panel = openPanel(dataset.folder);
    const { schema } = panel;
    const final = schema.completeTo ?? schema.lastPeriod;
    const start = design.start === undefined ? undefined : periodOf(schema.grain, present(parseDay(design.start), "a checked day"));
    const at = Math.min(start === undefined ? final : start - 1, final);
    if (at < schema.firstPeriod) {
      throw new InputRefused([
        diagnose("period-outside", { message: `${dataset.id} holds nothing before ${design.start ?? ""}`, found: design.start ?? "" }),
      ]);
    }
    return gather(panel, at, design, context);
  });
}

function gather(panel: Panel, at: PeriodIndex, design: ExperimentDesign, context: OperationContext): UnitsToDeal {
  const { schema } = panel;
  const wanted = columnsToDeal(design);
  const readers = {
    texts: wanted.texts.map((name) => textsAt(panel, name, at, design, context)),
    numbers: wanted.numbers.map((name) => numberReader(panel, name)),
  };
  const units: string[] = [];
  const texts = wanted.texts.map((): string[] => []);
  const numbers = wanted.numbers.map((): number[] => []);
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    for (let entity = 0; entity < chunk.entityCount; entity++) {
      const row = rowAt(chunk, entity, at);
      if (row === undefined) continue;
      units.push(chunk.entities[entity] as string);
      for (const [place, known] of readers.texts.entries())
        present(texts[place], "texts").push(known.get(chunk.entities[entity] as string) ?? unknown);
      for (const [place, read] of readers.numbers.entries()) present(numbers[place], "numbers").push(read(chunk, entity, row));
    }
  }
  if (units.length === 0)
    throw new InputRefused([diagnose("bad-request", { message: `no ${schema.entity} is there before the experiment` })]);
  return {
    units,
    texts: new Map(wanted.texts.map((name, place) => [name, present(texts[place], name)])),
    numbers: new Map(wanted.numbers.map((name, place) => [name, Float64Array.from(present(numbers[place], name))])),
  };
}

/** By entity an attribute as it is then, or the tier that the control's policy holds it in. */
function textsAt(
  panel: Panel,
  name: string,
  at: PeriodIndex,
  design: ExperimentDesign,
  context: OperationContext,
): ReadonlyMap<string, string> {
  const policyName = design.arms[0]?.policy;
  const isAttribute = panel.schema.attributes.some((attribute) => attribute.name === name);
  if (isAttribute || name !== tierColumn || policyName === undefined)
    return attributeBefore(panel, name, at, policyName === undefined ? [] : [tierColumn]);
  const resolved = resolvePolicy(policyName, context);
  requireFit(resolved, panel.schema);
  const names = tierNames(resolved.policy);
  const held = new Map<string, string>();
  replay({
    policies: [resolved.policy],
    panel,
    to: at,
    visit: (chunk, [frame]) => {
      for (const [entity, key] of chunk.entities.entries()) {
        const row = rowAt(chunk, entity, at);
        if (row !== undefined) held.set(key, names[frame?.held[row] ?? -1] ?? unknown);
      }
    },
  });
  return held;
}

/** The row of an entity in a period; undefined where it has none. */
function rowAt({ rowStart, firstPeriod }: PanelChunk, entity: number, at: PeriodIndex): number | undefined {
  const begin = rowStart[entity] as number;
  const row = begin + at - (firstPeriod[entity] as number);
  return row < begin || row >= (rowStart[entity + 1] as number) ? undefined : row;
}

function numberReader({ schema }: Panel, name: string): (chunk: PanelChunk, entity: number, row: number) => number {
  const found = findMeasure(schema, name) ?? findMeasure(schema, name.replace(/_before$/, ""));
  if (found === undefined) {
    throw noColumn(
      name,
      schema.measures.map((measure) => measure.name),
    );
  }
  const { index, measure } = found;
  return (chunk, entity, row) => {
    const column = chunk.measures[index] as Float64Array;
    if (measure.kind === "level") return column[row] as number;
    let sum = 0;
    for (let at = Math.max(row - historyPeriods + 1, chunk.rowStart[entity] as number); at <= row; at++) sum += column[at] as number;
    return sum;
  };
}

/** By entity the value of a text attribute in a period, or in the one of its own that is nearest. `others`: what else the name could have been. */
export function attributeBefore(panel: Panel, name: string, at: PeriodIndex, others: readonly string[] = []): ReadonlyMap<string, string> {
  const { attributes } = panel.schema;
  const position = attributes.findIndex((attribute) => attribute.name === name && attribute.type === "text");
  const attribute = attributes[position];
  if (attribute === undefined) {
    const texts = attributes.filter(({ type }) => type === "text").map((one) => one.name);
    throw noColumn(name, [...texts, ...others]);
  }
  const found = new Map<string, string>();
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    for (const [entity, key] of chunk.entities.entries()) {
      const [begin, end] = [chunk.rowStart[entity] as number, chunk.rowStart[entity + 1] as number];
      const row = Math.min(Math.max(begin + at - (chunk.firstPeriod[entity] as number), begin), end - 1);
      const code = chunk.attributes[position]?.[attribute.scope === "entity" ? entity : row];
      found.set(key, attribute.values?.[code ?? -1] ?? unknown);
    }
  }
  return found;
}

function noColumn(name: string, known: readonly string[]): InputRefused {
  const near = nearestName(name, known);
  return new InputRefused([
    diagnose("bad-request", {
      message: `the dataset says nothing of '${name}', which the assignment names`,
      found: name,
      expected: known.join(", "),
      near,
      ...(near === undefined ? { cure: `It has ${known.join(", ")}.` } : {}),
    }),
  ]);
}
