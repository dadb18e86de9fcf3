/** Reads what a descriptor says of an events file: its columns, the text fields that its events carry, and their kinds. */
import { type Diagnostic, diagnose } from "../foundation/index.ts";
import { type EventKind, reservedEventFields } from "../panel/index.ts";
import type { EventField, EventFile } from "./descriptor.ts";
import { givenColumns, namedColumn } from "./read-columns.ts";
import type { Fields, Located } from "./yaml-fields.ts";

/** What an events file has beside what every file has. */
type EventParts = Pick<EventFile, "id" | "date" | "known" | "kind" | "points" | "fields" | "kinds">;

/** The parts of an events file; undefined, with a diagnostic, when a column that must be there is not named. Errors: `missing-key`, `bad-name`, `conflicting-keys`. */
export function readEventParts(file: Fields, diagnostics: Diagnostic[]): EventParts | undefined {
  const must = (name: string) => namedColumn(file.mustText(name));
  const may = (name: string) => namedColumn(file.text(name));
  const [id, date, kind, known, points] = [must("id"), must("day"), must("kind"), may("known_at"), may("points")];
  const fields = readEventFields(file, diagnostics);
  const kinds = readKinds(file, diagnostics, {
    ...(fields.length === 0 ? {} : { fields: fields.map(({ name }) => name) }),
    ...(points === undefined ? {} : { points: true }),
  });
  if (id === undefined || date === undefined || kind === undefined) return undefined;
  return { id, date, kind, fields, kinds, ...givenColumns({ known, points }) };
}

/** Severity is a role of its own and a field like any other. In the order of their names, so that the order of the descriptor is irrelevant. */
function readEventFields(file: Fields, diagnostics: Diagnostic[]): EventField[] {
  const severity = namedColumn(file.text("severity"));
  const fields: EventField[] = severity === undefined ? [] : [{ name: "severity", ...severity }];
  const named = file.fields("fields");
  for (const name of named?.names() ?? []) {
    const column = namedColumn(named?.text(name.value));
    if (column === undefined || !isFieldName(name, diagnostics)) continue;
    if (name.value === "severity" && severity !== undefined) {
      const message = "'severity' is given twice: as a role of the file and among its fields";
      diagnostics.push(diagnose("conflicting-keys", { message, place: name.place, cure: "Remove one of the two." }));
    } else fields.push({ name: name.value, ...column });
  }
  return fields.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isFieldName(name: Located<string>, diagnostics: Diagnostic[]): boolean {
  const { value, place } = name;
  const isReserved = reservedEventFields.includes(value);
  // Names that every plain object has cannot be told from fields by those who read our results.
  if (!isReserved && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value) && !(value in {})) return true;
  const message = isReserved ? `'${value}' is a name of the event itself` : `'${value}' cannot be used in a policy`;
  const cure = isReserved
    ? "Choose another name for the field; the column keeps its own."
    : "Choose a name of letters, digits and underscores for the field; the column keeps its own.";
  diagnostics.push(diagnose("bad-name", { message, place, found: value, cure }));
  return false;
}

function readKinds(file: Fields, diagnostics: Diagnostic[], carried: Pick<EventKind, "fields" | "points">): EventKind[] {
  const kinds = file.fields("kinds");
  if (kinds === undefined) {
    diagnostics.push(
      diagnose("missing-key", {
        message: "the file's kinds of event are not listed",
        place: file.place,
        cure: "Add 'kinds: { violation: Violation }'.",
      }),
    );
  }
  return (kinds?.names() ?? []).map(({ value }) => ({ name: value, title: kinds?.text(value)?.value ?? value, ...carried }));
}
