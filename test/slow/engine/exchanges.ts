/** What a statement sends from one worker to another, as the engine's own plan of it has it; and what there is for it to read. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Trino } from "../../../data/engines/index.ts";
import type { SqlText } from "../../../policies/sql/index.ts";

/** One part of a plan that goes over the network. */
export interface Exchange {
  /** `HASH entity`: each row to where its entity is. `BROADCAST`: whole to every worker. `SINGLE`: to whoever asked. */
  readonly by: string;
  /** Columns that go, by name, without the numbers that the engine tells equal names apart by. */
  readonly columns: readonly string[];
}

/** Every exchange of the statement, in no particular order. */
export async function exchangesOf(trino: Trino, { sql, parameters }: SqlText): Promise<readonly Exchange[]> {
  // No place for a value may stand in what is explained.
  const values = parameters.values();
  const literal = (value: number | string | undefined) =>
    typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : `DOUBLE '${value}'`;
  const whole = sql.replaceAll("?", () => literal(values.next().value));
  const { rows } = await trino.query({ sql: `EXPLAIN (TYPE DISTRIBUTED) ${whole}`, parameters: [] });
  const plan = rows.map(([line]) => line).join("\n");
  const parts = plan.matchAll(/Output layout: \[(.*)\]\n *Output partitioning: (\w+) \[(.*)\]/g);
  return [...parts].map(([, layout = "", kind = "", keys = ""]) => ({ by: [kind, ...namesOf(keys)].join(" "), columns: namesOf(layout) }));
}

/** What the files of one shard hold, of both tables that lie in the folder. */
export function bytesOfShard(folder: string, shard: number): number {
  return ["panel", "events"]
    .map((table) => join(folder, table, `shard=${shard}`))
    .flatMap((part) => (existsSync(part) ? readdirSync(part).map((file) => statSync(join(part, file)).size) : []))
    .reduce((sum, size) => sum + size, 0);
}

function namesOf(list: string): readonly string[] {
  return list === ""
    ? []
    : list
        .split(", ")
        .map((name) => name.replace(/_\d+$/, ""))
        .toSorted();
}

const measures = (...names: readonly string[]) => names.map((name) => `measure_${name}`);

/** Of policies of the library, whose tables lie in a schema: the columns of rows and events that go to where their entity is. */
export const sentToEntities: readonly {
  readonly schema: string;
  readonly reference: string;
  readonly toEntities: readonly (readonly string[])[];
}[] = [
  {
    schema: "sellers",
    reference: "seller-performance@2.0.0",
    toEntities: [
      [
        "attribute_opened_on",
        "entity",
        ...measures("deliveries", "due_dispatches", "late_deliveries", "late_dispatches", "low_reviews", "orders", "reviews"),
        ...measures("seller_cancellations"),
        "period",
      ],
    ],
  },
  {
    schema: "shopee",
    reference: "shopee-penalty-points@2024.1.0",
    toEntities: [
      [
        "entity",
        ...measures("automatic_cancellations", "late_shipments", "net_orders", "returned_orders", "seller_cancellations", "shipped_orders"),
        "period",
      ],
      ["entity", "expr", "position"],
    ],
  },
];
