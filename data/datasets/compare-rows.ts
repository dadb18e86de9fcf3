/** Compares good rows with each other: duplicates are left out, corrections and snapshots are chosen among. */
import { type CheckContext, type CheckedFile, rejectMore } from "./check-files.ts";
import { cellIndex, periodEndSql } from "./row-checks.ts";

/** A dated file, its good rows and those among them that the panel shows (`chosen`), one for each entity and period. */
export interface DatedFile extends CheckedFile {
  readonly chosen: string;
  /** Files that describe the same columns are one group: parts of one table. Groups share no column. */
  readonly group: number;
  /** The day on which a row was known, as SQL over `good`. */
  readonly known: string;
}

/** What comparing found. */
export interface ComparedRows {
  readonly dated: readonly DatedFile[];
  /** Whether rows of the panel have known-at days of their own. */
  readonly hasVersions: boolean;
  /** Snapshots that the rule did not pick. */
  readonly snapshotsPassedOver: number;
}

/**
 * Finds duplicates where it is cheap or where choosing needs it: snapshots, and panel groups with corrections. Duplicates of plain
 * panel files show when rows are written to their place (two rows for one place); then `isThorough` finds them.
 */
export async function compareDatedRows(context: CheckContext, files: readonly CheckedFile[], isThorough: boolean): Promise<ComparedRows> {
  const { db, descriptor } = context;
  const signatures: string[] = [];
  const dated: DatedFile[] = [];
  let hasVersions = false;
  let snapshotsPassedOver = 0;
  for (const checked of files) {
    const { file } = checked;
    if (file.holds !== "panel" && file.holds !== "snapshots") continue;
    const signature = `${file.holds} ${file.columns.map(columnName).sort().join(" ")}`;
    if (!signatures.includes(signature)) signatures.push(signature);
    const date = `v${cellIndex(file, file.date)}`;
    const known =
      file.holds === "snapshots"
        ? date
        : file.known === undefined
          ? periodEndSql(descriptor.grain, date)
          : `v${cellIndex(file, file.known)}`;
    if (file.holds === "panel" && file.known !== undefined) hasVersions = true;
    dated.push({ ...checked, chosen: checked.good, group: signatures.indexOf(signature), known });
  }
  const result: DatedFile[] = [];
  for (const group of signatures.keys()) {
    const members = dated.filter((file) => file.group === group);
    const hasChoice = members.some(({ file }) => file.holds === "snapshots" || (file.holds === "panel" && file.known !== undefined));
    if (!hasChoice && !isThorough) {
      result.push(...members);
      continue;
    }
    await leaveDuplicatesOut(context, members, hasChoice);
    if (!hasChoice) {
      result.push(...members);
      continue;
    }
    for (const [index, member] of members.entries()) {
      const chosen = `${member.staged.table}_chosen`;
      const isFirst = member.file.holds === "snapshots" && member.file.rule === "first in period";
      const rank = `row_number() OVER (PARTITION BY key, period ORDER BY known ${isFirst ? "" : "DESC"}, member)`;
      const ranked = `SELECT member, "row" FROM (${unionOf(members)}) QUALIFY ${rank} = 1`;
      const own = `SELECT "row" FROM (${ranked}) WHERE member = ${index}`;
      await db.run(`CREATE OR REPLACE TEMP TABLE ${chosen} AS SELECT * FROM ${member.good} WHERE "row" IN (${own})`);
      if (member.file.holds === "snapshots") {
        const [passed] = (await db.rows(`SELECT (SELECT count(*) FROM ${member.good}) - (SELECT count(*) FROM ${chosen})`))[0] ?? [];
        snapshotsPassedOver += Number(passed ?? 0);
      }
      result.push({ ...member, chosen });
    }
  }
  return { dated: result, hasVersions, snapshotsPassedOver };
}

/** Leaves out facts of entities that the history has no row of, then repeated facts. `entity` must stand. */
export async function compareFacts(context: CheckContext, files: readonly CheckedFile[]): Promise<void> {
  for (const checked of files) {
    const { file, good } = checked;
    if (file.holds === "panel" || file.holds === "snapshots") continue;
    const column = file.key.map((each) => each.column).join(", ");
    const shownKey = `replace(key, chr(31), ', ')`;
    const strangers = `SELECT "row", ${shownKey} AS found FROM ${good} WHERE key NOT IN (SELECT key FROM entity)`;
    await rejectMore(context, checked, strangers, { code: "entity-without-rows", column, reason: "has no row in the history" });
    const same =
      file.holds === "events"
        ? ["key", `v${cellIndex(file, file.id)}`]
        : file.holds === "outcomes"
          ? [
              "key",
              `v${cellIndex(file, file.source)}`,
              `v${cellIndex(file, file.date)}`,
              ...(file.known === undefined ? [] : [`v${cellIndex(file, file.known)}`]),
            ]
          : ["key"];
    const repeated = `SELECT "row", ${shownKey} AS found FROM ${good} QUALIFY row_number() OVER (PARTITION BY ${same.join(", ")} ORDER BY "row") > 1`;
    await rejectMore(context, checked, repeated, { code: "duplicate-row", column, reason: "stands here a second time; the first is kept" });
  }
}

async function leaveDuplicatesOut(context: CheckContext, members: readonly DatedFile[], hasVersions: boolean): Promise<void> {
  const same = hasVersions ? "key, period, known" : "key, period";
  for (const [index, member] of members.entries()) {
    const ranked = `SELECT member, "row", key FROM (${unionOf(members)}) QUALIFY row_number() OVER (PARTITION BY ${same} ORDER BY member, "row") > 1`;
    const query = `SELECT "row", replace(key, chr(31), ', ') AS found FROM (${ranked}) WHERE member = ${index}`;
    const column = member.file.key.map((each) => each.column).join(", ");
    const what = member.file.holds === "snapshots" ? "date" : hasVersions ? "period and known-at day" : "period";
    await rejectMore(context, member, query, {
      code: "duplicate-row",
      column,
      reason: `has an earlier row of the same ${what}; the first is kept`,
    });
  }
}

function unionOf(members: readonly DatedFile[]): string {
  return members
    .map(({ good, known }, index) => `SELECT ${index} AS member, "row", key, period, ${known} AS known FROM ${good}`)
    .join(" UNION ALL ");
}

function columnName(column: DatedFile["file"]["columns"][number]): string {
  return column.kind === "measure" ? column.measure.name : column.kind === "attribute" ? column.name : "assigned tier";
}
