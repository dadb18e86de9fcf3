/** The `windows` section: windows that are chosen by volume. */
import { type CheckContext, type Definition, textOf } from "./check-context.ts";
import { placeOf } from "./document.ts";
import { defaultTitle } from "./names.ts";
import { locatedConstant, readOperand } from "./operands.ts";
import { type Cursor, readPhrase } from "./phrase.ts";
import { located } from "./places.ts";
import type { Comparison, NamedWindow } from "./policy.ts";
import { readConstant } from "./quantity.ts";
import { readPlainWindow } from "./window.ts";

const comparisons = ["<=", ">=", "!=", "<", ">", "="] as const satisfies readonly Comparison[];
const form = "3 months if orders over 3 months >= 400 else 12 months";

/** `3 months if orders over 3 months >= 400 else 12 months`, each under its name. */
export function checkWindows(definitions: readonly Definition[], context: CheckContext): readonly NamedWindow[] {
  return definitions.flatMap((definition) => checkWindow(definition, context) ?? []);
}

function checkWindow(definition: Definition, context: CheckContext): NamedWindow | undefined {
  const { name, key } = definition;
  const node = textOf(definition, "window", context);
  if (node === undefined) return undefined;
  return readPhrase(node, context.problems, (cursor) => {
    const then = readPlainWindow(cursor);
    cursor.expectWord(["if"], form);
    const of = readOperand(cursor, node, context);
    cursor.expectWord(["over"], form);
    const over = readPlainWindow(cursor);
    const sign = comparisons.find((candidate) => cursor.acceptSign(candidate)) ?? noComparison(cursor);
    const count = locatedConstant(readConstant(cursor, form), node, context, cursor);
    cursor.expectWord(["else"], form);
    const otherwise = readPlainWindow(cursor);
    const window: NamedWindow = { name, title: defaultTitle(name), then, when: { of, over, operator: sign, count }, otherwise };
    return located(window, placeOf(key));
  });
}

function noComparison(cursor: Cursor): never {
  const { text } = cursor.peek();
  return cursor.fail("bad-form", cursor.peek(), {
    message: `'${text}' stands where a comparison is expected`,
    found: text,
    expected: form,
    cure: `Write it like '${form}'.`,
  });
}
