/** What the checks of one policy share: the names that it defines, and where problems go. */

import { type DocumentNode, type MapNode, placeOf, type TextNode } from "./document.ts";
import type { Expression, ReferenceKind } from "./expression.ts";
import { asText } from "./fields.ts";
import { checkName } from "./names.ts";
import { parseExpression, type Syntax } from "./parse-expression.ts";
import { readPhrase } from "./phrase.ts";
import type { Problems } from "./problems.ts";
import { attributeNamesIn, type NameKind, resolveExpression, type Scope, type Sort } from "./resolve-expression.ts";

/** Shared by the checks of one policy. */
export interface CheckContext {
  readonly problems: Problems;
  /** What parameters, windows, metrics, scores, ledgers and conditions are called. */
  readonly names: ReadonlyMap<string, NameKind>;
  /** Names of metrics that are texts. */
  readonly texts: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** One named definition of a policy. */
export interface Definition {
  readonly name: string;
  readonly key: TextNode;
  readonly value: DocumentNode;
}

const measuresOnly: ReadonlySet<ReferenceKind> = new Set(["measure"]);

/** Scope of a metric's operands: every name is a measure. */
export function measureScope(context: CheckContext): Scope {
  return { ...context, allowed: measuresOnly, where: "an operand of a metric" };
}

/** Kinds of names that conditions and computed values read. */
const computedKinds: readonly ReferenceKind[] = ["metric", "score", "ledger", "parameter", "condition", "attribute", "today"];

/** Scope of conditions, computed metrics and scores, and the `when` of tiers, caps and ledgers. */
export function computedScope(context: CheckContext, where: string): Scope {
  return scopeOf(context, where, ...computedKinds);
}

/** Scope of `where`: fields of the event at hand, by their bare names, and parameters. */
export function eventScope(context: CheckContext): Scope {
  return { ...scopeOf(context, "the 'where' of events", "parameter", "event"), event: "bare" };
}

/** Scope of expressions that read the listed kinds. */
export function scopeOf(context: CheckContext, where: string, ...kinds: readonly ReferenceKind[]): Scope {
  return { ...context, allowed: new Set(kinds), where };
}

/** Reads and resolves a whole text as one expression. Undefined after a fault. */
export function checkExpression(node: TextNode, wanted: Sort, scope: Scope, problems: Problems): Expression | undefined {
  return readPhrase(node, problems, (cursor) => {
    const syntax = parseExpression(cursor);
    cursor.expectEnd();
    return resolveExpression(syntax, wanted, scope, node);
  });
}

/** The well-named entries of a section. A name that another section already took is refused. */
export function definitionsOf(
  section: MapNode | undefined,
  kind: NameKind,
  names: Map<string, NameKind>,
  problems: Problems,
): readonly Definition[] {
  const definitions: Definition[] = [];
  for (const { key, value } of section?.entries ?? []) {
    if (!checkName(key, problems)) continue;
    const taken = names.get(key.text);
    if (taken !== undefined) {
      problems.add("duplicate-name", placeOf(key), { message: `'${key.text}' is already the name of a ${taken}`, found: key.text });
      continue;
    }
    names.set(key.text, kind);
    definitions.push({ name: key.text, key, value });
  }
  return definitions;
}

/** The text under a definition's name, or undefined with a problem. */
export function textOf({ name, value }: Definition, what: string, { problems }: CheckContext): TextNode | undefined {
  return asText(value, problems, `${what} '${name}'`);
}

/** Attribute names that the given texts compare; texts that cannot be read are left to their own check. */
export function attributesIn(nodes: readonly TextNode[], names: ReadonlyMap<string, NameKind>, silent: Problems): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    const syntax: Syntax | undefined = readPhrase(node, silent, parseExpression);
    if (syntax !== undefined) attributeNamesIn(syntax, names, found);
  }
  return found;
}
