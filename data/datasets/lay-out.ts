/** Lays the panel out: which entities there are, from when to when, and in which chunk each stands. */

import type { DuckDb } from "../engines/index.ts";
import { checkLimit, type Diagnostic, type PeriodIndex, present } from "../foundation/index.ts";
import { byCodeUnits } from "../panel/index.ts";
import type { DatedFile } from "./compare-rows.ts";
import type { PlainPanel } from "./plain/plain-panel.ts";
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

/** What is laid out: dated files in DuckDB, or a plain panel, for which `entity` is only made when there are facts to join. */
export interface LayOutRequest {
  readonly dated: readonly DatedFile[];
  readonly plain?: PlainPanel;
  readonly hasFacts: boolean;
  readonly chunkRows: number;
}

/** Lays out what the good rows hold; undefined with a diagnostic when nothing is left or an entity is too long. */
export async function layOut(
  db: DuckDb,
  { dated, plain, hasFacts, chunkRows }: LayOutRequest,
): Promise<{ layout?: PanelLayout; diagnostics: readonly Diagnostic[] }> {
  const { entities, firstPeriod, lastPeriod } = plain ?? (await findEntities(db, dated));
  if (entities.length === 0) return { diagnostics: [] };
  if (plain !== undefined && hasFacts) await makeEntityTable(db, entities);
  const from = firstPeriod.reduce((least, period) => Math.min(least, period));
  const to = lastPeriod.reduce((most, period) => Math.max(most, period));
  const { sourceSet, absent } = await (plain === undefined
    ? findAbsences(db, dated, entities.length, from, to)
    : findPlainAbsences(plain, from, to));
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

/** Who stands in the good rows, sorted, from when to when. Makes the table `entity`. */
async function findEntities(
  db: DuckDb,
  dated: readonly DatedFile[],
): Promise<{ entities: readonly string[]; firstPeriod: Int32Array; lastPeriod: Int32Array }> {
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
  const order = Int32Array.from(keys, (_, index) => index);
  // DuckDB orders by bytes, which differs from the order of code units only beyond the basic plane.
  const isOrdered = keys.every((key, index) => index === 0 || byCodeUnits(present(keys[index - 1], "key"), key) < 0);
  if (!isOrdered) order.sort((a, b) => byCodeUnits(keys[a] ?? "", keys[b] ?? ""));
  const entities = Array.from(order, (position) => keys[position] ?? "");
  if (!isOrdered) await makeEntityTable(db, entities);
  else {
    const numbered = "SELECT key, CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS code FROM ranges";
    await db.run(`CREATE OR REPLACE TEMP TABLE entity AS ${numbered}`);
  }
  const firstPeriod = Int32Array.from(order, (position) => bounds[2 * position] as number);
  const lastPeriod = Int32Array.from(order, (position) => bounds[2 * position + 1] as number);
  return { entities, firstPeriod, lastPeriod };
}

async function makeEntityTable(db: DuckDb, entities: readonly string[]): Promise<void> {
  await db.run("CREATE OR REPLACE TEMP TABLE entity (key VARCHAR, code INTEGER)");
  await db.appendPositions("entity", entities);
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
  if (isSteady(runs)) return { sourceSet, absent: [] };
  const sets = new SourceSets(runs, from, to);
  const names = `SELECT e.code, string_agg(DISTINCT source, chr(30) ORDER BY source) FROM (${rows}) JOIN entity e USING (key) GROUP BY e.code`;
  await db.stream(names, (batch) => {
    const [codes, texts] = [batch.numbers(0, 0), batch.texts(1)];
    for (let i = 0; i < batch.rowCount; i++) sourceSet[codes[i] as number] = sets.codeOf(texts[i] ?? "");
  });
  return { sourceSet, absent: sets.absent };
}

/** The same for a plain panel, whose sources are its tables. */
function findPlainAbsences(
  { files, entities }: PlainPanel,
  from: PeriodIndex,
  to: PeriodIndex,
): { sourceSet: Int32Array; absent: Uint8Array[] } {
  const sourceSet = new Int32Array(entities.length).fill(-1);
  const runs = new Map<string, Uint8Array>();
  for (const { group, periods } of files) {
    const delivered = runs.get(String(group)) ?? new Uint8Array(to - from + 1);
    for (const period of periods) delivered[period - from] = 1;
    runs.set(String(group), delivered);
  }
  if (isSteady(runs)) return { sourceSet, absent: [] };
  const holders = new Map([...runs.keys()].map((group) => [group, new Uint8Array(entities.length)]));
  for (const { group, places } of files) {
    const holds = present(holders.get(String(group)), "group");
    for (const parser of places) for (const place of parser) holds[place] = 1;
  }
  const sets = new SourceSets(runs, from, to);
  for (let entity = 0; entity < entities.length; entity++) {
    const groups = [...holders].filter(([, holds]) => holds[entity] === 1).map(([group]) => group);
    sourceSet[entity] = sets.codeOf(groups.join("\u001e"));
  }
  return { sourceSet, absent: sets.absent };
}

/** Whether no source is absent after its first delivery. */
function isSteady(runs: ReadonlyMap<string, Uint8Array>): boolean {
  return [...runs.values()].every((delivered) => delivered.lastIndexOf(0) < delivered.indexOf(1));
}

/** Sets of sources by name (the names of sources, a record separator between them), each with the periods in which all of it is absent. */
class SourceSets {
  readonly absent: Uint8Array[] = [];
  readonly #codes = new Map<string, number>();
  readonly #runs: ReadonlyMap<string, Uint8Array>;
  readonly #periods: number;

  constructor(runs: ReadonlyMap<string, Uint8Array>, from: PeriodIndex, to: PeriodIndex) {
    this.#runs = runs;
    this.#periods = to - from + 1;
  }

  codeOf(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const delivered = name.split("\u001e").map((source) => present(this.#runs.get(source), "source"));
    this.absent.push(Uint8Array.from({ length: this.#periods }, (_, period) => (delivered.some((each) => each[period] === 1) ? 0 : 1)));
    this.#codes.set(name, this.absent.length - 1);
    return this.absent.length - 1;
  }
}
