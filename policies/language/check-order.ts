/** Puts the sections of a policy in order of use, and refuses circles and peers of peers. */
import { orderOfUse } from "./order-of-use.ts";
import { placeOfPart } from "./places.ts";
import type { Problems } from "./problems.ts";
import { closureOf, type NamedParts, readsOf } from "./reads.ts";

/** The parts, each section in order of use: whatever reads what. */
export function inOrderOfUse<T extends NamedParts>(parts: T, problems: Problems): T {
  const reads = readsOf(parts);
  const { parameters, windows, metrics, scores, ledgers, conditions } = parts;
  const all = [...parameters, ...windows, ...metrics, ...scores, ...ledgers, ...conditions];
  const { circle } = orderOfUse<{ readonly name: string }>(all, ({ name }) => reads.get(name) ?? []);
  if (circle !== undefined) {
    const start = all.find(({ name }) => name === circle[0]);
    problems.add("cycle", start === undefined ? undefined : placeOfPart(start), {
      message: `definitions read each other in a circle: ${circle.join(" -> ")}`,
      found: circle.join(" -> "),
    });
    return parts;
  }
  refusePeersOfPeers(parts, reads, problems);
  const sorted = <D extends { readonly name: string }>(section: readonly D[]): readonly D[] =>
    orderOfUse(section, ({ name }) => closureOf(reads.get(name) ?? [], reads)).ordered;
  return { ...parts, metrics: sorted(metrics), scores: sorted(scores), ledgers: sorted(ledgers), conditions: sorted(conditions) };
}

/** What is compared among peers is gathered in one pass over everybody, so it cannot depend on such a comparison itself. */
function refusePeersOfPeers({ metrics }: NamedParts, reads: ReadonlyMap<string, readonly string[]>, problems: Problems): void {
  const compared = new Set(metrics.flatMap(({ kind, name }) => (kind === "rank" || kind === "ratio" ? [name] : [])));
  for (const metric of metrics) {
    if (metric.kind !== "rank" && metric.kind !== "ratio") continue;
    const roots = [metric.of.name, ...(metric.among?.to === "metric" ? [metric.among.name] : [])];
    const inner = [...closureOf(roots, reads)].find((name) => compared.has(name));
    if (inner === undefined) continue;
    problems.add("peers-of-peers", placeOfPart(metric), {
      message: `'${metric.name}' compares '${metric.of.name}' among peers, which itself depends on '${inner}', a comparison among peers`,
      found: inner,
    });
  }
}
