/** The groups of a paired table by the plain rule, entity by entity: shares nothing with kernels or SQL. */
import { firstDayOf, lastDayOf } from "../../data/foundation/index.ts";
import type { GroupsAt, LabelParting, PanelSchema, Parting } from "../../data/panel/index.ts";
import type { EntityHistory } from "../../policies/explain/index.ts";
import type { Draw } from "./draw.ts";

/** Every kind of parting, at bounds that small histories reach. */
export function drawGroups(draw: Draw, at: number): GroupsAt {
  const over = { first: at - draw.integer(0, 5), last: at };
  const opening = draw.pick(["opened_on", "verified_on", undefined]);
  return {
    at,
    sales: { measure: "gmv", over: { first: at - draw.integer(0, 3), last: at } },
    partings: [
      { kind: "everyone" },
      { kind: "attribute", name: "region" },
      { kind: "attribute", name: "category" },
      { kind: "flow", measure: "orders", over, bounds: [0, 3, 8] },
      { kind: "age", ...(opening === undefined ? {} : { opening }), bounds: [0, 20, 60] },
    ],
  };
}

/** An entity, and by period the tiers that it holds under both policies, and whether it is shielded; none outside the frame. */
export interface HeldBy {
  readonly history: EntityHistory;
  readonly held: ReadonlyMap<number, { readonly tiers: readonly string[]; readonly shielded: readonly [number, number] }>;
}

/** By parting, group and tiers: entities and sales. `labelOf`: the group of an entity in a parting by labels. */
export function groupsByHand(
  { at, sales, partings }: GroupsAt,
  schema: PanelSchema,
  entities: readonly HeldBy[],
  labelOf: (parting: LabelParting, history: EntityHistory, shielded: readonly [number, number]) => number,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  for (const { history, held } of entities) {
    const sold = sumOf(history, sales?.measure ?? "", sales?.over ?? { first: 0, last: -1 });
    for (const [index, parting] of partings.entries()) {
      const there = held.get(parting.kind === "labels" ? parting.at : at);
      if (there === undefined) continue;
      const group = parting.kind === "labels" ? labelOf(parting, history, there.shielded) : groupOf(parting, history, at, schema);
      const key = [index, group, ...there.tiers].join();
      const [entities = 0, before = 0] = found.get(key) ?? [];
      found.set(key, [entities + 1, before + sold]);
    }
  }
  return found;
}

function groupOf(parting: Exclude<Parting, LabelParting>, history: EntityHistory, at: number, schema: PanelSchema): number {
  const attributes = history.rows.find(({ period }) => period === at)?.attributes ?? {};
  if (parting.kind === "everyone") return 0;
  if (parting.kind === "attribute") {
    const values = schema.attributes.find(({ name }) => name === parting.name)?.values ?? [];
    const code = values.indexOf(String(attributes[parting.name]));
    return code < 0 ? values.length : code;
  }
  const reached = (value: number) => Math.max(0, parting.bounds.filter((bound) => value >= bound).length - 1);
  if (parting.kind === "flow") return reached(sumOf(history, parting.measure, parting.over));
  const stated = parting.opening === undefined ? undefined : attributes[parting.opening];
  const first = history.rows[0]?.period ?? 0;
  if (stated === undefined && first === schema.firstPeriod) return parting.bounds.length;
  return reached(lastDayOf(schema.grain, at) - (stated === undefined ? firstDayOf(schema.grain, first) : Number(stated)));
}

function sumOf({ rows }: EntityHistory, measure: string, { first, last }: { readonly first: number; readonly last: number }): number {
  const within = rows.filter(({ period }) => period >= first && period <= last);
  return within.reduce((sum, { measures }) => sum + (measures[measure] ?? 0), 0);
}
