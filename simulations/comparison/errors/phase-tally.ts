/** Everyone in the frame at a table's date, counted by what is known of all (group, reach, size, score, cheap label) and by their label. */
import { present } from "../../../data/foundation/index.ts";
import { labels } from "../../../data/panel/index.ts";
import type { ComparisonPlan } from "../plan.ts";
import { sizeBands } from "../size-bands.ts";
import type { LabelColumns } from "./collect-labels.ts";
import { groupNames, groupOf } from "./groups.ts";
import { cheapLabels, type PhaseColumns } from "./phase-columns.ts";

/** Entities that are alike in all that is known of everybody. */
export interface PhaseCell {
  /** Position in `groupNames`. */
  readonly group: number;
  /** No behaviour label was possible: really held adverse, or gone, within the horizon. */
  readonly isClosed: boolean;
  readonly size: number;
  /** Fifth of the frame by score, 0 lowest, both policies' scores weighing alike; -1 without a score. */
  readonly scoreFifth: number;
  readonly cheap: keyof typeof cheapLabels;
  entities: number;
  fine: number;
  harmful: number;
  /** Of the labelled: those whose label is a random audit's with a known probability, by that probability. */
  readonly audited: Map<number, { fine: number; harmful: number }>;
}

/** The cells that hold anybody, in a fixed order. */
export interface PhaseTally {
  readonly cells: readonly PhaseCell[];
  /** Labels of the audit that carry no probability. */
  readonly auditsWithoutProbability: number;
  readonly hasAudit: boolean;
  /** Whether the panel says who was really restricted. */
  readonly hasAssigned: boolean;
}

const fifths = 5;
const cheapNames = Object.keys(cheapLabels) as readonly (keyof typeof cheapLabels)[];

/** Counts one error table for one candidate; undefined where appeals alone label. Cost: one pass over the entities, and a sort of their scores. */
export function tallyPhase(plan: ComparisonPlan, columns: LabelColumns, candidate: number): PhaseTally | undefined {
  const { phase, label } = columns;
  if (phase === undefined) return undefined;
  const scores = scoreFifths(
    label,
    [0, candidate + 1].map((policy) => present(phase.score[policy], "scores")),
  );
  const cells = new Map<number, PhaseCell>();
  const hasAudit = phase.probability !== undefined;
  const isAdverse = (policy: number, entity: number): boolean => plan.adverse[policy]?.[columns.held[policy]?.[entity] as number] === 1;
  let auditsWithoutProbability = 0;
  for (let entity = 0; entity < label.length; entity++) {
    const code = label[entity] as number;
    if (code === labels.notInFrame) continue;
    const group = groupNames.indexOf(groupOf(isAdverse(0, entity), isAdverse(candidate + 1, entity)));
    const cell = cellOf(cells, { group, phase, entity, scoreFifth: scores[entity] as number });
    cell.entities++;
    if (code !== labels.fine && code !== labels.harmful) continue;
    const word = code === labels.fine ? "fine" : "harmful";
    cell[word]++;
    const probability = phase.probability?.[entity] ?? Number.NaN;
    if (Number.isNaN(probability)) continue;
    if (probability === 0) {
      auditsWithoutProbability++;
      continue;
    }
    const audited = cell.audited.get(probability) ?? { fine: 0, harmful: 0 };
    audited[word]++;
    cell.audited.set(probability, audited);
  }
  return {
    cells: [...cells].sort(([a], [b]) => a - b).map(([, cell]) => cell),
    auditsWithoutProbability,
    hasAudit,
    hasAssigned: plan.schema.assignedTiers.length > 0,
  };
}

function cellOf(
  cells: Map<number, PhaseCell>,
  at: { readonly group: number; readonly phase: PhaseColumns; readonly entity: number; readonly scoreFifth: number },
): PhaseCell {
  const { group, phase, entity, scoreFifth } = at;
  const [closed, size, cheap] = [phase.isClosed[entity] as number, phase.size[entity] as number, phase.cheap[entity] as number];
  const key = (((group * 2 + closed) * sizeBands.length + size) * (fifths + 1) + scoreFifth + 1) * cheapNames.length + cheap;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const cheapName = present(cheapNames[cheap], "cheap label");
  const cell: PhaseCell = {
    group,
    isClosed: closed === 1,
    size,
    scoreFifth,
    cheap: cheapName,
    entities: 0,
    fine: 0,
    harmful: 0,
    audited: new Map(),
  };
  cells.set(key, cell);
  return cell;
}

/** Fifths of the frame by the mean of both policies' standardised scores, so that swapping the policies changes none; equal scores share a fifth. */
function scoreFifths(label: Int8Array, scores: readonly Float32Array[]): Int8Array {
  const standard = scores.map((score) => standardise(label, score));
  const mean = new Float64Array(label.length).fill(Number.NaN);
  const known: number[] = [];
  for (let entity = 0; entity < label.length; entity++) {
    if (label[entity] === labels.notInFrame) continue;
    const [a, b] = [standard[0]?.[entity] as number, standard[1]?.[entity] as number];
    const value = Number.isNaN(a) ? b : Number.isNaN(b) ? a : (a + b) / 2;
    mean[entity] = value;
    if (!Number.isNaN(value)) known.push(value);
  }
  const sorted = Float64Array.from(known).sort();
  const edges = Array.from({ length: fifths - 1 }, (_, index) => sorted[Math.ceil(((index + 1) * sorted.length) / fifths) - 1] ?? 0);
  return Int8Array.from(mean, (value) => (Number.isNaN(value) ? -1 : edges.filter((edge) => value > edge).length));
}

/** Scores of the frame less their mean, over their standard deviation; all 0 where they do not differ. */
function standardise(label: Int8Array, score: Float32Array): Float64Array {
  const isScored = (entity: number): boolean => label[entity] !== labels.notInFrame && !Number.isNaN(score[entity]);
  let [count, sum] = [0, 0];
  for (let entity = 0; entity < label.length; entity++) {
    if (!isScored(entity)) continue;
    count++;
    sum += score[entity] as number;
  }
  const mean = sum / Math.max(1, count);
  let squares = 0;
  for (let entity = 0; entity < label.length; entity++) if (isScored(entity)) squares += ((score[entity] as number) - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, count)) || 1;
  return Float64Array.from(score, (value) => (value - mean) / deviation);
}
