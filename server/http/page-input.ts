/** An operation's input from the address of a page: texts of the query where they are given, the rest as the page wants it. */
import { InputRefused } from "../../data/foundation/index.ts";
import { faultsOf, fieldsOf, type Operation, readFieldText, routeInputOf } from "../operations/index.ts";

/** `texts`: by field, as Express gives them; what is absent or empty is left out. @throws InputRefused `bad-request`, one diagnostic a fault. */
export function pageInput(
  operation: Operation,
  texts: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>> = {},
): unknown {
  const shape = routeInputOf(operation);
  const fields = new Map(fieldsOf(shape).map((field) => [field.name, field]));
  const read = Object.entries(texts).flatMap(([name, text]): (readonly [string, unknown])[] => {
    const field = fields.get(name);
    return text === undefined || text === ""
      ? []
      : [[name, field !== undefined && typeof text === "string" ? readFieldText(field, text) : text]];
  });
  const input: unknown = { ...Object.fromEntries(read), ...given };
  requireInput(operation, input);
  return shape.parse(input);
}

/** What a page asks is checked as what a program sends is. @throws InputRefused with one diagnostic a fault. */
export function requireInput(operation: Operation, input: unknown): void {
  const faults = faultsOf(routeInputOf(operation), input);
  if (faults.length > 0) throw new InputRefused(faults);
}
