/**
 * A history that stays where it lies: what is known of it is asked of the engine, as sums, and what every replay takes for granted is held
 * against all of its rows.
 */
import { quoteName } from "../../data/engines/index.ts";
import { diagnose, formatDay, formatPeriod, InputRefused, present } from "../../data/foundation/index.ts";
import type { DatasetManifest, Measure, MeasureQuality, PanelSchema, PeriodCount } from "../../data/panel/index.ts";
import { measureColumn } from "../../policies/sql/index.ts";
import type { LaidDescription } from "./laid-description.ts";

/** What the tables say of themselves. */
export interface LaidDataset {
  readonly digest: string;
  readonly rows: number;
  readonly shards: number;
  readonly described: LaidDescription;
  /** Rows of own tables that are about later than what was known; absent where tables were laid down. */
  readonly leftOut?: number;
}

/** Runs a statement over the tables `panel` and `events`. */
export type AskTables = (sql: string) => Promise<readonly (readonly (string | number | bigint | boolean | null)[])[]>;

/** The manifest of the dataset that lies in a connection's tables. @throws InputRefused `engine-unfit`, at the first thing that is not so. */
export async function connectedManifest(ask: AskTables, laid: LaidDataset, connection: string): Promise<DatasetManifest> {
  const { name, title, source, schema } = laid.described;
  const unfit = (message: string) => {
    const cure = "Mend the tables where they are made; policies/README.md says what they hold.";
    return new InputRefused([diagnose("engine-unfit", { message: `connection '${connection}': ${message}`, cure })]);
  };
  const lives = await askLives(ask, laid, unfit);
  const rows = lives.reduce((sum, life) => sum + life.rows, 0);
  if (rows !== laid.rows) throw unfit(`table 'panel' has ${rows} rows, and table 'laid' says ${laid.rows}`);
  const measures = await askMeasures(ask, schema, rows, unfit);
  const events = await askEvents(ask, schema, unfit);
  const periodsOf = (periods: (life: Life) => readonly number[]) => countedByPeriod(schema, lives, periods);
  return {
    formatVersion: 1,
    id: `${name}-${laid.digest.slice(0, 12)}`,
    name,
    title,
    digest: laid.digest,
    schema,
    entities: lives.reduce((sum, { entities }) => sum + entities, 0),
    rows,
    periods: {
      grain: schema.grain,
      from: formatPeriod(schema.grain, schema.firstPeriod),
      to: formatPeriod(schema.grain, schema.lastPeriod),
      count: schema.lastPeriod - schema.firstPeriod + 1,
    },
    totals: Object.fromEntries(measures.flatMap(({ total, quality }) => (total === undefined ? [] : [[quality.name, total]]))),
    rejected: { rows: 0, reasons: [] },
    quality: {
      measures: measures.map(({ quality }) => quality),
      entitiesByFirstPeriod: periodsOf(({ first }) => [first]),
      entitiesByLastPeriod: periodsOf(({ last }) => [last]),
      entitiesByPeriod: periodsOf(({ first, last }) => Array.from({ length: last - first + 1 }, (_, offset) => first + offset)),
      gaps: { rows: 0, rowShare: 0, entities: 0, sourceAbsentRows: 0, emptyPeriods: [] },
      labels: [],
      events,
      remarks: [
        `Its rows lie in connection '${connection}' and stay there: it is replayed by --engine ${connection}. Whether a row stood behind each of its rows, and its labels, are not known here.`,
        ...((laid.leftOut ?? 0) > 0
          ? [
              `${laid.leftOut} rows of its table are about periods that begin after ${formatDay(schema.knownAt)}, the known-at day, and are not read.`,
            ]
          : []),
      ],
    },
    source,
    hasTruth: false,
    hasVersions: false,
    chunks: [],
    liesIn: connection,
  };
}

type Unfit = (message: string) => InputRefused;

/** Entities that came and went together. */
interface Life {
  readonly first: number;
  readonly last: number;
  readonly entities: number;
  readonly rows: number;
}

async function askLives(ask: AskTables, { shards, described }: LaidDataset, unfit: Unfit): Promise<readonly Life[]> {
  const { firstPeriod, lastPeriod } = described.schema;
  const entities = `SELECT "entity", min("period") AS "first", max("period") AS "last", count(*) AS "rows", count(DISTINCT "period") AS "periods",
    min("shard") AS "lowest", max("shard") AS "highest" FROM "panel" GROUP BY "entity"`;
  const isWrong = `"entity" IS NULL OR "rows" <> "periods" OR "periods" <> "last" - "first" + 1 OR "lowest" <> "highest" OR "lowest" IS NULL
    OR "lowest" < 0 OR "highest" >= ${shards}`;
  const answer = await ask(
    `SELECT "first", "last", count(*), sum("rows"), count(CASE WHEN ${isWrong} THEN 1 END), min(CASE WHEN ${isWrong} THEN "entity" END)
    FROM (${entities}) AS "entities" GROUP BY "first", "last" ORDER BY "first", "last"`,
  );
  const wrong = answer.reduce((sum, row) => sum + Number(row[4]), 0);
  const example = answer.map((row) => row[5]).find((key) => typeof key === "string");
  if (wrong > 0)
    throw unfit(
      `${wrong} entities have a gap, a period twice, two shards or none of 0 to ${shards - 1}, or no key; one is '${example ?? ""}'`,
    );
  const lives = answer.map(([first, last, count, rows]) => ({
    first: Number(first),
    last: Number(last),
    entities: Number(count),
    rows: Number(rows),
  }));
  const outside = lives.find(({ first, last }) => first < firstPeriod || last > lastPeriod);
  if (outside !== undefined)
    throw unfit(`rows of periods ${outside.first} to ${outside.last} lie outside the history, ${firstPeriod} to ${lastPeriod}`);
  return lives;
}

function countedByPeriod(
  { grain }: PanelSchema,
  lives: readonly Life[],
  periodsOf: (life: Life) => readonly number[],
): readonly PeriodCount[] {
  const counts = new Map<number, number>();
  for (const life of lives) for (const period of periodsOf(life)) counts.set(period, (counts.get(period) ?? 0) + life.entities);
  return [...counts].sort(([a], [b]) => a - b).map(([period, entities]) => ({ period: formatPeriod(grain, period), entities }));
}

const signed: ReadonlySet<Measure["unit"]> = new Set(["number", "points", "money", "days", "hours"]);

async function askMeasures(
  ask: AskTables,
  { measures }: PanelSchema,
  rows: number,
  unfit: Unfit,
): Promise<readonly { readonly quality: MeasureQuality; readonly total?: number }[]> {
  if (measures.length === 0) return [];
  const columns = measures.map(({ name }) => quoteName(measureColumn(name)));
  const asked = columns.map(
    (column) =>
      `min(${column}), max(${column}), count(${column}), count(CASE WHEN ${column} = 0 THEN 1 END), CAST(sum(CAST(${column} AS DECIMAL(38, 0))) AS VARCHAR)`,
  );
  const [answer = []] = await ask(`SELECT ${asked.join(", ")} FROM "panel"`);
  return measures.map(({ name, kind, unit, decimals }, index) => {
    const [min, max, known, zeros, sum] = answer.slice(5 * index, 5 * index + 5);
    const missing = rows - Number(known);
    if (kind === "flow" && missing > 0) throw unfit(`flow '${name}' is empty in ${missing} rows`);
    for (const value of [min, max])
      if (value !== null && !Number.isSafeInteger(Number(value))) throw unfit(`measure '${name}' holds ${value}, beyond 2^53`);
    if (min !== null && Number(min) < 0 && !signed.has(unit)) throw unfit(`measure '${name}' is a ${unit} and holds ${min}`);
    if (max !== null && unit === "share" && Number(max) > 10 ** decimals) throw unfit(`measure '${name}' is a share and holds ${max}`);
    const inUnits = (value: unknown) => Number(`${String(value)}e-${decimals}`);
    const quality = {
      name,
      ...(min === null || max === null ? {} : { min: inUnits(min), max: inUnits(max) }),
      missingShare: rows === 0 ? 0 : missing / rows,
      zeroShare: rows === 0 ? 0 : Number(zeros) / rows,
      quantiles: [],
    };
    return { quality, ...(kind === "flow" && sum !== null ? { total: inUnits(sum) } : {}) };
  });
}

async function askEvents(
  ask: AskTables,
  schema: PanelSchema,
  unfit: Unfit,
): Promise<readonly { readonly kind: string; readonly count: number }[]> {
  // A shard is asked for its own events only: what lies in another than its entity would be in no figure.
  const isWrong = `"lies" IS NULL OR "position" IS NULL OR "times" > 1 OR "known_day" IS NULL`;
  const answer = await ask(
    `SELECT "kind", count(*), count(CASE WHEN ${isWrong} THEN 1 END)
    FROM (SELECT "kind", "entity", "shard", "position", "known_day", count(*) OVER (PARTITION BY "entity", "position") AS "times" FROM "events") AS "each"
    LEFT JOIN (SELECT DISTINCT "entity" AS "whose", "shard" AS "lies" FROM "panel") AS "there" ON "whose" = "entity" AND "lies" = "shard"
    GROUP BY "kind" ORDER BY "kind"`,
  );
  const known = new Set(schema.events.map(({ name }) => name));
  return answer.map((row) => {
    const [kind, count, wrong] = [String(row[0]), Number(present(row[1], "a count")), Number(row[2])];
    if (!known.has(kind)) throw unfit(`table 'events' holds kind '${kind}', which table 'laid' does not describe`);
    if (wrong > 0)
      throw unfit(
        `${wrong} events of kind '${kind}' have no position, one twice, no day, or lie where 'panel' has no row of their entity in their shard`,
      );
    return { kind, count };
  });
}
