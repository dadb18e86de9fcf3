/** Markets whose held tiers are written down by hand: one letter a period and policy, carried by a level that the policy reads. */
import { lastDayOf, randomStream } from "../../data/foundation/index.ts";
import { type OutcomeFact, type OutcomeSource, type Panel, type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import type { Consequences, Policy } from "../../policies/language/index.ts";

/** First period of every small market: a week in 2023. */
export const firstPeriod = 2800;

/** g gold, s standard, w watch (adverse), r restricted (adverse), u unrated. */
const letters = "gswr";
const tierNames = ["gold", "standard", "watch", "restricted"];

/** One seller: its tiers under each policy, letter by letter from its first period. */
export interface SmallSeller {
  readonly baseline: string;
  readonly candidate: string;
  readonly first?: number;
  readonly gmv?: readonly number[];
  readonly orders?: readonly number[];
  /** The tiers really held; `-` not known. */
  readonly assigned?: string;
  readonly state?: string;
}

/** A market of such sellers. */
export interface SmallMarket {
  readonly sellers: Readonly<Record<string, SmallSeller>>;
  readonly outcomes?: readonly OutcomeFact[];
  readonly sources?: readonly OutcomeSource[];
  readonly knownAt?: number;
  readonly chunkEntities?: number;
  readonly grain?: "week" | "month";
  readonly first?: number;
  readonly periods?: number;
  /** The last complete period, counted from the first. */
  readonly completeTo?: number;
}

/** A label about the end of a period, counted from the first. */
export function label(entity: string, source: string, period: number, harmful: 1 | 0 | -1, knownAfterDays = 0): OutcomeFact {
  const day = lastDayOf("week", firstPeriod + period);
  return { entity, source, day, knownDay: day + knownAfterDays, harmful };
}

/** An outcome source; a future behaviour with a horizon of two weeks unless said otherwise. */
export function source(name: string, parts: Partial<OutcomeSource> = {}): OutcomeSource {
  return {
    name,
    title: name,
    kind: "future",
    horizonDays: 14,
    lagDays: 7,
    role: "behaviour",
    measures: [],
    definition: `${name}, defined`,
    ...parts,
  };
}

/** A policy that holds what the letters of a measure say. */
export function letterPolicy(
  measure: "baseline" | "candidate",
  parts: { version?: string; consequences?: readonly Consequences[]; evaluate?: "week" | "month" } = {},
): Policy {
  const consequences = parts.consequences ?? [{ traffic: 1.2 }, {}, { traffic: 0.8 }, { ordersPerDayMax: 50 }];
  return {
    programme: "letters",
    version: parts.version ?? (measure === "baseline" ? "1.0.0" : "2.0.0"),
    title: "Letters",
    entity: "seller",
    rationale: "",
    digest: measure,
    parameters: [],
    metrics: [{ kind: "last", name: "mark", title: "Mark", unit: "number", measure }],
    windows: [],
    ledgers: [],
    caps: [],
    scores: [
      {
        kind: "curve",
        name: "overall",
        title: "Overall",
        round: 6,
        from: { to: "metric", name: "mark" },
        shape: "linear",
        anchors: [
          { x: number(0), y: number(0) },
          { x: number(4), y: number(100) },
        ],
      },
    ],
    conditions: [],
    tiers: tierNames.map((name, code) => ({
      name,
      title: name,
      when: { kind: "compare", operator: "=", left: { kind: "reference", to: "metric", name: "mark" }, right: number(code + 1) },
      adverse: code >= 2,
      consequences: consequences[code] ?? {},
      terminal: false,
    })),
    otherwise: "unrated",
    headlineScore: "overall",
    movement: { evaluate: { kind: "every", unit: parts.evaluate ?? "week" }, promote: { after: 1 }, demote: { after: 1 } },
  };
}

/** The panel of a market. Letters become marks 1 to 4; u becomes 9. */
export function panelOf(market: SmallMarket): Panel {
  const grain = market.grain ?? "week";
  const first = market.first ?? firstPeriod;
  const sellers = Object.entries(market.sellers);
  const last = first + (market.periods ?? Math.max(...sellers.map(([, seller]) => (seller.first ?? 0) + seller.baseline.length))) - 1;
  const assigned = sellers.some(([, seller]) => seller.assigned !== undefined);
  const level = (name: string) => ({ name, kind: "level", unit: "number", decimals: 0, title: name, carryPeriods: 1 }) as const;
  const schema: PanelSchema = {
    entity: "seller",
    grain,
    firstPeriod: first,
    lastPeriod: last,
    currency: "EUR",
    gmvMeasure: "gmv",
    ordersMeasure: "orders",
    measures: [
      level("baseline"),
      level("candidate"),
      { name: "gmv", kind: "flow", unit: "money", decimals: 2, title: "GMV" },
      { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
    ],
    attributes: [{ name: "state", scope: "entity", type: "text", title: "State" }],
    events: [],
    outcomes: market.sources ?? [],
    assignedTiers: assigned ? [...tierNames, "unrated"] : [],
    knownAt: market.knownAt ?? lastDayOf(grain, last),
    ...(market.completeTo === undefined ? {} : { completeTo: first + market.completeTo }),
  };
  const rows = sellers.flatMap(([entity, seller]) =>
    Array.from(seller.baseline, (letter, index) => ({
      entity,
      period: first + (seller.first ?? 0) + index,
      measures: {
        baseline: markOf(letter),
        candidate: markOf(seller.candidate[index] ?? "u"),
        gmv: seller.gmv?.[index] ?? 0,
        orders: seller.orders?.[index] ?? 0,
      },
      ...(seller.state === undefined ? {} : { attributes: { state: seller.state } }),
      ...(seller.assigned === undefined || seller.assigned[index] === "-" ? {} : { assignedTier: nameOf(seller.assigned[index] ?? "u") }),
    })),
  );
  return panelFromRows({
    schema,
    rows,
    outcomes: market.outcomes ?? [],
    ...(market.chunkEntities === undefined ? {} : { chunkEntities: market.chunkEntities }),
  });
}

/** Sellers that wander between gold, standard and watch: from gold to standard, from there to watch, and back. */
export function wandering(sellers: number, periods: number, seed = 1): SmallMarket {
  const random = randomStream(seed, "wandering");
  const path = (length: number): string => {
    let letter = random.uniform() < 0.5 ? "g" : "s";
    const letters = [letter];
    while (letters.length < length) {
      const u = random.uniform();
      if (letter === "g") letter = u < 0.05 ? "s" : "g";
      else if (letter === "s") letter = u < 0.06 ? "w" : u < 0.12 ? "g" : "s";
      else letter = u < 0.3 ? "s" : "w";
      letters.push(letter);
    }
    return letters.join("");
  };
  const made = Array.from({ length: sellers }, (_, index): [string, SmallSeller] => {
    const first = index % 5 === 0 ? random.below(periods - 2) : 0;
    const length = index % 7 === 0 ? 1 + random.below(periods - first) : periods - first;
    const orders = Array.from({ length }, () => random.below(40));
    return [`s${String(index).padStart(4, "0")}`, { baseline: path(length), candidate: path(length), first, orders }];
  });
  return { sellers: Object.fromEntries(made), periods };
}

function markOf(letter: string): number {
  const code = letters.indexOf(letter);
  return code < 0 ? 9 : code + 1;
}

function nameOf(letter: string): string {
  return tierNames[markOf(letter) - 1] ?? "unrated";
}

function number(value: number) {
  return { kind: "number", value, unit: "number" } as const;
}
