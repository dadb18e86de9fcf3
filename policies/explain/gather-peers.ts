/** What the peers of every entity have, gathered the obvious way: every entity is evaluated, and the values are sorted. */
import type { PanelSchema } from "../../data/panel/index.ts";
import { isPeerMetric, type PeerValues, type Policy, type Programme, peerKey, versionsOf } from "../language/index.ts";
import type { EntityHistory } from "./entity-history.ts";
import { walkProgramme } from "./evaluate-entity.ts";
import { peerGroup } from "./peer-trace.ts";

/**
 * Peer values of all rank and ratio metrics over these entities. What is compared never depends on a rank, so the ranks may be
 * missing while it is computed. Cost: one evaluation of every entity; meant for tests and small panels.
 */
export function gatherPeers(item: Policy | Programme, schema: PanelSchema, histories: readonly EntityHistory[]): PeerValues {
  const versions = versionsOf(item);
  const metrics = versions.map(({ policy }) => policy.metrics.filter(isPeerMetric));
  const gathered = new Map<string, Map<number, Map<string, number[]>>>();
  if (metrics.every((own) => own.length === 0)) return new Map();
  for (const history of histories) {
    const rows = walkProgramme(versions, schema, history, { peers: new Map() });
    for (const { version, evaluation } of rows.flatMap(({ evaluations }) => evaluations)) {
      for (const metric of metrics[version] ?? []) {
        const value = evaluation.lookup(metric.of.to, metric.of.name);
        const group = peerGroup(metric, evaluation.lookup);
        if (typeof value !== "number" || group === undefined) continue;
        const byPeriod = entryOf(gathered, peerKey(version, metric.name), () => new Map<number, Map<string, number[]>>());
        const byGroup = entryOf(byPeriod, evaluation.period, () => new Map<string, number[]>());
        entryOf(byGroup, group, (): number[] => []).push(value);
      }
    }
  }
  return mapValues(gathered, (byPeriod) =>
    mapValues(byPeriod, (byGroup) => mapValues(byGroup, (values) => Float64Array.from(values).sort())),
  );
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}

function mapValues<K, V, R>(map: ReadonlyMap<K, V>, change: (value: V) => R): ReadonlyMap<K, R> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}
