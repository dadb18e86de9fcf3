/**
 * A history that stays where it lies: what is known of it is asked of the engine, as sums, and what every replay takes for granted is held
 * against all of its rows.
 */
import { quoteName } from "../../data/engines/index.ts";
import { diagnose, formatDay, formatPeriod, InputRefused, present } from "../../data/foundation/index.ts";
import type { DatasetManifest, GapQuality, Measure, MeasureQuality, PanelSchema, PeriodCount } from "../../data/panel/index.ts";
import { assignedColumn, measureColumn } from "../../policies/sql/index.ts";
import type { LaidDescription } from "./laid-description.ts";

/** What the tables say of themselves. */
export interface LaidDataset {
  readonly digest: string;
  readonly rows: number;
  readonly shards: number;
  readonly described: LaidDescription;
  /** What is known of a warehouse's own tables; absent where tables were laid down. */
  readonly own?: OwnFindings;
}

/** What own tables were found to hold besides. */
export interface OwnFindings extends Required<Pick<DatasetManifest, "absences">> {
  /** Rows that are about, or were known, later than what was known. */
  readonly leftOut: number;
  readonly gaps: GapQuality;
}

/** Runs a statement over the tables `panel`, `events` and `outcomes`. */
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
  const { events, strangers } = await askEvents(ask, laid, unfit);
  const unseen = await askOutcomes(ask, laid, unfit);
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
      gaps: laid.own?.gaps ?? { rows: 0, rowShare: 0, entities: 0, sourceAbsentRows: 0, emptyPeriods: [] },
      labels: [],
      events,
      remarks: [
        `Its rows lie in connection '${connection}' and stay there: it is replayed by --engine ${connection}. ${laid.own === undefined ? "Whether a row stood behind each of its rows, and how good" : "How good"} its labels are, is not known here.`,
        ...(laid.own === undefined ? [] : ownRemarks(laid.own, { events: strangers, labels: unseen }, schema)),
      ],
    },
    source,
    hasTruth: false,
    hasVersions: false,
    chunks: [],
    liesIn: connection,
    ...(laid.own === undefined ? {} : { absences: laid.own.absences }),
  };
}

function ownRemarks(
  { leftOut, gaps }: OwnFindings,
  strangers: Readonly<Record<"events" | "labels", number>>,
  { knownAt }: PanelSchema,
): readonly string[] {
  return [
    ...(gaps.rows > 0
      ? [`${gaps.rows} rows of ${gaps.entities} entities stand for periods that none of its tables reports: gaps, in which flows are 0.`]
      : []),
    ...(leftOut > 0
      ? [`${leftOut} rows of its tables are about, or were known, later than ${formatDay(knownAt)}, the known-at day, and are not read.`]
      : []),
    ...Object.entries(strangers).flatMap(([what, count]) =>
      count > 0 ? [`${count} ${what} are of entities that have no row in the history, and are not read.`] : [],
    ),
  ];
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
    if (max !== null && unit === "share" && kind === "level" && Number(max) > 10 ** decimals)
      throw unfit(`measure '${name}' is a share and holds ${max}`);
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
  { described: { schema }, own }: LaidDataset,
  unfit: Unfit,
): Promise<{ readonly events: readonly { readonly kind: string; readonly count: number }[]; readonly strangers: number }> {
  // A shard is asked for its own events only: what was laid in another than its entity would be in no figure. A warehouse may have events of others.
  const isStranger = '"lies" IS NULL';
  const isWrong = `${own === undefined ? `${isStranger} OR ` : ""}"position" IS NULL OR "times" > 1 OR "known_day" IS NULL`;
  const answer = await ask(
    `SELECT "kind", count(*), count(CASE WHEN ${isWrong} THEN 1 END), count(CASE WHEN ${isStranger} THEN 1 END)
    FROM (SELECT "kind", "entity", "shard", "position", "known_day", count(*) OVER (PARTITION BY "entity", "position") AS "times" FROM "events") AS "each"
    LEFT JOIN (SELECT DISTINCT "entity" AS "whose", "shard" AS "lies" FROM "panel") AS "there" ON "whose" = "entity" AND "lies" = "shard"
    GROUP BY "kind" ORDER BY "kind"`,
  );
  const known = new Set(schema.events.map(({ name }) => name));
  let strangers = 0;
  const events = answer.map((row) => {
    const [kind, count, wrong, of] = [String(row[0]), Number(present(row[1], "a count")), Number(row[2]), Number(row[3])];
    strangers += of;
    if (!known.has(kind)) throw unfit(`table 'events' holds kind '${kind}', which table 'laid' does not describe`);
    if (wrong > 0)
      throw unfit(
        `${wrong} events of kind '${kind}' have no position, one twice, no day, or lie where 'panel' has no row of their entity in their shard`,
      );
    return { kind, count: count - of };
  });
  return { events: events.filter(({ count }) => count > 0), strangers };
}

/** A shard is asked for the labels of its own entities only, and of one source and day for the latest known. Gives how many are of others. */
async function askOutcomes(ask: AskTables, { described, own }: LaidDataset, unfit: Unfit): Promise<number> {
  const { outcomes, assignedTiers } = described.schema;
  if (outcomes.length === 0) return 0;
  const isStranger = '"lies" IS NULL';
  const isWrong = `${own === undefined ? `${isStranger} OR ` : ""}"position" IS NULL OR "position" < 1 OR "times" > 1 OR "day" IS NULL OR "known_day" IS NULL OR "harmful" IS NULL
    OR "harmful" NOT BETWEEN -1 AND 1 OR "known_day" < "before"`;
  const answer = await ask(
    `SELECT "source", count(CASE WHEN ${isStranger} THEN 1 END), count(CASE WHEN ${isWrong} THEN 1 END)
    FROM (SELECT "source", "entity", "shard", "position", "day", "known_day", "harmful", count(*) OVER (PARTITION BY "entity", "position") AS "times",
      lag("known_day") OVER (PARTITION BY "entity", "source", "day" ORDER BY "position") AS "before" FROM "outcomes") AS "each"
    LEFT JOIN (SELECT DISTINCT "entity" AS "whose", "shard" AS "lies" FROM "panel") AS "there" ON "whose" = "entity" AND "lies" = "shard"
    GROUP BY "source" ORDER BY "source"`,
  );
  const known = new Set(outcomes.map(({ name }) => name));
  let strangers = 0;
  for (const [source, of, wrong] of answer) {
    strangers += Number(of);
    if (!known.has(String(source))) throw unfit(`table 'outcomes' holds source '${source}', which table 'laid' does not describe`);
    if (Number(wrong) > 0)
      throw unfit(
        `${wrong} labels of source '${source}' have no position, one twice or against the order in which they were known, no day, no label of -1 to 1, or lie where 'panel' has no row of their entity in their shard`,
      );
  }
  if (own !== undefined || assignedTiers.length === 0) return strangers;
  const tiers = await ask(`SELECT DISTINCT ${quoteName(assignedColumn)} FROM "panel"`);
  const stranger = tiers.find(([tier]) => tier !== null && !assignedTiers.includes(String(tier)));
  if (stranger !== undefined) throw unfit(`table 'panel' holds assigned tier '${stranger[0]}', which table 'laid' does not describe`);
  return strangers;
}
