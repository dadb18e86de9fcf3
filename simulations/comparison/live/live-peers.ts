/** Peers of a policy whose chunks are held by several threads: each gives what its own have, and all get what everybody has. */
import { checkLimit, InputRefused } from "../../../data/foundation/index.ts";
import { isPeerMetric, type PeerValues, type Policy } from "../../../policies/language/checked/index.ts";
import { columnKeys } from "./kept-columns.ts";

/** What the peers of a policy follow from, on one history; undefined when it compares nobody. */
export function peersKey(policy: Policy): string | undefined {
  const compared = policy.metrics.filter(isPeerMetric).map(({ name }) => name);
  if (compared.length === 0) return undefined;
  return columnKeys(policy, compared)
    .map(([, key]) => key)
    .join("\n");
}

/**
 * What all have, ascending, in memory that threads share. Cost: one look at each value for every part. Errors: InputRefused
 * (`limit-exceeded`) beyond the limit `peerValues`.
 */
export function mergePeers(parts: readonly PeerValues[]): PeerValues {
  const [first = new Map() as PeerValues] = parts;
  // Metrics that compare the same thing share their values.
  const merged = new Map<unknown, PeersByPeriod>();
  let count = 0;
  for (const [metric, own] of first) {
    if (merged.has(own)) continue;
    const periods = mergeMaps(
      parts.map((part) => part.get(metric) ?? new Map<number, PeersByGroup>()),
      mergeGroups,
    );
    for (const groups of periods.values()) for (const { length } of groups.values()) count += length;
    const breach = checkLimit("peerValues", count);
    if (breach !== undefined) throw new InputRefused([breach]);
    merged.set(own, periods);
  }
  return new Map([...first].map(([metric, own]) => [metric, merged.get(own) ?? new Map()]));
}

type PeersByGroup = ReadonlyMap<string, Float64Array>;
type PeersByPeriod = ReadonlyMap<number, PeersByGroup>;

function mergeGroups(groups: readonly PeersByGroup[]): PeersByGroup {
  return mergeMaps(groups, mergeAscending);
}

function mergeMaps<Key, Value>(maps: readonly ReadonlyMap<Key, Value>[], merge: (values: readonly Value[]) => Value): Map<Key, Value> {
  const keys = new Set(maps.flatMap((map) => [...map.keys()]));
  return new Map([...keys].map((key) => [key, merge(maps.flatMap((map) => (map.has(key) ? [map.get(key) as Value] : [])))]));
}

function mergeAscending(parts: readonly Float64Array[]): Float64Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const merged = new Float64Array(new SharedArrayBuffer(8 * length));
  let filled = 0;
  for (const part of parts) {
    // From the end on, so that what is there is moved before it is written over.
    let [into, there, left] = [filled + part.length, filled, part.length];
    while (left > 0) {
      const [own, other] = [part[left - 1] as number, merged[there - 1]];
      if (there > 0 && (other as number) > own) merged[--into] = merged[--there] as number;
      else merged[--into] = part[--left] as number;
    }
    filled += part.length;
  }
  return merged;
}
