/** Where an entity stands among its peers at one evaluation. */
import { invariant, present } from "../../data/foundation/index.ts";
import type { PeerMetric } from "../language/index.ts";
import type { EvaluationPoint } from "./evaluation-point.ts";
import type { Lookup } from "./expression-nodes.ts";
import { type MetricParts, missingReasons } from "./metric-parts.ts";
import { saidUnit } from "./say-number.ts";

/** Rank: the share of peers below, the equal ones (itself among them) counted by half. Ratio: over the peers' median. */
export function tracePeers(metric: PeerMetric, point: EvaluationPoint, lookup: Lookup): MetricParts {
  const { policy, history, rowIndex, peers } = point;
  invariant(peers !== undefined, `${metric.name} compares with peers, and none were given`);
  const compared = [...policy.metrics, ...policy.scores].find(({ name }) => name === metric.of.name);
  const own = lookup(metric.of.to, metric.of.name);
  const group = peerGroup(metric, lookup);
  const { period } = present(history.rows[rowIndex], "row");
  const values = group === undefined ? undefined : peers.get(metric.name)?.get(period)?.get(group);
  const among = [...(values ?? [])];
  const parts = {
    of: compared?.title ?? metric.of.name,
    ofUnit: compared !== undefined && "unit" in compared ? saidUnit(compared, point.schema) : ("number" as const),
    ...(typeof own === "number" ? { own } : {}),
    ...(group === undefined || metric.among === undefined ? {} : { group }),
    count: among.length,
    countMin: metric.peersMin,
  };
  if (typeof own !== "number") return { peers: parts, missing: "its own value is not known" };
  if (group === undefined) return { peers: parts, missing: "its group is not known" };
  if (among.length === 0 || among.length < metric.peersMin) return { peers: parts, missing: "there are too few to compare with" };
  if (metric.kind === "rank") {
    const below = among.filter((value) => value < own).length;
    const equal = among.filter((value) => value === own).length;
    return { peers: { ...parts, below, equal }, value: (2 * below + equal) / (2 * among.length) };
  }
  const median = medianOf(among);
  if (!Number.isFinite(median)) return { peers: parts, missing: missingReasons.beyond };
  if (median === 0) return { peers: { ...parts, median }, missing: "nothing to divide by: the median is 0" };
  const ratio = own / median;
  return Number.isFinite(ratio)
    ? { peers: { ...parts, median }, value: ratio }
    : { peers: { ...parts, median }, missing: missingReasons.beyond };
}

/** The group that an entity is compared in: `""` where it is everyone; undefined when it is not known. */
export function peerGroup({ among }: PeerMetric, lookup: Lookup): string | undefined {
  if (among === undefined) return "";
  const group = lookup(among.to, among.name);
  return group === undefined ? undefined : String(group);
}

/** Of ascending values: the middle one, or the mean of the two in the middle. */
function medianOf(values: readonly number[]): number {
  const middle = Math.floor(values.length / 2);
  const upper = present(values[middle], "a middle value");
  return values.length % 2 === 1 ? upper : (present(values[middle - 1], "a middle value") + upper) / 2;
}
