/**
 * What ranks and ratios compare with, gathered once by each side: from the slow evaluator and from the kernels. The one place of these
 * tests that knows how either is asked.
 */
import type { Panel, PanelSchema } from "../../data/panel/index.ts";
import { type EntityHistory, gatherPeers } from "../../policies/explain/index.ts";
import type { PeerValues, Policy } from "../../policies/language/index.ts";
import { gatherPeers as gatherByKernels } from "../../simulations/replay/index.ts";

/** The slow evaluator's peers, over these histories. */
export function slowPeers(policy: Policy, schema: PanelSchema, histories: readonly EntityHistory[]): PeerValues {
  return gatherPeers(policy, schema, histories);
}

/** The kernels' peers, over the whole panel: the pass that a replay makes before its own. */
export function kernelPeers(policy: Policy, panel: Panel): PeerValues {
  return gatherByKernels(panel, [policy], panel.schema.lastPeriod)[0] ?? new Map();
}

/** Whether a policy compares anybody with others. */
export function comparesPeers({ metrics }: Policy): boolean {
  return metrics.some(({ kind }) => kind === "rank" || kind === "ratio");
}

/**
 * Peer values as plain data, for comparing what two sides gathered. A metric or period in which nobody has a value is left out; 0 and -0
 * are the same, as they are to every later step.
 */
export function plainPeers(peers: PeerValues): Readonly<Record<string, unknown>> {
  return filled(peers, (byPeriod) => filled(byPeriod, (byGroup) => filled(byGroup, (values) => Array.from(values, (value) => value + 0))));
}

function filled<K, V>(map: ReadonlyMap<K, V>, plain: (value: V) => object): Readonly<Record<string, object>> {
  const entries = [...map].map(([key, value]) => [String(key), plain(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => Object.keys(value).length > 0));
}
