/** Lays the panel out: which entities there are, from when to when, and in which chunk each stands. */

import type { DuckDb } from "../engines/index.ts";
import { checkLimit, type Diagnostic, type PeriodIndex, present } from "../foundation/index.ts";
import { byCodeUnits } from "../panel/index.ts";
import type { DatedFile } from "./compare-rows.ts";
import { cellIndex } from "./row-checks.ts";

/** All entities in panel order. The table `entity` (key, code) holds the same order for SQL. */
export interface PanelLayout {
  readonly entities: readonly string[];
  readonly firstPeriod: Int32Array;
  readonly lastPeriod: Int32Array;
  readonly from: PeriodIndex;
  readonly to: PeriodIndex;
  /** Entities of chunk i are those from chunkStart[i] to chunkStart[i + 1] - 1. */
  readonly chunkStart: readonly number[];
  readonly rows: number;
  /** For each entity, which of `absent` holds for it; -1: its sources are never absent. */
  readonly sourceSet: Int32Array;
  /** By source set: 1 for each period from `from` on in which none of the sources delivered anything. */
  readonly absent: readonly Uint8Array[];
}

/** Lays out what the good rows hold; undefined with a diagnostic when nothing is left or an entity is too long. */
export async function layOut(
  db: DuckDb,
  dated: readonly DatedFile[],
  chunkRows: number,
): Promise<{ layout?: PanelLayout; diagnostics: readonly Diagnostic[] }> {
  const all = dated.map(({ good }) => `SELECT key, period FROM ${good}`).join(" UNION ALL ");
  await db.run(`CREATE OR REPLACE TEMP TABLE ranges AS SELECT key, min(period) AS first, max(period) AS last FROM (${all}) GROUP BY key`);
  const keys: string[] = [];
  const bounds: number[] = [];
  await db.stream("SELECT key, first, last FROM ranges ORDER BY key", (batch) => {
    const [texts, first, last] = [batch.texts(0), batch.numbers(1, 0), batch.numbers(2, 0)];
    for (let i = 0; i < batch.rowCount; i++) {
      keys.push(texts[i] ?? "");
      bounds.push(first[i] as number, last[i] as number);
    }
  });
  if (keys.length === 0) return { diagnostics: [] };
  const order = await orderEntities(db, keys);
  const entities = Array.from(order, (position) => keys[position] ?? "");
  const firstPeriod = Int32Array.from(order, (position) => bounds[2 * position] as number);
  const lastPeriod = Int32Array.from(order, (position) => bounds[2 * position + 1] as number);
  const from = firstPeriod.reduce((least, period) => Math.min(least, period));
  const to = lastPeriod.reduce((most, period) => Math.max(most, period));
  const { sourceSet, absent } = await findAbsences(db, dated, entities.length, from, to);
  let longest = 0;
  let rows = 0;
  const chunkStart = [0];
  let inChunk = 0;
  for (let i = 0; i < entities.length; i++) {
    const gone = absent[sourceSet[i] as number];
    if (gone !== undefined)
      while ((lastPeriod[i] as number) < to && gone[(lastPeriod[i] as number) + 1 - from] === 1)
        lastPeriod[i] = (lastPeriod[i] as number) + 1;
    const count = (lastPeriod[i] as number) - (firstPeriod[i] as number) + 1;
    longest = Math.max(longest, count);
    if (inChunk > 0 && inChunk + count > chunkRows) {
      chunkStart.push(i);
      inChunk = 0;
    }
    inChunk += count;
    rows += count;
  }
  chunkStart.push(entities.length);
  const tooLong = checkLimit("chunkRowsOneEntity", longest);
  if (tooLong !== undefined) return { diagnostics: [tooLong] };
  return { layout: { entities, firstPeriod, lastPeriod, from, to, chunkStart, rows, sourceSet, absent }, diagnostics: [] };
}

/** The positions of the keys in code unit order, which differs from DuckDB's order by bytes only beyond the basic plane. */
async function orderEntities(db: DuckDb, keys: readonly string[]): Promise<Int32Array> {
  const order = Int32Array.from(keys, (_, index) => index);
  const isOrdered = keys.every((key, index) => index === 0 || byCodeUnits(present(keys[index - 1], "key"), key) < 0);
  if (isOrdered) {
    await db.run(
      `CREATE OR REPLACE TEMP TABLE entity AS SELECT key, CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS code FROM ranges`,
    );
    return order;
  }
  order.sort((a, b) => byCodeUnits(keys[a] ?? "", keys[b] ?? ""));
  await db.run("CREATE OR REPLACE TABLE entity (key VARCHAR, code INTEGER)");
  await db.appendPositions(
    "entity",
    Array.from(order, (position) => keys[position] ?? ""),
  );
  return order;
}

/**
 * A source is a panel table, a snapshot file, or a feed within one. In a period in which it delivered nothing for anyone (after its first
 * delivery), it is absent; an entity whose sources are all absent then has a gap, not an exit.
 */
async function findAbsences(
  db: DuckDb,
  dated: readonly DatedFile[],
  entityCount: number,
  from: PeriodIndex,
  to: PeriodIndex,
): Promise<{ sourceSet: Int32Array; absent: Uint8Array[] }> {
  const sourceSet = new Int32Array(entityCount).fill(-1);
  const rows = dated
    .map(({ file, good, group }) => {
      const feed = file.holds === "snapshots" && file.feed !== undefined ? `coalesce(v${cellIndex(file, file.feed)}, '')` : "''";
      return `SELECT concat(${group}, chr(31), ${feed}) AS source, key, period FROM ${good}`;
    })
    .join(" UNION ALL ");
  const runs = new Map<string, Uint8Array>();
  for (const { file, good, group } of dated) {
    const feed = file.holds === "snapshots" && file.feed !== undefined ? `coalesce(v${cellIndex(file, file.feed)}, '')` : "''";
    for (const [name, period] of await db.rows(`SELECT DISTINCT ${feed}, period FROM ${good}`)) {
      const source = `${group}\u001f${String(name)}`;
      const delivered = runs.get(source) ?? new Uint8Array(to - from + 1);
      delivered[Number(period) - from] = 1;
      runs.set(source, delivered);
    }
  }
  const isSteady = [...runs.values()].every((delivered) => delivered.lastIndexOf(0) < delivered.indexOf(1));
  if (isSteady) return { sourceSet, absent: [] };
  const setOf = new Map<string, number>();
  const absent: Uint8Array[] = [];
  const sets = `SELECT e.code, string_agg(DISTINCT source, chr(30) ORDER BY source) FROM (${rows}) JOIN entity e USING (key) GROUP BY e.code`;
  await db.stream(sets, (batch) => {
    const [codes, names] = [batch.numbers(0, 0), batch.texts(1)];
    for (let i = 0; i < batch.rowCount; i++) {
      const name = names[i] ?? "";
      let set = setOf.get(name);
      if (set === undefined) {
        set = absent.length;
        setOf.set(name, set);
        const delivered = name.split("\u001e").map((source) => present(runs.get(source), "source"));
        absent.push(Uint8Array.from({ length: to - from + 1 }, (_, period) => (delivered.some((each) => each[period] === 1) ? 0 : 1)));
      }
      sourceSet[codes[i] as number] = set;
    }
  });
  return { sourceSet, absent };
}
