/** Markets of so many sellers of one kind, with the labels that are known of each: for the estimators of error rates. */
import { lastDayOf } from "../../data/foundation/index.ts";
import type { OutcomeFact } from "../../data/panel/index.ts";
import { type Comparison, compare } from "../../simulations/comparison/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

/** A random audit of the state at the date. */
export const audit = source("audit", { kind: "state", role: "audit", horizonDays: 0, lagDays: 0 });
/** A cheap label of the same state. */
export const behaviour = source("bad", { kind: "state", horizonDays: 0, lagDays: 0 });

/** So many sellers of one kind: their tiers under both policies, and what is known of each. */
export interface Kind {
  readonly tiers: string;
  readonly count: number;
  readonly orders?: number;
  /** Of these sellers: behaviour labels, and audits with their probability. */
  readonly fine?: number;
  readonly harmful?: number;
  readonly auditFine?: number;
  readonly auditHarmful?: number;
  readonly probability?: number;
}

/** The market of these kinds, one week long. */
export function marketOf(kinds: readonly Kind[], sources = [behaviour]): SmallMarket {
  const sellers: Record<string, SmallSeller> = {};
  const outcomes: OutcomeFact[] = [];
  for (const [code, kind] of kinds.entries()) {
    for (let index = 0; index < kind.count; index++) {
      const name = `k${code}-${String(index).padStart(4, "0")}`;
      sellers[name] = { baseline: kind.tiers.slice(0, 1), candidate: kind.tiers.slice(1), orders: [kind.orders ?? 0] };
      const { fine = 0, harmful = 0, auditFine = 0, auditHarmful = 0, probability } = kind;
      if (index < fine + harmful) outcomes.push(label(name, "bad", 0, index < fine ? 0 : 1));
      // Audits fall on the last of the kind.
      const place = kind.count - 1 - index;
      if (place >= auditFine + auditHarmful) continue;
      const picked = label(name, "audit", 0, place < auditFine ? 0 : 1);
      outcomes.push(probability === undefined ? picked : { ...picked, probability });
    }
  }
  return { sellers, outcomes, sources, knownAt: lastDayOf("week", firstPeriod) };
}

/** The comparison of both letters, or of the baseline with itself. */
export function compareLabelled(market: SmallMarket, candidate: "baseline" | "candidate" = "candidate"): Comparison {
  return compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy(candidate, { version: "2.0.0" })],
    panel: panelOf(market),
    seed: 1,
    replicates: 99,
  });
}
