/** Reads the `columns` of a descriptor's file: flow, level, attribute or the tier really assigned. */
import { type Diagnostic, diagnose, nearestName, refusedChoice } from "../foundation/index.ts";
import type { Measure, Unit } from "../panel/index.ts";
import { reservedColumns } from "../panel/index.ts";
import type { ColumnRole, NamedColumn } from "./descriptor.ts";
import type { Fields, Located } from "./yaml-fields.ts";

const units: readonly Unit[] = ["count", "money", "share", "points", "days", "hours", "number"];
const roles = ["flow", "level", "attribute", "assigned_tier"] as const;

/** What the columns belong to, and where faults go. */
export interface ColumnContext {
  readonly holds: "panel" | "snapshots" | "entities" | "events" | "outcomes" | "rates";
  readonly diagnostics: Diagnostic[];
}

/** The roles of a file's described columns, in the order of the descriptor. */
export function readColumns(all: Fields | undefined, context: ColumnContext): ColumnRole[] {
  const columns: ColumnRole[] = [];
  for (const name of all?.names() ?? []) {
    const fields = all?.fields(name.value);
    if (fields === undefined) continue;
    const role = readColumn(name, fields, context);
    if (role !== undefined) columns.push(role);
  }
  return columns;
}

/** A column by the text that names it. */
export function namedColumn(text: Located<string> | undefined): NamedColumn | undefined {
  return text === undefined ? undefined : { column: text.value, place: text.place };
}

/** Leaves absent columns out, as exact optional fields want it. */
export function givenColumns<K extends string>(columns: Readonly<Record<K, NamedColumn | undefined>>): Partial<Record<K, NamedColumn>> {
  const kept: Partial<Record<K, NamedColumn>> = {};
  for (const name of Object.keys(columns) as K[]) {
    const column = columns[name];
    if (column !== undefined) kept[name] = column;
  }
  return kept;
}

function readColumn(name: Located<string>, fields: Fields, { holds, diagnostics }: ColumnContext): ColumnRole | undefined {
  const given = roles.filter((role) => fields.names().some((field) => field.value === role));
  const [role] = given;
  if (role === undefined || given.length > 1) {
    const found = fields.names().map((field) => field.value);
    const near = found.map((each) => nearestName(each, roles)).find((each) => each !== undefined);
    diagnostics.push(
      diagnose(role === undefined ? "missing-key" : "conflicting-keys", {
        message: `'${name.value}' must be one of flow, level, attribute or assigned_tier${role === undefined ? "" : `, not ${given.join(" and ")}`}`,
        place: fields.place,
        near,
        cure: near === undefined ? "Write for example '{ flow: count }'." : `Did you mean '${near}'?`,
      }),
    );
    return undefined;
  }
  if ((holds === "entities" && role !== "attribute") || (holds === "snapshots" && (role === "flow" || role === "assigned_tier"))) {
    const allowed = holds === "entities" ? "attributes" : "levels and attributes";
    const cure = `Describe it in a file that holds the panel, or list it under 'ignore'.`;
    diagnostics.push(
      diagnose("conflicting-keys", {
        message: `a file that holds ${holds} has ${allowed} only; '${name.value}' is ${role}`,
        place: name.place,
        cure,
      }),
    );
    return undefined;
  }
  const column = fields.text("column")?.value ?? name.value;
  const title = fields.text("title")?.value ?? titleOf(name.value);
  if (role === "assigned_tier") {
    const tiers = fields.texts("assigned_tier") ?? [];
    fields.finish(["column", "title"]);
    return { kind: "assigned_tier", column, place: name.place, tiers: tiers.map((tier) => tier.value) };
  }
  if (!isIdentifier(name, diagnostics)) return undefined;
  if (role === "attribute") {
    const type = choice(fields.mustText("attribute"), ["text", "day", "number"] as const, diagnostics);
    fields.finish(["column", "title"]);
    return type === undefined ? undefined : { kind: "attribute", column, place: name.place, name: name.value, type, title };
  }
  const measure = readMeasure(name, role, title, fields, diagnostics);
  fields.finish(["column", "title", "decimals", "part_of", "carry"]);
  return measure === undefined ? undefined : { kind: "measure", column, place: name.place, measure };
}

function readMeasure(
  name: Located<string>,
  kind: "flow" | "level",
  title: string,
  fields: Fields,
  diagnostics: Diagnostic[],
): Measure | undefined {
  const unit = choice(fields.mustText(kind), units, diagnostics);
  const decimalsText = fields.text("decimals");
  const [partOf, carry] = [fields.text("part_of"), fields.text("carry")];
  if (unit === undefined) return undefined;
  const decimals =
    decimalsText === undefined ? (unit === "money" ? 2 : 0) : /^\d$/.test(decimalsText.value) ? Number(decimalsText.value) : -1;
  if (decimalsText !== undefined && (decimals < 0 || decimals > 9)) {
    diagnostics.push(
      diagnose("bad-form", {
        message: `'${decimalsText.value}' is not a number of decimals`,
        place: decimalsText.place,
        cure: "Write a whole number from 0 to 9.",
      }),
    );
    return undefined;
  }
  if (decimalsText !== undefined && ((unit === "money" && decimals !== 2) || (unit === "count" && decimals !== 0))) {
    const fixed = unit === "money" ? "money has 2 decimals" : "a count has no decimals";
    diagnostics.push(
      diagnose("conflicting-keys", { message: fixed, place: decimalsText.place, cure: "Remove 'decimals', or choose another unit." }),
    );
    return undefined;
  }
  if (decimalsText === undefined && unit === "share") {
    diagnostics.push(
      diagnose("missing-key", {
        message: `'${name.value}' is a share, a fraction of 1, and has no 'decimals'`,
        place: fields.place,
        cure: "Add for example 'decimals: 4'.",
      }),
    );
    return undefined;
  }
  const misplaced = kind === "flow" ? carry : partOf;
  if (misplaced !== undefined) {
    const message = kind === "flow" ? "a flow is 0 in an empty period, it is not carried" : "only a flow can be part of another measure";
    diagnostics.push(diagnose("conflicting-keys", { message, place: misplaced.place, cure: "Remove the field." }));
    return undefined;
  }
  const carryPeriods = carry === undefined ? 0 : periodsOf(carry, diagnostics);
  return {
    name: name.value,
    kind,
    unit,
    decimals,
    title,
    ...(partOf === undefined ? {} : { partOf: partOf.value }),
    ...(kind === "level" ? { carryPeriods } : {}),
  };
}

function periodsOf(text: Located<string>, diagnostics: Diagnostic[]): number {
  const match = /^(\d{1,4}) periods?$/.exec(text.value.trim());
  if (match !== null) return Number(match[1]);
  diagnostics.push(
    diagnose("bad-form", {
      message: `'${text.value}' is not a number of periods`,
      place: text.place,
      found: text.value,
      cure: "Write for example '4 periods'.",
    }),
  );
  return 0;
}

function isIdentifier(name: Located<string>, diagnostics: Diagnostic[]): boolean {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name.value)) {
    const cure = "Choose a name of letters, digits and underscores, and give the file's own name as 'column:'.";
    diagnostics.push(
      diagnose("bad-name", { message: `'${name.value}' cannot be used in a policy`, place: name.place, found: name.value, cure }),
    );
    return false;
  }
  if (reservedColumns.includes(name.value)) {
    const cure = "Choose another name, and give the file's own name as 'column:'.";
    diagnostics.push(
      diagnose("bad-name", { message: `'${name.value}' is a name of the panel itself`, place: name.place, found: name.value, cure }),
    );
    return false;
  }
  return true;
}

function choice<T extends string>(text: Located<string> | undefined, choices: readonly T[], diagnostics: Diagnostic[]): T | undefined {
  if (text === undefined) return undefined;
  const found = choices.find((each) => each === text.value);
  if (found !== undefined) return found;
  diagnostics.push(diagnose("bad-form", { ...refusedChoice(text.value, choices), place: text.place }));
  return undefined;
}

function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
