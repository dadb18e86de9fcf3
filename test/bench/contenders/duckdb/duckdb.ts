/** DuckDB, running the policy: the product's own SQL, or the policy by hand in one of its forms. */
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { present } from "../../../../data/foundation/index.ts";
import { openPanel } from "../../../../data/panel/index.ts";
import { tierNames } from "../../../../policies/language/index.ts";
import { attributeColumn, measureColumn, panelTableColumns, policyToSql } from "../../../../policies/sql/index.ts";
import { firstDay, firstWeek } from "../../history/history-sql.ts";
import { benchPolicy, type PolicyName } from "../../manifest.ts";
import type { Contender, Missing, OpenContender, Result, Task } from "../contender.ts";
import { policyOf } from "../policy-of.ts";
import { curvesByHand } from "./curves-by-hand.ts";
import { type FormName, forms } from "./forms.ts";
import type { HandPolicy } from "./hand-policy.ts";
import { ledgerByHand } from "./ledger-by-hand.ts";

/** A statement with its parameters. */
interface Statement {
  readonly sql: string;
  readonly parameters: readonly DuckDBValue[];
}

/** The policy by hand, in one form. */
export function byHand(form: FormName): OpenContender {
  return (task) => {
    const policy = handPolicy(task.policy);
    const statements = forms[form](policy, task.weeks).map((sql) => ({ sql, parameters: [] }));
    return contender(task, { statements, tiers: policy.tiers, origin: 0 });
  };
}

/** What `policyToSql` writes; missing, with the reason, where it refuses the policy. */
export async function generated(task: Task): Promise<Contender | Missing> {
  const policy = policyOf(task.policy);
  const { statement, diagnostics } = policyToSql(policy, openPanel(task.history.datasetFolder).schema);
  if (statement === undefined) return { missing: diagnostics.map(({ message }) => message).join("; ") };
  const sql = `SELECT period, held, count(*) FROM (${statement.sql}) GROUP BY period, held`;
  return await contender(task, { statements: [{ ...statement, sql }], tiers: tierNames(policy), origin: firstWeek });
}

function handPolicy(name: PolicyName): HandPolicy {
  return name === "curves" ? curvesByHand(firstDay) : ledgerByHand(firstDay);
}

interface Replay {
  readonly statements: readonly Statement[];
  readonly tiers: readonly string[];
  /** What the query calls the first week. */
  readonly origin: number;
}

async function contender(task: Task, { statements, tiers, origin }: Replay): Promise<Contender> {
  // More than it takes for 100,000 sellers; what does not fit goes to the folder of the history.
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "8GB", temp_directory: join(task.history.csvFolder, "spill") });
  const connection = await instance.connect();
  const run = async (): Promise<Result> => {
    for (const { sql } of statements.slice(0, -1)) await connection.run(sql);
    const { sql, parameters } = present(statements.at(-1), "a query");
    const rows = (await connection.runAndReadAll(sql, [...parameters])).getRows();
    return Object.fromEntries(rows.map(([week, held, sellers]) => [`${Number(week) - origin} ${tiers[Number(held)]}`, Number(sellers)]));
  };
  return {
    cold: async () => {
      await connection.run(`ATTACH '${task.history.databaseFile}' AS stored (READ_ONLY)`);
      await connection.run("USE stored");
      await viewPanel(connection, task);
      return await run();
    },
    hold: async () => {
      await connection.run("ATTACH ':memory:' AS held");
      for (const table of ["history", "happenings"]) await connection.run(`CREATE TABLE held.${table} AS FROM stored.${table}`);
      await connection.run("USE held");
      await connection.run("DETACH stored");
      await viewPanel(connection, task);
    },
    warm: run,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The tables that the product's SQL reads. The entity is its number: shorter than the key, and faster to join. */
async function viewPanel(connection: DuckDBConnection, { policy, history }: Task): Promise<void> {
  const { schema } = openPanel(history.datasetFolder);
  const read = new Set(benchPolicy(policy).measures);
  const sources = new Map([
    ["entity", "seller"],
    ["period", `week + ${firstWeek}`],
    [attributeColumn("opened_on"), "opened_on"],
    ...schema.measures.filter(({ name }) => read.has(name)).map(({ name }) => [measureColumn(name), `${name}::BIGINT`] as const),
  ]);
  const columns = panelTableColumns(schema).flatMap(({ name }) => (sources.has(name) ? [`${sources.get(name)} AS "${name}"`] : []));
  await connection.run(`CREATE OR REPLACE TEMP VIEW panel AS SELECT ${columns.join(", ")} FROM history`);
}
