/** Worlds of entities whose truth is known, and of which only some get a label: made in memory, a table of counts a draw. */
import { type RandomStream, randomStream } from "../../data/foundation/index.ts";
import { describeEstimates } from "../../simulations/comparison/errors/describe-estimates.ts";
import type { ErrorTally, GroupTally } from "../../simulations/comparison/errors/error-tally.ts";
import type { EstimatorName, LabelEstimates } from "../../simulations/comparison/errors/estimates.ts";
import { type GroupName, groupNames, groupOf } from "../../simulations/comparison/errors/groups.ts";
import type { PhaseCell, PhaseTally } from "../../simulations/comparison/errors/phase-tally.ts";
import { type Estimated, undetermined } from "../../simulations/statistics/index.ts";

/** What is so, and what the marketplace can see of it. */
export interface WorldEntity {
  readonly isHarmful: boolean;
  readonly group: GroupName;
  /** Really restricted, or gone. */
  readonly isClosed: boolean;
  readonly size: number;
  readonly scoreFifth: number;
}

/** What is known of an entity: the label that counts, the cheap one, and with which probability an audit picked it. */
export interface Known {
  readonly isClosed: boolean;
  readonly label?: boolean;
  readonly cheap?: boolean;
  readonly probability?: number;
}

/** How labels come about. */
export interface World {
  readonly name: string;
  readonly hasAudit: boolean;
  readonly know: (entity: WorldEntity, stream: RandomStream) => Known;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const sizeShares = [0.4, 0.3, 0.2, 0.1] as const;

function entityOf(stream: RandomStream): WorldEntity {
  const quality = stream.normal();
  const u = stream.uniform();
  const size = sizeShares.findIndex((_, index) => u < sizeShares.slice(0, index + 1).reduce((sum, share) => sum + share, 0));
  const isHarmful = stream.uniform() < logistic(-2.6 - 1.6 * quality);
  const noise = [0.9, 0.7, 0.5, 0.3][size] ?? 0.3;
  const [before, after] = [quality + noise * stream.normal(), quality + noise * stream.normal()];
  const score = (before + after) / 2;
  const isClosed = stream.uniform() < (before < -1.2 ? 0.6 : 0.08);
  return {
    isHarmful,
    group: groupOf(before < -1.2, after < -1.1),
    isClosed,
    size: Math.max(0, size),
    scoreFifth: [-0.9, -0.3, 0.3, 0.9].filter((edge) => score > edge).length,
  };
}

/** Audits pick large entities more often. */
function auditProbability({ size }: WorldEntity): number {
  return size >= 2 ? 0.12 : 0.06;
}

function audited(entity: WorldEntity, stream: RandomStream, otherwise: Known): Known {
  const probability = auditProbability(entity);
  const isPicked = stream.uniform() < probability;
  return isPicked ? { ...otherwise, label: entity.isHarmful, probability } : otherwise;
}

const chanceBySize = [0.5, 0.7, 0.85, 0.95] as const;

/** By what goes on in them. */
export const worlds = {
  random: {
    name: "labels missing at random within strata, no audits",
    hasAudit: false,
    know: (entity, stream) => {
      const chance = (chanceBySize[entity.size] ?? 1) * (entity.isClosed ? 0.35 : 1) * (entity.group === "neither" ? 1 : 0.7);
      const label = stream.uniform() < chance ? entity.isHarmful : undefined;
      return { isClosed: entity.isClosed, ...(label === undefined ? {} : { label, cheap: label }) };
    },
  },
  audited: {
    name: "behaviour of those not restricted, random audits of everybody",
    hasAudit: true,
    know: (entity, stream) => {
      const isSeen = stream.uniform() < (chanceBySize[entity.size] ?? 1) && !entity.isClosed;
      const seen: Known = { isClosed: entity.isClosed, ...(isSeen ? { label: entity.isHarmful, cheap: entity.isHarmful } : {}) };
      return audited(entity, stream, seen);
    },
  },
  appeals: {
    name: "the innocent among the adverse appeal more, random audits of everybody",
    hasAudit: true,
    know: (entity, stream) => {
      const isAdverse = entity.group !== "neither";
      const chance = isAdverse ? (entity.isHarmful ? 0.12 : 0.5) : 0.6;
      const isSeen = stream.uniform() < chance;
      const seen: Known = { isClosed: false, ...(isSeen ? { label: entity.isHarmful, cheap: entity.isHarmful } : {}) };
      return audited(entity, stream, seen);
    },
  },
  restricted: {
    name: "restriction prevents 70 % of harm, nobody knows who was restricted, random audits of everybody",
    hasAudit: true,
    know: (entity, stream) => {
      const isSeen = stream.uniform() < (chanceBySize[entity.size] ?? 1);
      const isPrevented = entity.isClosed && stream.uniform() < 0.7;
      const cheap = entity.isHarmful && !isPrevented;
      return audited(entity, stream, { isClosed: false, ...(isSeen ? { label: cheap, cheap } : {}) });
    },
  },
} as const satisfies Record<string, World>;

/** One draw of a world: every estimate, and what is really so in it. */
export interface Draw {
  readonly estimates: LabelEstimates;
  readonly truth: Readonly<Record<FigureKey, number>>;
}

/** The candidate's figures that simulations follow. */
export type FigureKey = "false-positive-rate" | "false-share" | "miss-rate" | "change";
export const figureKeys: readonly FigureKey[] = ["false-positive-rate", "false-share", "miss-rate", "change"];

/** Draws entities and their labels, and estimates. */
export function draw(world: World, seed: number, entities: number): Draw {
  const stream = randomStream(seed, "label world", world.name);
  const cells = new Map<string, PhaseCell>();
  const zero = (): GroupTally => ({ fine: 0, harmful: 0, unlabelled: 0, upheld: 0, overturned: 0, pending: 0 });
  const groups: Record<GroupName, GroupTally> = { both: zero(), newly: zero(), released: zero(), neither: zero() };
  const real: Record<GroupName, { fine: number; harmful: number }> = {
    both: { fine: 0, harmful: 0 },
    newly: { fine: 0, harmful: 0 },
    released: { fine: 0, harmful: 0 },
    neither: { fine: 0, harmful: 0 },
  };
  for (let index = 0; index < entities; index++) {
    const entity = entityOf(stream);
    const known = world.know(entity, stream);
    real[entity.group][entity.isHarmful ? "harmful" : "fine"]++;
    const cheap = known.cheap === undefined ? "none" : known.cheap ? "harmful" : "fine";
    const key = [groupNames.indexOf(entity.group), known.isClosed, entity.size, entity.scoreFifth, cheap].join();
    const cell: PhaseCell = cells.get(key) ?? {
      group: groupNames.indexOf(entity.group),
      isClosed: known.isClosed,
      size: entity.size,
      scoreFifth: entity.scoreFifth,
      cheap,
      entities: 0,
      fine: 0,
      harmful: 0,
      audited: new Map(),
    };
    cells.set(key, cell);
    cell.entities++;
    if (known.label === undefined) groups[entity.group].unlabelled++;
    else {
      const word = known.label ? "harmful" : "fine";
      cell[word]++;
      groups[entity.group][word]++;
      if (known.probability === undefined) continue;
      const picked = cell.audited.get(known.probability) ?? { fine: 0, harmful: 0 };
      picked[word]++;
      cell.audited.set(known.probability, picked);
    }
  }
  const ordered = [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  const phase: PhaseTally = { cells: ordered, auditsWithoutProbability: 0, hasAudit: world.hasAudit, hasAssigned: true };
  const tally: ErrorTally = {
    inFrame: entities,
    groups,
    missing: new Map(),
    fineUnrated: [0, 0],
    fineShielded: [0, 0],
    untreated: 0,
  };
  const estimates = describeEstimates({ phase, tally, level: 0.95, labelledOnly: labelledOnlyOf(groups) });
  return { estimates, truth: truthOf(real) };
}

/** What an estimator says of a figure of the candidate. */
export function estimateOf(estimates: LabelEstimates, figure: FigureKey, name: EstimatorName): Estimated | undefined {
  const found =
    figure === "change" ? estimates.falsePositiveChange : estimates.rates.find((rate) => rate.name === figure && rate.side === "candidate");
  return found?.estimates.find(({ estimator }) => estimator === name)?.estimate;
}

function labelledOnlyOf(groups: Readonly<Record<GroupName, GroupTally>>) {
  const rates = truthOf(groups);
  const absent = undetermined("simulated", "nothing");
  const rate = (name: "false-positive-rate" | "false-share" | "miss-rate") => ({
    name,
    definition: "",
    numerator: 0,
    denominator: 0,
    estimate: { kind: "estimate", value: rates[name], method: "counts", n: 1, assumptions: [] } as const,
  });
  const candidate = [rate("false-positive-rate"), rate("false-share"), rate("miss-rate")];
  return { baseline: [], candidate, falsePositiveChange: absent, missChange: absent };
}

function truthOf(of: Readonly<Record<GroupName, { readonly fine: number; readonly harmful: number }>>): Draw["truth"] {
  const fine = groupNames.reduce((sum, name) => sum + of[name].fine, 0);
  const harmful = groupNames.reduce((sum, name) => sum + of[name].harmful, 0);
  const adverseFine = of.both.fine + of.newly.fine;
  const adverseHarmful = of.both.harmful + of.newly.harmful;
  return {
    "false-positive-rate": adverseFine / fine,
    "false-share": adverseFine / (adverseFine + adverseHarmful),
    "miss-rate": (harmful - adverseHarmful) / harmful,
    change: (of.newly.fine - of.released.fine) / fine,
  };
}
