/** Where entities stand at the end of runs: their tiers under each version, by the kernels, from their own rows alone. */
import { diagnose, InputRefused, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { openPanel, type PanelChunk, type PanelSchema, takeEntities } from "../../data/panel/index.ts";
import type { DatasetRecord, RunRecord } from "../../data/store/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import type { EntityHit } from "./search-entities.ts";
import { provenanceOf } from "./stored-comparison.ts";

/** Of one run. `tier` is absent where the version compares with others, so that one entity's rows do not tell; empty where it is not in the frame. */
export interface StandingInRun {
  readonly run: string;
  readonly programme: string;
  readonly to: string;
  readonly tiers: readonly { readonly version: string; readonly role: "baseline" | "candidate"; readonly tier?: string }[];
}

/** By hit, the standings in these runs of its dataset. Cost: the chunks that hold the hits, and one run of the kernels for each version and chunk. */
export function standingsOf(
  dataset: DatasetRecord,
  hits: readonly EntityHit[],
  runs: readonly RunRecord[],
): ReadonlyMap<EntityHit, readonly StandingInRun[]> {
  const standings = new Map<EntityHit, StandingInRun[]>(hits.map((hit) => [hit, []]));
  if (runs.length === 0) return standings;
  const panel = openPanel(dataset.folder);
  for (const index of new Set(hits.map(({ chunk }) => chunk))) {
    const own = hits.filter(({ chunk }) => chunk === index).toSorted((a, b) => a.position - b.position);
    const part = takeEntities(
      panel.schema,
      panel.readChunk(index),
      Int32Array.from(own, ({ position }) => position),
    );
    const tiersAt = tierReader(panel.schema, part);
    for (const run of runs) {
      const to = String(run.inputs["to"]);
      const period = periodOf(panel.schema.grain, present(parseDay(to), "the end of a run"));
      for (const [at, hit] of own.entries()) {
        const tiers = provenanceOf(run).policies.map(({ policy, role }) => {
          const tier = tiersAt(policy, period, at);
          return { version: policy.version, role, ...(tier === undefined ? {} : { tier }) };
        });
        standings.get(hit)?.push({ run: run.id, programme: provenanceOf(run).policies[0]?.policy.programme ?? "", to, tiers });
      }
    }
  }
  return standings;
}

/** Each version runs once for each end. */
function tierReader(schema: PanelSchema, part: PanelChunk): (policy: Policy, period: number, entity: number) => string | undefined {
  const known = new Map<string, readonly string[] | undefined>();
  return (policy, period, entity) => {
    const key = `${policy.digest} ${period}`;
    if (!known.has(key)) known.set(key, tiersOf(policy, schema, part, period));
    return known.get(key)?.[entity];
  };
}

function tiersOf(policy: Policy, schema: PanelSchema, part: PanelChunk, period: number): readonly string[] | undefined {
  const compiled = compilePolicy(policy, schema);
  if (compiled.needsPeers) return undefined;
  const { held } = compiled.run(part, { to: period });
  return Array.from({ length: part.entityCount }, (_, entity) => {
    const row = (part.rowStart[entity] as number) + period - (part.firstPeriod[entity] as number);
    const isThere = row >= (part.rowStart[entity] as number) && row < (part.rowStart[entity + 1] as number);
    return isThere ? (compiled.tiers[held[row] as number] ?? "") : "";
  });
}

/** @throws InputRefused `bad-request` where there is nothing to look for. */
export function requireText(text: string): void {
  if (text.trim() === "") throw new InputRefused([diagnose("bad-request", { message: "'text' is empty: there is nothing to look for" })]);
}
