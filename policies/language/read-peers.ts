/** What a rank or ratio compares, and with whom. */
import { nearestName } from "../../data/foundation/index.ts";
import type { CheckContext } from "./check-context.ts";
import type { Fields } from "./fields.ts";
import type { Cursor } from "./phrase.ts";
import type { Metric } from "./policy.ts";

type Peers = Pick<Extract<Metric, { kind: "rank" | "ratio" }>, "among" | "peersMin">;

/** The name of something that the policy computes, of one of the kinds. */
export function readCompared<K extends "metric" | "score" | "condition">(
  cursor: Cursor,
  { names }: CheckContext,
  kinds: readonly K[],
  form: string,
): { readonly to: K; readonly name: string } {
  const what = `the name of a ${kinds.join(" or ")}`;
  const token = cursor.expectName(what, form);
  const found = names.get(token.text);
  const kind = kinds.find((candidate) => candidate === found);
  if (kind !== undefined) return { to: kind, name: token.text };
  if (found !== undefined) {
    cursor.fail("wrong-kind-of-name", token, {
      message: `'${token.text}' is a ${found}; ${what} stands here`,
      found,
      expected: kinds.join(" or "),
    });
  }
  const candidates = [...names].flatMap(([name, candidate]) => (kinds.some((each) => each === candidate) ? [name] : []));
  return cursor.fail("unknown-name", token, {
    message: `no ${kinds.join(" or ")} is called '${token.text}'`,
    found: token.text,
    near: nearestName(token.text, candidates),
  });
}

/** `among: category` and `of at least: 30 peers`. */
export function readPeers(fields: Fields, { texts, names }: CheckContext): Peers | undefined {
  const among = fields.phrase("among", (cursor) => {
    if (cursor.acceptWord("everyone") !== undefined) return "everyone";
    const token = cursor.expectName("an attribute, a metric that is a text, or everyone", "category");
    const kind = names.get(token.text);
    if (kind === undefined) return { to: "attribute", name: token.text } as const;
    if (kind === "metric" && texts.has(token.text)) return { to: "metric", name: token.text } as const;
    return cursor.fail("wrong-kind-of-name", token, {
      message: `'${token.text}' is a ${kind}; peers are grouped by an attribute or by a metric of kind 'largest'`,
      found: kind,
      expected: "attribute",
    });
  });
  const peersMin = fields.phrase("of at least", (cursor) => {
    const count = cursor.expectCount("a number of peers", "30 peers");
    cursor.expectWord(["peer", "peers"], "30 peers");
    return count;
  });
  if (among === undefined || peersMin === undefined) return undefined;
  return { peersMin, ...(among === "everyone" ? {} : { among }) };
}
