/** Compares good rows with each other: duplicates are left out. */
import { present } from "../foundation/index.ts";
import { byCodeUnits, eventFieldNames } from "../panel/index.ts";
import { type CheckContext, type CheckedFile, rejectMore } from "./check-files.ts";
import {
  columnName,
  type DatasetDescriptor,
  datedTables,
  type PanelFile,
  type SnapshotFile,
  type SourceFile,
  signatureOf,
} from "./descriptor.ts";
import { cellIndex, labelKnownSql, periodEndSql } from "./row-checks.ts";

/** A dated file and its good rows. */
export interface DatedFile extends CheckedFile {
  readonly file: PanelFile | SnapshotFile;
  /** Files that describe the same columns are one group: parts of one table. Groups share no column. */
  readonly group: number;
  /** The day on which a row was known, as SQL over `good`. */
  readonly known: string;
  /** By that day, the row that the panel shows among several of one entity and period; absent: there may be one only. The same in a group. */
  readonly choice?: "first" | "last";
}

/** The dated files, in the descriptor's order. */
export function datedFiles(descriptor: DatasetDescriptor, files: readonly CheckedFile[]): DatedFile[] {
  const tables = datedTables(files.map(({ file }) => file));
  return files.flatMap((checked) => {
    const { file } = checked;
    if (file.holds !== "panel" && file.holds !== "snapshots") return [];
    const group = tables.findIndex((table) => table.files.includes(file));
    const { choice } = present(tables[group], "a table");
    const date = `v${cellIndex(file, file.date)}`;
    const known =
      file.holds === "snapshots"
        ? date
        : file.known === undefined
          ? periodEndSql(descriptor.grain, date)
          : `v${cellIndex(file, file.known)}`;
    return [{ ...checked, file, group, known, ...(choice === undefined ? {} : { choice }) }];
  });
}

/** Leaves out rows that repeat or contradict each other. That there are any shows when rows are written to their places (two rows for one place). */
export async function compareDatedRows(context: CheckContext, dated: readonly DatedFile[]): Promise<void> {
  for (const group of new Set(dated.map((file) => file.group))) {
    await leaveDuplicatesOut(
      context,
      dated.filter((file) => file.group === group),
    );
  }
}

/** Leaves out facts of entities that the history has no row of, then repeated facts. `entity` must stand. */
export async function compareFacts(context: CheckContext, files: readonly CheckedFile[]): Promise<void> {
  const tables = new Map<string, Member[]>();
  for (const checked of files) {
    const { file, good } = checked;
    if (file.holds === "panel" || file.holds === "snapshots") continue;
    if (file.holds !== "rates") {
      const column = file.key.map((each) => each.column).join(", ");
      const shownKey = `replace(key, chr(31), ', ')`;
      const strangers = `SELECT "row", ${shownKey} AS found FROM ${good} WHERE key NOT IN (SELECT key FROM entity)`;
      await rejectMore(context, checked, strangers, { code: "entity-without-rows", column, reason: "has no row in the history" });
    }
    const table = file.holds === "entities" ? `entities ${signatureOf(file)}` : file.holds;
    tables.set(table, [...(tables.get(table) ?? []), factMember(context, checked)]);
  }
  for (const [table, members] of tables)
    await leaveRepeatsOut(context, members, table === "rates" ? "has another row of the same currency and date" : "stands in another row");
}

/** A file among those that may repeat each other. SQL over `good`: what makes two rows one fact, what they then say, and which of equal ones is kept. */
interface Member {
  readonly checked: CheckedFile;
  readonly same: readonly string[];
  readonly said: readonly string[];
  /** Ascending; of rows that say the same, the first is kept. */
  readonly order: string;
}

function factMember({ descriptor }: CheckContext, checked: CheckedFile): Member {
  const { file } = checked;
  const at = (part: Parameters<typeof cellIndex>[1]) => (part === undefined ? "NULL" : `v${cellIndex(file, part)}`);
  if (file.holds === "events") {
    // Over all files alike, so that what is said of one event in two of them stands in one order.
    const names = eventFieldNames({ events: descriptor.files.flatMap((each) => (each.holds === "events" ? each.kinds : [])) });
    const texts = names.map((name) => at(file.fields.find((field) => field.name === name)));
    const said = [at(file.date), at(file.kind), number(at(file.points)), ...texts];
    return { checked, same: ["key", at(file.id)], said, order: at(file.known ?? file.date) };
  }
  if (file.holds === "outcomes") {
    const same = ["key", at(file.source), at(file.date), labelKnownSql(descriptor.outcomes, file)];
    return { checked, same, said: [at(file.outcome), number(at(file.probability))], order: "0" };
  }
  if (file.holds === "rates") return { checked, same: [at(file.to), at(file.date)], said: [number(at(file.rate))], order: "0" };
  return { checked, same: ["key"], said: describedCells(file), order: "0" };
}

async function leaveDuplicatesOut(context: CheckContext, members: readonly DatedFile[]): Promise<void> {
  const hasVersions = members[0]?.choice !== undefined;
  const what = members[0]?.file.holds === "snapshots" ? "date" : hasVersions ? "period and known-at day" : "period";
  const compared = members.map((checked): Member => {
    const { file, known } = checked;
    const feed = file.holds === "snapshots" && file.feed !== undefined ? `v${cellIndex(file, file.feed)}` : undefined;
    return { checked, same: hasVersions ? ["key", "period", known] : ["key", "period"], said: describedCells(file), order: feed ?? "''" };
  });
  await leaveRepeatsOut(context, compared, `has another row of the same ${what}`);
}

/**
 * Rows of one fact that say the same: one is kept, the others are duplicates. Rows that do not: all are left out, for nothing tells which
 * one is right. What is kept does not depend on the order of rows. Cost: one grouping; more only for facts that are there twice.
 */
async function leaveRepeatsOut(context: CheckContext, members: readonly Member[], words: string): Promise<void> {
  const { db } = context;
  const [first] = members;
  if (first === undefined) return;
  const names = first.same.map((_, index) => `s${index}`).join(", ");
  const factsOf = ({ checked, same }: Member, more = "") =>
    `SELECT ${same.map((part, index) => `${part} AS s${index}`).join(", ")}${more} FROM ${checked.good}`;
  const all = members.map((member) => factsOf(member)).join(" UNION ALL ");
  await db.run(`CREATE OR REPLACE TEMP TABLE repeated AS SELECT ${names} FROM (${all}) GROUP BY ${names} HAVING count(*) > 1`);
  const [count] = (await db.rows("SELECT count(*) FROM repeated"))[0] ?? [];
  if (count === 0) return;
  const parts = members.map((member, index) => {
    const said = member.said.map((part) => `coalesce(CAST(${part} AS VARCHAR), chr(29))`);
    const more = `, ${index} AS member, "row", key, ${member.order} AS place, ${said.length === 0 ? "''" : `concat_ws(chr(30), ${said.join(", ")})`} AS said`;
    return `SELECT * FROM (${factsOf(member, more)}) SEMI JOIN repeated USING (${names})`;
  });
  await db.run(
    `CREATE OR REPLACE TEMP TABLE repeats AS SELECT member, "row", key, said, min(said) OVER fact <> max(said) OVER fact AS is_conflict,
      row_number() OVER (PARTITION BY ${names} ORDER BY place, member, "row") > 1 AS is_later
      FROM (${parts.join(" UNION ALL ")}) WINDOW fact AS (PARTITION BY ${names})`,
  );
  for (const [index, { checked }] of members.entries()) {
    const { file } = checked;
    const column = file.holds === "rates" ? file.rate.column : file.key.map((each) => each.column).join(", ");
    const found = file.holds === "rates" ? "said" : "replace(key, chr(31), ', ')";
    const which = (condition: string) => `SELECT "row", ${found} AS found FROM repeats WHERE member = ${index} AND ${condition}`;
    const conflict = `${words} that says something else; neither is kept`;
    await rejectMore(context, checked, which("is_conflict"), { code: "conflicting-row", column, reason: conflict });
    const duplicate = `${words} that says the same; one is kept`;
    await rejectMore(context, checked, which("NOT is_conflict AND is_later"), { code: "duplicate-row", column, reason: duplicate });
  }
}

/** The described columns by name; an empty flow is 0, as in the panel. */
function describedCells(file: SourceFile): string[] {
  const columns = [...file.columns].sort((a, b) => byCodeUnits(columnName(a), columnName(b)));
  return columns.map((column) => {
    const cell = `v${cellIndex(file, column)}`;
    if (column.kind === "measure") return number(column.measure.kind === "flow" ? `coalesce(${cell}, 0)` : cell);
    return column.kind === "attribute" && column.type === "number" ? number(cell) : cell;
  });
}

/** One writing for equal numbers: 5 and 5.0, 0 and -0. */
function number(cell: string): string {
  return `CAST(${cell} AS DOUBLE) + 0.0`;
}
