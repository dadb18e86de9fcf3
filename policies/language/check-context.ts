/** What the checks of one policy share: the names that it defines, and where problems go. */

import { type DocumentNode, type MapNode, placeOf, type TextNode } from "./document.ts";
import type { Expression, ReferenceKind } from "./expression.ts";
import { checkName } from "./names.ts";
import { parseExpression, type Syntax } from "./parse-expression.ts";
import { readPhrase } from "./phrase.ts";
import type { Problems } from "./problems.ts";
import { attributeNamesIn, resolveExpression, type Scope, type Sort } from "./resolve-expression.ts";

/** Shared by the checks of one policy. */
export interface CheckContext {
  readonly problems: Problems;
  /** What parameters, metrics, scores and conditions are called. */
  readonly names: ReadonlyMap<string, ReferenceKind>;
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
  return { names: context.names, allowed: measuresOnly, where: "an operand of a metric", attributes: context.attributes };
}

/** Scope of expressions that read the listed kinds. */
export function scopeOf(context: CheckContext, where: string, ...kinds: readonly ReferenceKind[]): Scope {
  return { names: context.names, allowed: new Set(kinds), where, attributes: context.attributes };
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
  kind: ReferenceKind,
  names: Map<string, ReferenceKind>,
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

/** Attribute names that the given texts compare; texts that cannot be read are left to their own check. */
export function attributesIn(nodes: readonly TextNode[], names: ReadonlyMap<string, ReferenceKind>, silent: Problems): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    const syntax: Syntax | undefined = readPhrase(node, silent, parseExpression);
    if (syntax !== undefined) attributeNamesIn(syntax, names, found);
  }
  return found;
}
