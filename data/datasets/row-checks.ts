/** What makes a row unfit: one entry a check, as SQL over a staged file. A row is left out for the first that holds. */

import { quoteText } from "../engines/index.ts";
import type { DiagnosticCode } from "../foundation/index.ts";
import { limits } from "../foundation/index.ts";
import type { Measure } from "../panel/index.ts";
import type { ColumnRole, DatasetDescriptor, NamedColumn, OutcomeFile, RateFile, SourceFile } from "./descriptor.ts";
import { badDay, type Cell } from "./stage-file.ts";

/** One check. `fault` and `found` are SQL over the staged columns; `reason` is what a person reads, after the column and the value. */
export interface RowCheck {
  readonly code: DiagnosticCode;
  readonly column: string;
  readonly fault: string;
  readonly found: string;
  readonly reason: string;
  readonly reasonWhenEmpty?: string;
  /** A quick reading, which only asks whether anything is wrong, needs no such check: it fails as a whole, or another check holds as well. */
  readonly isOnlyCareful?: boolean;
}

/** The cells that a file of this kind has, in the order of `v0`, `v1`..; described columns come last. */
export function cellsOf(file: SourceFile): Cell[] {
  const cells: Cell[] = [];
  const add = (named: { column: string; place: Cell["place"] } | undefined, type: Cell["type"]) => {
    if (named !== undefined) cells.push({ column: named.column, place: named.place, type });
  };
  if (file.holds !== "entities") add(file.date, "day");
  if (file.holds === "panel" || file.holds === "events" || file.holds === "outcomes") add(file.known, "day");
  if (file.holds === "snapshots") add(file.feed, "text");
  if (file.holds === "events") {
    add(file.id, "text");
    add(file.kind, "text");
    add(file.points, "number");
    for (const field of file.fields) add(field, "text");
  }
  if (file.holds === "outcomes") {
    add(file.source, "text");
    add(file.outcome, "text");
    add(file.probability, "number");
  }
  if (file.holds === "rates") {
    add(file.from, "text");
    add(file.to, "text");
    add(file.rate, "number");
  }
  for (const column of file.columns) {
    const isWhole = column.kind === "measure" && column.measure.unit === "count" && file.format === "csv";
    cells.push({ column: column.column, place: column.place, type: cellType(column), ...(isWhole ? { isWhole } : {}) });
  }
  return cells;
}

/** The texts of a staged file: the key and the cells that are texts, as SQL, with the names of their columns. */
export function textsOf(file: SourceFile): readonly { readonly text: string; readonly column: string }[] {
  const cells = cellsOf(file).map((cell, index) => ({ type: cell.type, text: `v${index}`, column: cell.column }));
  const key = file.key.map(({ column }) => column).join(", ");
  return [...(file.key.length === 0 ? [] : [{ text: "key", column: key }]), ...cells.filter(({ type }) => type === "text")];
}

/** The staged column of a named part of a file, by the order of {@link cellsOf}. */
export function cellIndex(file: SourceFile, part: { readonly place: Cell["place"]; readonly column: string } | undefined): number {
  return part === undefined ? -1 : cellsOf(file).findIndex((cell) => cell.place === part.place && cell.column === part.column);
}

/** The period of a day column, as SQL. */
export function periodSql(grain: DatasetDescriptor["grain"], day: string): string {
  if (grain === "day") return day;
  if (grain === "week") return `CAST(floor((${day} + 3) / 7.0) AS INTEGER)`;
  const date = `(DATE '1970-01-01' + ${day})`;
  return `CAST(year(${date}) * 12 + month(${date}) - 1 AS INTEGER)`;
}

/** The first day of the period that holds a day, as SQL. */
export function periodStartSql(grain: DatasetDescriptor["grain"], day: string): string {
  if (grain === "day") return day;
  if (grain === "week") return `(${periodSql("week", day)} * 7 - 3)`;
  return `CAST(date_trunc('month', DATE '1970-01-01' + ${day})::DATE - DATE '1970-01-01' AS INTEGER)`;
}

/** The last day of the period that holds a day, as SQL. */
export function periodEndSql(grain: DatasetDescriptor["grain"], day: string): string {
  if (grain === "day") return day;
  if (grain === "week") return `(${periodSql("week", day)} * 7 + 3)`;
  return `CAST(last_day(DATE '1970-01-01' + ${day}) - DATE '1970-01-01' AS INTEGER)`;
}

/** The day on which a label was known, as SQL: its own, else the day that it is about and its source's horizon and lag. */
export function labelKnownSql(sources: DatasetDescriptor["outcomes"], file: OutcomeFile): string {
  if (file.known !== undefined) return `v${cellIndex(file, file.known)}`;
  const delays = sources.map((source) => `WHEN ${quoteText(source.name)} THEN ${source.horizonDays + source.lagDays}`).join(" ");
  const delay = delays === "" ? "0" : `CASE v${cellIndex(file, file.source)} ${delays} ELSE 0 END`;
  return `CAST(v${cellIndex(file, file.date)} + ${delay} AS INTEGER)`;
}

/** The checks of a file, in the order in which they are tried. */
export function checksOf(descriptor: DatasetDescriptor, file: SourceFile): RowCheck[] {
  const { grain, knownAt } = descriptor;
  const checks: RowCheck[] = [];
  const at = (part: { readonly place: Cell["place"]; readonly column: string }) => `v${cellIndex(file, part)}`;
  const shownDay = (value: string) => `strftime(DATE '1970-01-01' + ${value}, '%Y-%m-%d')`;
  const add = (code: DiagnosticCode, column: string, fault: string, found: string, reason: string) =>
    checks.push({ code, column, fault, found, reason });
  const day = (part: { readonly place: Cell["place"]; readonly column: string }) => {
    const fault = `(${at(part)} IS NULL OR ${at(part)} = ${badDay})`;
    checks.push({
      code: "bad-date",
      column: part.column,
      fault,
      found: `r${cellIndex(file, part)}`,
      reason: "is no date from 1900 to 2199",
      reasonWhenEmpty: "the date is empty",
    });
  };
  add("malformed-row", "", "malformed", "NULL", "the line is not a JSON object");
  for (const { text, column } of textsOf(file)) {
    checks.push({
      code: "malformed-row",
      column,
      fault: `contains(${text}, chr(0))`,
      found: "NULL",
      reason: "",
      reasonWhenEmpty: "a text holds a zero byte",
    });
  }
  const keyBytes = limits.keyBytes.value;
  const tooLong = `is longer than ${keyBytes} bytes (the limit 'keyBytes')`;
  const beginning = (value: string) => `concat(left(${value}, 40), '..')`;
  if (file.holds !== "rates") {
    const key = file.key.map((column) => column.column).join(", ");
    add("missing-entity-key", key, "key IS NULL", "NULL", "the entity key is empty");
    add("key-too-long", key, `strlen(key) > ${keyBytes}`, beginning("key"), tooLong);
  }
  if (file.holds !== "entities") day(file.date);
  const known = file.holds === "panel" || file.holds === "events" || file.holds === "outcomes" ? file.known : undefined;
  if (known !== undefined) day(known);
  if (file.holds === "events") {
    add("missing-entity-key", file.id.column, `${at(file.id)} IS NULL`, "NULL", "the event has no id");
    add("key-too-long", file.id.column, `strlen(${at(file.id)}) > ${keyBytes}`, beginning(at(file.id)), tooLong);
    const kinds = file.kinds.map((kind) => quoteText(kind.name)).join(", ");
    add(
      "unknown-kind",
      file.kind.column,
      `(${at(file.kind)} IS NULL OR ${at(file.kind)} NOT IN (${kinds || "NULL"}))`,
      at(file.kind),
      "is not a kind that the descriptor lists",
    );
    if (file.points !== undefined) numberChecks(checks, file, file.points, undefined);
  }
  if (file.holds === "outcomes") {
    const sources = descriptor.outcomes.map((source) => quoteText(source.name)).join(", ") || "''";
    add(
      "unknown-source",
      file.source.column,
      `(${at(file.source)} IS NULL OR ${at(file.source)} NOT IN (${sources}))`,
      at(file.source),
      "is not a source that the descriptor defines",
    );
    const words = "('harmful', 'fine', 'pending')";
    add(
      "unknown-outcome",
      file.outcome.column,
      `(${at(file.outcome)} IS NULL OR ${at(file.outcome)} NOT IN ${words})`,
      at(file.outcome),
      "is neither harmful, fine nor pending",
    );
    const end = `${at(file.date)} <> ${periodEndSql(grain, at(file.date))}`;
    add("not-a-period-end", file.date.column, end, shownDay(at(file.date)), `is not the last day of a ${grain}`);
    if (file.probability !== undefined) {
      numberChecks(checks, file, file.probability, undefined);
      const value = at(file.probability);
      add(
        "bad-probability",
        file.probability.column,
        `NOT (${value} > 0 AND ${value} <= 1)`,
        `r${cellIndex(file, file.probability)}`,
        "is not above 0 and at most 1",
      );
    }
  }
  if (file.holds === "rates") rateChecks(checks, file, descriptor.currency ?? "");
  for (const column of file.columns) columnChecks(checks, file, column);
  if (file.holds !== "entities") {
    const reach = file.holds === "panel" ? periodStartSql(grain, at(file.date)) : at(file.date);
    add("after-known-at", file.date.column, `${reach} > ${knownAt}`, shownDay(at(file.date)), "is after the dataset's known-at day");
    if (known !== undefined) {
      add("after-known-at", known.column, `${at(known)} > ${knownAt}`, shownDay(at(known)), "is after the dataset's known-at day");
      add("known-too-early", known.column, `${at(known)} < ${reach}`, shownDay(at(known)), "is before the day that the row is about");
    }
  }
  return checks;
}

function rateChecks(checks: RowCheck[], file: RateFile, currency: string): void {
  const add = (code: DiagnosticCode, part: NamedColumn, fault: (value: string) => string, reason: string, reasonWhenEmpty: string) => {
    const value = `v${cellIndex(file, part)}`;
    const found = part === file.rate ? `r${cellIndex(file, part)}` : value;
    checks.push({ code, column: part.column, fault: `(${value} IS NULL OR ${fault(value)})`, found, reason, reasonWhenEmpty });
  };
  const isOther = (value: string) => `${value} <> ${quoteText(currency)}`;
  add("other-currency", file.from, isOther, `is not ${currency}, the currency that this dataset's amounts are in`, "the currency is empty");
  const isNoCode = (value: string) => `NOT regexp_full_match(${value}, '[A-Z]{3}')`;
  add("bad-currency", file.to, isNoCode, "is not a currency code such as USD", "the currency is empty");
  add("bad-currency", file.to, (value) => `${value} = ${quoteText(currency)}`, "is the currency that the amounts are in already", "");
  numberChecks(checks, file, file.rate, undefined);
  add("bad-rate", file.rate, (value) => `${value} <= 0`, "is not above 0", "the rate is empty");
}

function columnChecks(checks: RowCheck[], file: SourceFile, column: ColumnRole): void {
  const cell = cellIndex(file, column);
  if (column.kind === "assigned_tier") {
    const tiers = column.tiers.map(quoteText).join(", ") || "''";
    checks.push({
      code: "unknown-assigned-tier",
      column: column.column,
      fault: `v${cell} NOT IN (${tiers})`,
      found: `v${cell}`,
      reason: "is not one of the declared tiers",
    });
    return;
  }
  if (column.kind === "attribute") {
    if (column.type === "number") numberChecks(checks, file, column, undefined);
    if (column.type === "day") {
      checks.push({
        code: "bad-date",
        column: column.column,
        fault: `v${cell} = ${badDay}`,
        found: `r${cell}`,
        reason: "is no date from 1900 to 2199",
      });
    }
    return;
  }
  numberChecks(checks, file, column, column.measure);
  const whole = file.columns.find((each) => each.kind === "measure" && each.measure.name === column.measure.partOf);
  if (whole === undefined) return;
  const [part, all] = [`coalesce(v${cell}, 0)`, `coalesce(v${cellIndex(file, whole)}, 0)`];
  checks.push({
    code: "part-above-whole",
    column: column.column,
    fault: `${part} > ${all}`,
    found: `concat(coalesce(r${cell}, '0'), ' of ', coalesce(r${cellIndex(file, whole)}, '0'))`,
    reason: `is more than '${whole.column}', of which it is a part`,
  });
}

function numberChecks(
  checks: RowCheck[],
  file: SourceFile,
  part: { readonly place: Cell["place"]; readonly column: string },
  measure: Measure | undefined,
): void {
  const index = cellIndex(file, part);
  const value = `v${index}`;
  const add = (code: DiagnosticCode, fault: string, reason: string) =>
    checks.push({ code, column: part.column, fault, found: `r${index}`, reason });
  checks.push({
    code: "not-a-number",
    column: part.column,
    fault: `(${value} IS NULL AND r${index} IS NOT NULL)`,
    found: `r${index}`,
    reason: "is not a number",
    isOnlyCareful: true,
  });
  // A quick reading takes counts of CSV as whole numbers, and finds values that are not finite to be too large.
  const isWhole = measure?.unit === "count" && file.format === "csv";
  const addCareful = (code: DiagnosticCode, fault: string, reason: string) =>
    checks.push({ code, column: part.column, fault, found: `r${index}`, reason, isOnlyCareful: true });
  (measure === undefined ? add : addCareful)("not-finite", `NOT isfinite(${value})`, "is not a finite number");
  if (measure === undefined) return;
  const scale = 10 ** measure.decimals;
  if (measure.unit === "count" || measure.unit === "share") {
    add("negative-value", `${value} < 0`, `is below 0; a ${measure.unit} cannot be`);
  }
  if (measure.unit === "share" && measure.kind === "level") {
    add("share-above-one", `${value} > 1`, "is above 1; a share is a fraction of 1");
  }
  const addSize = isWhole ? addCareful : add;
  addSize("too-large", `abs(${value}) * ${scale} > ${limits.measureAbsolute.value}`, "is too large to be added up exactly");
  const isFraction = `round(${value} * ${scale}) / ${scale} <> ${value}`;
  if (measure.unit === "count") addSize("not-whole", isFraction, "is not a whole number; a count is");
  else add("too-many-decimals", isFraction, `has more than the ${measure.decimals} decimals that are declared`);
}

function cellType(column: ColumnRole): Cell["type"] {
  if (column.kind === "measure") return "number";
  return column.kind === "attribute" ? column.type : "text";
}
