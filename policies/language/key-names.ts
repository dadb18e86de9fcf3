/** What the names in the text of each key may stand for: editors offer these while one types; the checker has the last word. */
import type { ShapeName } from "./shapes.ts";

/** What a name can stand for: something that the file defines, a column or kind of event of the history, or a word of the language. */
export type NameGroup =
  | "parameter"
  | "window"
  | "metric"
  | "score"
  | "ledger"
  | "condition"
  | "tier"
  | "measure"
  | "attribute"
  | "event"
  | "field"
  | "function";

const read = "metric score ledger condition parameter attribute function";

/** By shape and key; of a mapping or list: in the texts of its entries. */
const inText: Readonly<Partial<Record<`${ShapeName}.${string}`, string>>> = {
  "policy.windows": "measure",
  "policy.conditions": read,
  "policy.otherwise": "tier",
  "parameterByText.by": "attribute metric",
  "share.share": "measure",
  "share.over": "window",
  "share.at_least": "measure",
  "mean.mean": "measure",
  "mean.over": "window",
  "mean.at_least": "measure",
  "sum.sum": "measure",
  "sum.over": "window",
  "sum.at_least": "measure",
  "count.count": "event",
  "count.where": "field parameter",
  "count.most alike by": "field",
  "count.over": "window",
  "distinct.distinct": "event field",
  "distinct.where": "field parameter",
  "distinct.over": "window",
  "percentile.percentile": "measure",
  "percentile.over": "window",
  "largest.largest": "measure",
  "largest.by": "attribute",
  "largest.over": "window",
  "last.last": "measure",
  "since.since": "attribute event",
  "unbroken.unbroken": read,
  "rank.rank": "metric score",
  "rank.among": "attribute",
  "ratio.ratio": "metric score",
  "ratio.among": "attribute",
  "value.value": read,
  "curve.from": "metric score",
  "curve.curve": "parameter",
  "step.from": "metric score",
  "step.step": "parameter",
  "logistic.from": "metric score",
  "logistic.logistic": "parameter",
  "scoreValue.value": read,
  "weighted.weighted": "parameter",
  "line.when event": "event",
  "line.where": "field parameter",
  "line.when": read,
  "line.add": "parameter field function",
  "line.deduct": "parameter field function",
  "line.at most": "parameter",
  "takeBack.when event": "event",
  "takeBack.of": "event",
  "cap.at most": "tier",
  "cap.when": read,
  "tier.when": read,
  "shorten.when event": "event",
  "movement.start": "tier",
  "shield.since": "attribute",
  "protect.when event": "event",
  "protect.show at least": "tier",
  "protect.until": "measure",
};

/** Mappings whose keys are names of something that stands elsewhere. */
const asKey: Readonly<Partial<Record<`${ShapeName}.${string}`, string>>> = { "weighted.weighted": "score metric" };

/** The groups of the names in the text under a key. */
export function namesInText(shape: ShapeName, key: string): readonly NameGroup[] {
  return groupsOf(inText[`${shape}.${key}`]);
}

/** The groups of the names that are keys of the mapping under a key. */
export function namesAsKey(shape: ShapeName, key: string): readonly NameGroup[] {
  return groupsOf(asKey[`${shape}.${key}`]);
}

function groupsOf(words: string | undefined): readonly NameGroup[] {
  return words === undefined ? [] : (words.split(" ") as NameGroup[]);
}
