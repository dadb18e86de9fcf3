/** Gates: what must hold of the data before a comparison may carry a decision. Each has a named limit, a consequence and a cure. */
import { type Day, parseDay } from "../../../data/foundation/index.ts";
import type { DatasetQuality } from "../../../data/panel/index.ts";
import type { CandidateComparison, Comparison } from "../comparison.ts";

/** From where on a gate warns, and from where on it says stop. */
export interface GateLimit {
  readonly care: number;
  /** Absent: the gate warns at most. */
  readonly stop?: number;
  /** Whether a small number is the bad one. */
  readonly isFloor?: boolean;
  readonly unit: "share" | "times" | "days";
}

/** The limits, by gate. */
export const gateLimits = {
  rejected: { care: 0.01, stop: 0.05, unit: "share" },
  gaps: { care: 0.05, stop: 0.2, unit: "share" },
  missing: { care: 0.1, stop: 0.5, unit: "share" },
  assigned: { care: 0.9, stop: 0.5, isFloor: true, unit: "share" },
  labels: { care: 0.2, stop: 0.05, isFloor: true, unit: "share" },
  shift: { care: 2, unit: "times" },
  start: { care: 0.01, stop: 0.1, unit: "share" },
  stale: { care: 180, unit: "days" },
} as const satisfies Record<string, GateLimit>;

/** The name of a gate. */
export type GateName = keyof typeof gateLimits;

/** How a gate, or all of them, stand. `unchecked`: the data cannot say. */
export type GateState = "sound" | "care" | "stop" | "unchecked";

/** One gate. */
export interface Gate {
  readonly name: GateName;
  readonly state: GateState;
  /** What is looked at. */
  readonly about: string;
  /** Absent when it could not be looked at. */
  readonly found?: number;
  /** What was found where: the measure, the period. */
  readonly where?: string;
  readonly limit: GateLimit;
  readonly consequence: string;
  readonly cure: string;
}

/** All gates of one candidate. */
export interface Gates {
  /** The worst of them; what could not be looked at counts for nothing. */
  readonly state: Exclude<GateState, "unchecked">;
  readonly gates: readonly Gate[];
}

/** What is known of the dataset itself. */
export interface GateInputs {
  readonly comparison: Comparison;
  readonly candidate: CandidateComparison;
  readonly rows: number;
  readonly rejectedRows: number;
  readonly quality: DatasetQuality;
  /** Measures that any of the policies reads, and those of GMV and orders. */
  readonly measures: readonly string[];
  /** The day on which the comparison was made. */
  readonly madeOn: Day;
}

/** Looks at every gate. The same inputs give the same answer. */
export function readGates(inputs: GateInputs): Gates {
  const gates = [
    rejectedGate(inputs),
    gapsGate(inputs),
    missingGate(inputs),
    assignedGate(inputs),
    labelsGate(inputs),
    shiftGate(inputs),
    startGate(inputs),
    staleGate(inputs),
  ];
  const has = (state: GateState): boolean => gates.some((gate) => gate.state === state);
  return { state: has("stop") ? "stop" : has("care") ? "care" : "sound", gates };
}

/** How a number stands to a limit. */
export function stateOf({ care, stop, isFloor = false }: GateLimit, found: number | undefined): GateState {
  if (found === undefined) return "unchecked";
  const beyond = (limit: number | undefined): boolean => limit !== undefined && (isFloor ? found < limit : found > limit);
  return beyond(stop) ? "stop" : beyond(care) ? "care" : "sound";
}

function gateOf(name: GateName, found: number | undefined, words: Pick<Gate, "about" | "consequence" | "cure" | "where">): Gate {
  const limit: GateLimit = gateLimits[name];
  return { name, state: stateOf(limit, found), ...(found === undefined ? {} : { found }), limit, ...words };
}

function rejectedGate({ rows, rejectedRows }: GateInputs): Gate {
  const all = rows + rejectedRows;
  return gateOf("rejected", all === 0 ? undefined : rejectedRows / all, {
    about: "rows that were rejected at import",
    consequence: "What they held is in no figure: entities look quieter than they were.",
    cure: "Look at the list of rejected rows, mend the files and import them again.",
  });
}

function gapsGate({ quality: { gaps } }: GateInputs): Gate {
  const empty = gaps.emptyPeriods.length;
  return gateOf("gaps", gaps.rowShare, {
    about: "rows that are gaps inside a history",
    ...(empty === 0 ? {} : { where: `${empty} ${empty === 1 ? "period has" : "periods have"} no reported row at all` }),
    consequence: "A gap counts as no activity, so that windows over it hold too little and tiers follow it.",
    cure: "Fill the gaps at the source, or start the range after them.",
  });
}

function missingGate({ quality, measures }: GateInputs): Gate {
  const [worst] = quality.measures.filter(({ name }) => measures.includes(name)).toSorted((a, b) => b.missingShare - a.missingShare);
  return gateOf("missing", worst?.missingShare, {
    about: "rows without a value of a measure that the policies read",
    ...(worst === undefined || worst.missingShare === 0 ? {} : { where: worst.name }),
    consequence: "There the rule for missing parts decides, not the policy's thresholds.",
    cure: "Supply the measure, or read how each version treats what is missing.",
  });
}

function assignedGate({ comparison: { assigned, panel } }: GateInputs): Gate {
  const { assignedAgreement: agreement } = panel;
  const known = agreement === undefined || agreement.entityPeriods === 0 ? undefined : agreement.agreeing / agreement.entityPeriods;
  const most = assigned?.classes.toSorted((a, b) => b.entityPeriods - a.entityPeriods)[0];
  return gateOf("assigned", known, {
    about: "entity-periods in which the replay of the baseline holds the tier really assigned",
    ...(most === undefined || most.entityPeriods === 0 ? {} : { where: most.meaning }),
    consequence: "The baseline here is not what was lived through: changes are against a replay, and what was really restricted differs.",
    cure: "Find the rule or the data that the replay lacks, class by class, before the change is judged.",
  });
}

function labelsGate({ candidate: { errors } }: GateInputs): Gate {
  const [table] = errors;
  const headline = table?.estimates?.falsePositiveChange.headline.estimate;
  const gate = gateOf("labels", table === undefined || table.inFrame === 0 ? undefined : table.labelled / table.inFrame, {
    about: "entities in the frame whose outcome is known, at the date of the error rates",
    ...(headline?.kind === "undetermined"
      ? { where: `too few for one figure of how the false-positive rate changes: ${headline.reason}` }
      : {}),
    consequence: "Error rates over so few may speak of others than those who bear the change.",
    cure: "Audit a random sample of entities in the frame, or wait until outcomes mature.",
  });
  // Whatever share is known: where the report refuses the figure that rests on the labels, they are not sound.
  return gate.state === "sound" && headline?.kind === "undetermined" ? { ...gate, state: "care" } : gate;
}

/** The largest jump of a total from one period to the next inside the range, either way. */
function shiftGate({ comparison: { panel }, quality, measures }: GateInputs): Gate {
  const jumps = quality.measures.flatMap(({ name, largestJump: jump }) => {
    if (jump === undefined || !measures.includes(name) || jump.period <= panel.from || jump.period > panel.to) return [];
    if (!(jump.from > 0) || !(jump.to > 0)) return [];
    return [{ name, period: jump.period, times: Math.max(jump.to / jump.from, jump.from / jump.to) }];
  });
  const [worst] = jumps.toSorted((a, b) => b.times - a.times);
  return gateOf("shift", quality.measures.length === 0 ? undefined : (worst?.times ?? 1), {
    about: "the largest jump of a measure's total from one period to the next",
    ...(worst === undefined ? {} : { where: `${worst.name}, ${worst.period}` }),
    consequence: "A total that jumps may say that the data changed, not only the entities: what lies before and after may not compare.",
    cure: "Ask the source what changed, and compare on one side of it.",
  });
}

function startGate({ comparison, candidate }: GateInputs): Gate {
  const still = Math.max(comparison.baseline.policy.startMatters.entitiesAtEnd, candidate.policy.startMatters.entitiesAtEnd);
  const { entitiesAtEnd } = comparison.panel;
  return gateOf("start", entitiesAtEnd === 0 ? undefined : still / entitiesAtEnd, {
    about: "entities whose tier still depends on the tier before the first period, at the end",
    consequence: "Their tiers are a guess of where they began.",
    cure: "Take a longer history before the range.",
  });
}

function staleGate({ comparison: { provenance }, madeOn }: GateInputs): Gate {
  const known = parseDay(provenance.knownAt);
  return gateOf("stale", known === undefined ? undefined : Math.max(0, madeOn - known), {
    about: "days from the last day whose facts are known to the day of the comparison",
    consequence: "Entities, season and rules may have moved on since.",
    cure: "Import a later history and compare again.",
  });
}
