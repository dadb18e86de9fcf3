/** What would make an import leave rows of a warehouse's own tables out: counted, so that whoever connects them hears of it at its line. */
import type { DatedTable, EntityFile, EventFile, NamedColumn, OutcomeFile } from "../../data/datasets/index.ts";
import { dayOf, type Place, present } from "../../data/foundation/index.ts";
import type { Measure } from "../../data/panel/index.ts";
import { type DialectName, dialects } from "./dialects.ts";
import {
  all,
  any,
  binary,
  call,
  cast,
  choose,
  column,
  integer,
  isKnown,
  isNull,
  named,
  never,
  not,
  nothing,
  parameter,
  type SqlExpression,
  type SqlSelect,
  type SqlText,
} from "./nodes.ts";
import {
  hasMoreDecimals,
  isExact,
  isFiniteNumber,
  type KeyedFile,
  keyOf,
  own,
  ownSource,
  periodEndIn,
  periodIn,
  textOf,
} from "./own-columns.ts";
import { labelRows, outcomeWords } from "./own-outcomes.ts";
import { inOne, isRead, readRows } from "./own-panel.ts";
import type { OwnTables } from "./own-tables.ts";
import { printSql } from "./print-sql.ts";

/** One thing that no row may be. */
export interface OwnCheck {
  readonly place: Place;
  /** What is wrong with so many rows. */
  readonly says: (count: number) => string;
  readonly cure: string;
}

/** Checks, and the statement that counts what fails them. */
export interface OwnChecks {
  /** One row for each of `checks`, in no order: its position, how many rows are not read, being of later than what was known, and of each check how many rows fail it. */
  readonly statement: SqlText;
  readonly checks: readonly (readonly OwnCheck[])[];
}

/** Checks of one table's rows, and the query of one row that counts them. */
interface Counted {
  readonly checks: readonly OwnCheck[];
  readonly query: SqlSelect;
}

interface Claim extends OwnCheck {
  readonly fault: SqlExpression;
}

/** All of them. Cost: one statement, two scans of each table. */
export function ownChecksInSql(tables: OwnTables, dialect: DialectName): OwnChecks {
  const files = [...tables.histories.flatMap(({ files: parts }) => parts), ...tables.entities.flat(), ...tables.events, ...tables.outcomes];
  const counted = [
    ...files.map((file) => ofRows(file, tables)),
    ...tables.histories.map((table) => ofRepeatedRows(table, tables)),
    ...tables.entities.map(ofRepeatedEntities),
    ...(tables.outcomes.length === 0 ? [] : [ofRepeatedLabels(tables)]),
  ];
  const width = Math.max(...counted.map(({ query }) => query.columns.length));
  const queries = counted.map(({ query }, index): SqlSelect => {
    const missing = Array.from({ length: width - query.columns.length }, (_, at) => named(`none ${at}`, integer(0)));
    return { ...query, columns: [named("position", integer(index)), ...query.columns, ...missing] };
  });
  const result: SqlSelect = { kind: "select", everything: true, columns: [], source: { from: { kind: "union", queries }, as: "counts" } };
  return { statement: printSql({ steps: [], result }, dialects[dialect]), checks: counted.map(({ checks }) => checks) };
}

function ofRows(file: KeyedFile, tables: OwnTables): Counted {
  const claims = [
    ...keyClaims(file),
    ...dayClaims(file, tables),
    ...columnClaims(file),
    ...(file.holds === "events" ? eventClaims(file) : []),
    ...(file.holds === "outcomes" ? labelClaims(file, tables) : []),
  ];
  const counted = (claim: SqlExpression) => call("count", choose([[claim, integer(1)]], nothing));
  const read = isRead(file, tables);
  const counts = [counted(not(read)), ...claims.map(({ fault }) => counted(all(fault, any(isNull(read), read))))];
  const columns = counts.map((count, index) => named(`count ${index}`, count));
  return { query: { kind: "select", everything: false, columns, source: ownSource(file) }, checks: claims };
}

function keyClaims(file: KeyedFile): readonly Claim[] {
  return file.key.map((each) => {
    const text = cast(own(each), "VARCHAR");
    return {
      // A key is not trimmed on the way: where tables lie in key order, shards are found by it as it stands.
      fault: any(isNull(text), binary(text, "=", parameter("")), binary(call("trim", text), "<>", text)),
      place: each.place,
      says: (count) => `${count} rows have no key in '${each.column}', or one with spaces around it`,
      cure: "Leave them out in a view, or trim it there.",
    };
  });
}

const firstDay = dayOf({ year: 1900, month: 1, dayOfMonth: 1 });
const lastDay = dayOf({ year: 2199, month: 12, dayOfMonth: 31 });

function isOutside(day: SqlExpression): SqlExpression {
  return any(binary(day, "<", integer(firstDay)), binary(day, ">", integer(lastDay)));
}

function dayClaims(file: KeyedFile, { grain }: OwnTables): readonly Claim[] {
  if (file.holds === "entities") return [];
  const known = file.holds === "snapshots" ? undefined : file.known;
  const days = [file.date, ...(known === undefined ? [] : [known])].map((named): Claim => {
    const day = call("day number", own(named));
    return {
      fault: any(isNull(day), isOutside(day)),
      place: named.place,
      says: (count) => `${count} rows have no date from 1900 to 2199 in '${named.column}'`,
      cure: "Leave them out in a view.",
    };
  });
  if (known === undefined) return days;
  const inUnits = (date: SqlExpression) => (file.holds === "panel" ? periodIn(grain, date) : call("day number", date));
  const about = file.holds === "panel" ? `the ${grain}` : "the day";
  return [
    ...days,
    {
      fault: binary(inUnits(own(known)), "<", inUnits(own(file.date))),
      place: known.place,
      says: (count) => `${count} rows were known before ${about} that they are about`,
      cure: "Name the column that says when a row came to be known, or leave these rows out in a view.",
    },
  ];
}

function columnClaims(file: KeyedFile): readonly Claim[] {
  return file.columns.flatMap((role): Claim[] => {
    const { column: name, place } = role;
    const value = own(role);
    const claim = (fault: SqlExpression, what: string, cure: string): Claim => {
      return { fault, place, says: (count) => `${count} values of '${name}' ${what}`, cure };
    };
    if (role.kind === "assigned_tier") {
      const tier = textOf(value);
      return [
        claim(
          all(isKnown(tier), not(isOneOf(tier, role.tiers))),
          "are none of the declared tiers",
          "List the tiers, or mend them in a view.",
        ),
      ];
    }
    if (role.kind === "attribute" && role.type === "text") return [];
    if (role.kind === "attribute") {
      const isWrong = role.type === "day" ? isOutside(call("day number", value)) : not(isFiniteNumber(value));
      const what = role.type === "day" ? "are no date from 1900 to 2199" : "are not finite";
      return [claim(all(isKnown(value), isWrong), what, "Mend them in a view.")];
    }
    const { measure } = role;
    const { decimals } = measure;
    return [
      claim(
        all(isKnown(value), not(isExact(value, decimals))),
        "are too large to be added up exactly, or no number",
        "Mend them in a view.",
      ),
      claim(hasMoreDecimals(value, decimals), `have more than ${decimals} decimals`, "Declare its 'decimals:', or round it in a view."),
      ...boundClaims(measure, value, claim),
      ...partClaims(file, role, claim),
    ];
  });
}

type MakeClaim = (fault: SqlExpression, what: string, cure: string) => Claim;

function boundClaims({ unit, kind }: Measure, value: SqlExpression, claim: MakeClaim): readonly Claim[] {
  const number = cast(value, "DOUBLE");
  const cure = "Declare another unit, or mend them in a view.";
  return [
    ...(unit === "count" || unit === "share" ? [claim(binary(number, "<", integer(0)), `are below 0; a ${unit} cannot be`, cure)] : []),
    ...(unit === "share" && kind === "level"
      ? [claim(binary(number, ">", integer(1)), "are above 1; a share is a fraction of 1", cure)]
      : []),
  ];
}

function partClaims(file: KeyedFile, role: Extract<KeyedFile["columns"][number], { kind: "measure" }>, claim: MakeClaim): readonly Claim[] {
  const whole = file.columns.find((each) => each.kind === "measure" && each.measure.name === role.measure.partOf);
  if (whole === undefined) return [];
  const number = (named: { readonly column: string }) => call("coalesce", cast(own(named), "DOUBLE"), integer(0));
  const cure = "Remove 'part_of', or mend them in a view.";
  return [claim(binary(number(role), ">", number(whole)), `are more than '${whole.column}', of which they are a part`, cure)];
}

function eventClaims(file: EventFile): readonly Claim[] {
  const kind = textOf(own(file.kind));
  return [
    {
      fault: isNull(textOf(own(file.id))),
      place: file.id.place,
      says: (count) => `${count} events have no id in '${file.id.column}'`,
      cure: "Name a column that tells events apart.",
    },
    {
      fault: any(
        isNull(kind),
        not(
          isOneOf(
            kind,
            file.kinds.map(({ name }) => name),
          ),
        ),
      ),
      place: file.kind.place,
      says: (count) => `${count} events are of a kind that 'kinds' does not list`,
      cure: "List their kinds, or leave them out in a view.",
    },
    ...(file.points === undefined ? [] : [pointsClaim(file.points)]),
  ];
}

function isOneOf(text: SqlExpression, names: readonly string[]): SqlExpression {
  return names.length === 0 ? never : { kind: "in", operand: text, values: names.map(parameter) };
}

function labelClaims({ source, outcome, date, probability }: OutcomeFile, { grain, sources }: OwnTables): readonly Claim[] {
  const [from, word, day] = [textOf(own(source)), textOf(own(outcome)), own(date)];
  const names = sources.map(({ name }) => name);
  const words = outcomeWords.map(([said]) => said);
  const claims: readonly Claim[] = [
    {
      fault: any(isNull(from), not(isOneOf(from, names))),
      place: source.place,
      says: (count) => `${count} labels are of a source that 'outcomes' does not define`,
      cure: "Define their sources at the top, or leave them out in a view.",
    },
    {
      fault: any(isNull(word), not(isOneOf(word, words))),
      place: outcome.place,
      says: (count) => `${count} labels say neither harmful, fine nor pending in '${outcome.column}'`,
      cure: "Say it in these words in a view.",
    },
    {
      fault: binary(call("day number", day), "<>", periodEndIn(grain, day)),
      place: date.place,
      says: (count) => `${count} labels are about a day in '${date.column}' that is not the last of a ${grain}`,
      cure: `Put them on the last day of their ${grain} in a view, if they are about that.`,
    },
  ];
  if (probability === undefined) return claims;
  const chance = cast(own(probability), "DOUBLE");
  const fits = all(binary(chance, ">", integer(0)), binary(chance, "<=", integer(1)));
  return [
    ...claims,
    {
      fault: all(isKnown(chance), not(fits)),
      place: probability.place,
      says: (count) => `${count} values of '${probability.column}' are not above 0 and at most 1`,
      cure: "Mend them in a view.",
    },
  ];
}

function pointsClaim(points: NamedColumn): Claim {
  return {
    fault: all(isKnown(own(points)), not(isFiniteNumber(own(points)))),
    place: points.place,
    says: (count) => `${count} values of '${points.column}' are not finite`,
    cure: "Mend them in a view.",
  };
}

function ofRepeatedRows(table: DatedTable, tables: OwnTables): Counted {
  const { date, shownPath } = present(table.files[0], "a part");
  const isCorrected = table.choice !== undefined;
  const same = ["entity", "period", ...(isCorrected ? ["known"] : [])];
  const check: OwnCheck = {
    place: date.place,
    says: (count) =>
      `${count} times rows of '${shownPath}' are of the same entity and period${isCorrected ? ", and were known on the same day" : ""}`,
    cure: isCorrected ? "Keep one of each in a view." : "Keep one of each in a view, or name with 'known_at' what tells corrections apart.",
  };
  return { query: repeated(readRows(tables, table, {}), same), checks: [check] };
}

function ofRepeatedEntities(parts: readonly EntityFile[]): Counted {
  const { place, shownPath } = present(parts[0], "a part");
  const keys = parts.map(
    (file): SqlSelect => ({ kind: "select", everything: false, columns: [named("entity", keyOf(file))], source: ownSource(file) }),
  );
  const check: OwnCheck = {
    place,
    says: (count) => `${count} entities have more than one row in '${shownPath}'`,
    cure: "Keep one of each in a view, or describe the columns in a panel if they change.",
  };
  return { query: repeated(inOne(keys), ["entity"]), checks: [check] };
}

/** Over all tables of labels: a source that says two things at once of an entity has said neither. */
function ofRepeatedLabels(tables: OwnTables): Counted {
  const { date, shownPath } = present(tables.outcomes[0], "a part");
  const check: OwnCheck = {
    place: date.place,
    says: (count) => `${count} times labels of '${shownPath}' are of the same entity, source and day, and were known on the same day`,
    cure: "Keep one of each in a view.",
  };
  return { query: repeated(labelRows(tables, {}), ["entity", "source", "day", "known_day"]), checks: [check] };
}

/** Counts what stands there more than once. */
function repeated(rows: SqlSelect, same: readonly string[]): SqlSelect {
  const grouped: SqlSelect = {
    kind: "select",
    everything: false,
    columns: [...same.map((name) => named(name, column(name))), named("times", call("count", integer(1)))],
    source: { from: rows, as: "rows" },
    groupBy: same.map((_, index) => index + 1),
  };
  return {
    kind: "select",
    everything: false,
    columns: [named("left out", integer(0)), named("repeated", call("count", integer(1)))],
    source: { from: grouped, as: "groups" },
    where: binary(column("times"), ">", integer(1)),
  };
}
