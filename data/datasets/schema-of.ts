/** From a descriptor to the panel's columns: what the files' columns add up to, and whether the names agree. */
import { canonicalJson, type Diagnostic, diagnose, nearestName, type Place, periodOf } from "../foundation/index.ts";
import { type Attribute, type EventKind, eventFieldNames, type Measure, type PanelSchema } from "../panel/index.ts";
import { type ColumnRole, columnName, type DatasetDescriptor } from "./descriptor.ts";

/** The panel's columns without what only the rows can tell: periods and the values of text attributes. */
export type SchemaOutline = Omit<PanelSchema, "firstPeriod" | "lastPeriod">;

/** Measures, attributes, kinds, sources and tiers in the order of the descriptor. The descriptor's names must have been checked. */
export function outlineOf(descriptor: DatasetDescriptor): SchemaOutline {
  const measures = new Map<string, Measure>();
  const attributes = new Map<string, Attribute>();
  const events = new Map<string, EventKind>();
  let tiers: readonly string[] = [];
  for (const file of descriptor.files) {
    for (const column of file.columns) {
      if (column.kind === "measure") measures.set(column.measure.name, column.measure);
      else if (column.kind === "assigned_tier") tiers = column.tiers;
      else {
        const scope = file.holds === "entities" ? "entity" : "row";
        attributes.set(column.name, { name: column.name, scope, type: column.type, title: column.title });
      }
    }
    if (file.holds === "events") for (const kind of file.kinds) events.set(kind.name, joinKinds(events.get(kind.name), kind));
  }
  return {
    entity: descriptor.entity,
    grain: descriptor.grain,
    ...(descriptor.currency === undefined ? {} : { currency: descriptor.currency }),
    ...(descriptor.gmv === undefined ? {} : { gmvMeasure: descriptor.gmv.name }),
    ...(descriptor.orders === undefined ? {} : { ordersMeasure: descriptor.orders.name }),
    measures: [...measures.values()],
    attributes: [...attributes.values()],
    events: [...events.values()],
    outcomes: descriptor.outcomes,
    assignedTiers: tiers,
    knownAt: descriptor.knownAt,
    ...(descriptor.completeTo === undefined ? {} : { completeTo: periodOf(descriptor.grain, descriptor.completeTo.day + 1) - 1 }),
  };
}

/** A kind whose events stand in several files carries what any of them holds. */
function joinKinds(before: EventKind | undefined, kind: EventKind): EventKind {
  if (before === undefined) return kind;
  const fields = eventFieldNames({ events: [before, kind] });
  const hasPoints = before.points === true || kind.points === true;
  return { ...kind, ...(fields.length === 0 ? {} : { fields }), ...(hasPoints ? { points: true } : {}) };
}

/** Checks what only shows over all files: names defined once, or twice alike; names that are used exist. */
export function checkNames(descriptor: DatasetDescriptor, root: Place, diagnostics: Diagnostic[]): void {
  const seen = new Map<string, { readonly definition: string; readonly isEntity: boolean }>();
  for (const file of descriptor.files) {
    for (const column of file.columns) {
      const name = columnName(column);
      const definition = definitionOf(column);
      const before = seen.get(name);
      if (before === undefined) seen.set(name, { definition, isEntity: file.holds === "entities" });
      else if (before.definition !== definition || before.isEntity !== (file.holds === "entities")) {
        const message = `'${name}' is defined differently in another file`;
        diagnostics.push(diagnose("conflicting-definition", { message, place: column.place, found: name }));
      }
    }
  }
  const outline = outlineOf(descriptor);
  const measures = outline.measures.map((measure) => measure.name);
  const unknown = (name: string, place: Place, use: string): void => {
    const near = nearestName(name, measures);
    diagnostics.push(
      diagnose("unknown-name", { message: `${use} names '${name}', which is not a measure of this dataset`, place, found: name, near }),
    );
  };
  for (const [field, named] of [
    ["gmv", descriptor.gmv],
    ["orders", descriptor.orders],
  ] as const) {
    if (named === undefined) continue;
    const { name, place } = named;
    const measure = outline.measures.find((each) => each.name === name);
    if (measure === undefined) unknown(name, place, `'${field}'`);
    else if (measure.kind !== "flow" || measure.unit !== (field === "gmv" ? "money" : "count")) {
      const expected = field === "gmv" ? "a flow of money" : "a flow of counts";
      diagnostics.push(
        diagnose("bad-form", { message: `'${field}: ${name}' must be ${expected}`, place, cure: `Name a measure that is ${expected}.` }),
      );
    }
  }
  for (const file of descriptor.files) {
    if (file.holds === "rates" && descriptor.currency === undefined) {
      const message = `'${file.shownPath}' holds rates and the dataset has no currency`;
      diagnostics.push(diagnose("missing-key", { message, place: file.place, cure: "Add 'currency: USD' or another code at the top." }));
    }
    for (const column of file.columns) {
      if (column.kind !== "measure") continue;
      const { measure } = column;
      if (measure.unit === "money" && descriptor.currency === undefined) {
        const message = `'${measure.name}' is money and the dataset has no currency`;
        diagnostics.push(
          diagnose("missing-key", { message, place: column.place, cure: "Add 'currency: USD' or another code at the top." }),
        );
      }
      if (measure.partOf === undefined) continue;
      const whole = outline.measures.find((each) => each.name === measure.partOf);
      if (whole === undefined) unknown(measure.partOf, column.place, `'part_of' of '${measure.name}'`);
      else if (isPartOfItself(measure, outline.measures)) {
        const message = `'${measure.name}' is a part of '${whole.name}'${whole.name === measure.name ? "" : ", and so of itself"}`;
        diagnostics.push(
          diagnose("bad-form", { message, place: column.place, cure: "Name the measure that is the whole of which it is a part." }),
        );
      } else if (whole.kind !== "flow" || whole.unit !== measure.unit) {
        const message = `'${measure.name}' (${measure.unit}) cannot be part of '${whole.name}' (${whole.kind} of ${whole.unit})`;
        diagnostics.push(diagnose("bad-form", { message, place: column.place, cure: "A part and its whole are flows of the same unit." }));
      }
    }
  }
  for (const { name, place } of descriptor.outcomeMeasures) if (!measures.includes(name)) unknown(name, place, "an outcome source");
  checkGroups(descriptor, diagnostics);
  if (!descriptor.files.some((file) => file.holds === "panel" || file.holds === "snapshots")) {
    const message = "no file holds the panel or snapshots, so there is no history";
    diagnostics.push(diagnose("missing-key", { message, place: root, cure: "Add a file with 'holds: panel' or 'holds: snapshots'." }));
  }
}

/** Whether a way from part to whole comes back to the measure where it began. */
function isPartOfItself(measure: Measure, measures: readonly Measure[]): boolean {
  let whole = measure.partOf;
  for (let steps = 0; steps < measures.length && whole !== undefined; steps++) {
    if (whole === measure.name) return true;
    whole = measures.find((each) => each.name === whole)?.partOf;
  }
  return false;
}

/** Files that share a column are parts of one table, so they must describe the same columns, and snapshots be picked by one rule. */
function checkGroups(descriptor: DatasetDescriptor, diagnostics: Diagnostic[]): void {
  const groups: { readonly names: readonly string[]; readonly holds: string; readonly shownPath: string; readonly rule?: string }[] = [];
  for (const file of descriptor.files) {
    if (file.holds !== "panel" && file.holds !== "snapshots") continue;
    const names = file.columns.map(columnName);
    const other = groups.find((group) => group.names.some((name) => names.includes(name)));
    const rule = file.holds === "snapshots" ? { rule: file.rule } : {};
    if (other === undefined) groups.push({ names, holds: file.holds, shownPath: file.shownPath, ...rule });
    else if (other.holds !== file.holds || other.names.length !== names.length || names.some((name) => !other.names.includes(name))) {
      const message = `'${file.shownPath}' shares columns with '${other.shownPath}' and describes others as well`;
      const cure = "Files that are parts of one table describe the same columns; files of different tables share none.";
      diagnostics.push(diagnose("conflicting-definition", { message, place: file.place, cure }));
    } else if (other.rule !== rule.rule) {
      const message = `'${file.shownPath}' is part of one table with '${other.shownPath}' and picks the ${rule.rule}, not the ${other.rule}`;
      diagnostics.push(diagnose("conflicting-definition", { message, place: file.place, cure: "Give both the same 'rule'." }));
    }
  }
}

function definitionOf(column: ColumnRole): string {
  if (column.kind === "measure") return canonicalJson(column.measure);
  if (column.kind === "attribute") return canonicalJson([column.type, column.title]);
  return canonicalJson(column.tiers);
}
