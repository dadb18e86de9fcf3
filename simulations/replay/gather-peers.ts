/** What the peers of every entity have, gathered before a replay: one pass over the panel. */
import type { PeriodIndex } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { compileItem, PeerCollector } from "../../policies/compile/index.ts";
import type { PeerValues, Policy, Programme } from "../../policies/language/checked/index.ts";

/**
 * The values that peers have at each evaluation, one answer a policy or programme in force, in their order; undefined for one without rank and ratio.
 * Peers are all entities of the panel, whatever chunk they are in. Nothing after `to` is read.
 *
 * Cost: nothing when no policy compares peers, else one pass over the panel. Memory: 8 to 16 bytes an entity and evaluation. Errors:
 * InputRefused (`limit-exceeded`) beyond the limit `peerValues`, or when a window sum passes 2^53 in smallest units.
 */
export function gatherPeers(panel: Panel, policies: readonly (Policy | Programme)[], to: PeriodIndex): readonly (PeerValues | undefined)[] {
  const gatherings = policies.map((item) => {
    const compiled = compileItem(item, panel.schema);
    return compiled.needsPeers ? { compiled, collector: new PeerCollector(item) } : undefined;
  });
  if (gatherings.some((gathering) => gathering !== undefined)) {
    for (let index = 0; index < panel.chunkCount; index++) {
      const chunk = panel.readChunk(index);
      for (const gathering of gatherings) gathering?.compiled.gatherPeers(chunk, gathering.collector, to);
    }
  }
  return gatherings.map((gathering) => gathering?.collector.finish());
}
