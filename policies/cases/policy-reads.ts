/** What a policy reads of a history, so that a case can be held to exactly that. */
import { conversionIn, panelMeasure } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";

/** Names by what they stand for. */
export interface PolicyReads {
  readonly measures: readonly string[];
  /** Those of them that are read in another currency, so that they are money. */
  readonly converted: readonly string[];
  /** Attributes that are dates. */
  readonly days: readonly string[];
  /** Text attributes with the values that the policy names. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Text attributes that are dated with the period. */
  readonly dated: readonly string[];
  /** A day attribute or a kind of event, whichever the cases use. */
  readonly dayOrEvent: readonly string[];
  readonly events: readonly string[];
  readonly fields: readonly string[];
  readonly readsPoints: boolean;
}

type Node = Readonly<Record<string, unknown>>;

/**
 * Looks at every node of the policy, wherever it stands: a policy is plain data, and a reference says what it is to. So a new place
 * for an expression needs nothing here.
 */
export function policyReads(policy: Policy): PolicyReads {
  const nodes = [...nodesIn(policy)];
  const references = nodes.filter((node) => typeof node["to"] === "string");
  const named = (kind: string): readonly string[] => references.filter(({ to }) => to === kind).flatMap(({ name }) => textOf(name));
  const of = (kind: string): readonly Node[] => nodes.filter((node) => node["kind"] === kind);
  const days = distinct([...textOf(policy.movement.shield?.since), ...comparedWithDates(of("compare"))]);
  const fields = named("event");
  const dated = of("largest").flatMap(({ by }) => textOf(by));
  const takingBack = nodes.filter((node) => typeof node["event"] === "string" && typeof node["of"] === "string");
  const measures = [...named("measure"), ...[...of("last"), ...of("percentile")].flatMap(({ measure }) => textOf(measure))];
  return {
    measures: distinct(measures.map(panelMeasure)),
    converted: distinct(measures.flatMap((name) => conversionIn(name)?.measure ?? [])),
    days,
    texts: textValues(
      policy,
      nodes,
      [...named("attribute"), ...dated].filter((name) => !days.includes(name)),
    ),
    dated: distinct(dated),
    dayOrEvent: distinct(of("since").flatMap(({ from }) => textOf(from))).filter((name) => !days.includes(name)),
    events: distinct([...nodes.flatMap(({ event }) => textOf(event)), ...takingBack.flatMap(({ of: kind }) => textOf(kind))]),
    fields: distinct([
      ...fields.filter((name) => name !== "points" && name !== "number"),
      ...nodes.flatMap(({ alike }) => textOf(alike)),
      ...of("distinct").flatMap(({ field }) => textOf(field)),
      ...(takingBack.length === 0 ? [] : ["about"]),
    ]),
    readsPoints: fields.includes("points"),
  };
}

/** Texts that an attribute is compared with, and entries of parameters that depend on it; also by way of a `largest` metric. */
function textValues(policy: Policy, nodes: readonly Node[], attributes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map(distinct(attributes).map((name): [string, string[]] => [name, []]));
  const add = (reference: unknown, texts: readonly string[]): void => {
    if (!isNode(reference)) return;
    const metric = policy.metrics.find(({ name }) => reference["to"] === "metric" && name === reference["name"]);
    const attribute = metric?.kind === "largest" ? metric.by : reference["to"] === "attribute" ? reference["name"] : undefined;
    if (typeof attribute === "string") values.get(attribute)?.push(...texts);
  };
  for (const node of nodes) {
    if (node["kind"] === "member") add(node["operand"], (node["values"] as readonly string[] | undefined) ?? []);
    if (node["kind"] === "compare" && isNode(node["right"]) && node["right"]["kind"] === "text") {
      add(node["left"], textOf(node["right"]["value"]));
    }
  }
  for (const parameter of policy.parameters) {
    if (parameter.by !== undefined)
      add(
        parameter.by,
        parameter.values.map(({ text }) => text),
      );
  }
  return new Map([...values].map(([name, texts]) => [name, distinct(texts)]));
}

/** Attributes that stand beside a date or the evaluation's day. */
function comparedWithDates(comparisons: readonly Node[]): readonly string[] {
  return comparisons.flatMap(({ left, right }) => {
    const sides = [left, right].filter(isNode);
    const isDate = sides.some((side) => side["to"] === "today" || side["unit"] === "date");
    return isDate ? sides.filter((side) => side["to"] === "attribute").flatMap(({ name }) => textOf(name)) : [];
  });
}

function* nodesIn(value: unknown): Iterable<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item);
  } else if (isNode(value)) {
    yield value;
    for (const part of Object.values(value)) yield* nodesIn(part);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): readonly string[] {
  return typeof value === "string" ? [value] : [];
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
