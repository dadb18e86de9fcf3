/** Policy document -> checked policy. */
import { checkLimit, digestOf, type LimitName } from "../../data/foundation/index.ts";
import { attributesIn, type CheckContext, checkExpression, type Definition, definitionsOf, scopeOf } from "./check-context.ts";
import { checkMetrics } from "./check-metrics.ts";
import { checkMovement } from "./check-movement.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkScores } from "./check-scores.ts";
import { checkLadder, checkTiers } from "./check-tiers.ts";
import { checkUse } from "./check-use.ts";
import { checkValues } from "./check-values.ts";
import { type MapNode, placeOf, type TextNode } from "./document.ts";
import type { ReferenceKind } from "./expression.ts";
import { asText, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { orderOfUse } from "./order-of-use.ts";
import { located, placeOfPart, relocated } from "./places.ts";
import type { Condition, Metric, Policy, Score } from "./policy.ts";
import { printPolicy } from "./print-policy.ts";
import { Problems } from "./problems.ts";
import { inferUnits } from "./units.ts";
import { checkUnknown } from "./unknown.ts";
import { namesRead } from "./walk-expression.ts";

/** Checks everything that can be checked without a panel. Undefined when any error was found. */
export function checkPolicy(root: MapNode, problems: Problems): Policy | undefined {
  const fields = fieldsOf(root, "policy", "a policy", problems);
  const heading = readHeading(fields, problems);
  const names = new Map<string, ReferenceKind>();
  const sections = {
    parameters: definitionsOf(fields.map("parameters"), "parameter", names, problems),
    metrics: definitionsOf(fields.map("metrics"), "metric", names, problems),
    scores: definitionsOf(fields.map("scores"), "score", names, problems),
    conditions: definitionsOf(fields.map("conditions"), "condition", names, problems),
  };
  for (const section of Object.values(sections)) problems.push(tooMany(section));
  const ladder = fields.list("tiers");
  const context: CheckContext = { problems, names, attributes: attributesIn(expressionTexts(root), names, new Problems()) };
  const parameters = checkParameters(sections.parameters, context);
  const metrics = inOrder(checkMetrics(sections.metrics, context), readsOfMetric, "metrics", problems);
  const scores = inOrder(checkScores(sections.scores, context), readsOfScore, "scores", problems);
  const conditions = inOrder(
    checkConditions(sections.conditions, context),
    ({ expression }) => namesRead(expression, "condition"),
    "conditions",
    problems,
  );
  const before = problems.count;
  const tiers = ladder === undefined ? [] : checkTiers(ladder, context);
  const otherwise = fields.text("otherwise");
  if (ladder !== undefined && problems.count === before) checkLadder(tiers, otherwise, ladder, context);
  const movementNode = fields.map("movement");
  const movement = movementNode === undefined ? undefined : checkMovement(movementNode, tiers, otherwise?.text, context);
  const units = inferUnits(
    { parameters, metrics, scores, conditions, tiers },
    { report: (code, place, details) => problems.add(code, place, details) },
  );
  if (problems.stopped || heading === undefined || movement === undefined) return undefined;
  const headlineScore = scores.findLast((score) => !scores.some((other) => readsOfScore(other).includes(score.name)))?.name;
  const unitless: Omit<Policy, "digest"> = {
    ...heading,
    parameters,
    metrics: metrics.map((metric) => relocated({ ...metric, unit: units.get(metric.name) ?? "number" }, metric)),
    scores,
    conditions,
    tiers,
    ...(otherwise === undefined ? {} : { otherwise: otherwise.text }),
    ...(headlineScore === undefined ? {} : { headlineScore }),
    movement,
  };
  const policy = checkValues(unitless, problems);
  checkUnknown(policy, problems);
  checkUse(policy, problems);
  return problems.stopped ? undefined : located({ ...policy, digest: digestOf(printPolicy(policy)) }, placeOf(root));
}

type Heading = Pick<Policy, "programme" | "version" | "title" | "entity" | "rationale">;

function readHeading(fields: Fields, problems: Problems): Heading | undefined {
  const programme = checkedText(
    fields,
    "programme",
    /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/,
    "lower-case words joined by '-', like 'seller-performance'",
    problems,
  );
  const version = checkVersion(fields.text("version"), problems);
  const entity = checkedText(fields, "entity", /^[a-z][a-z0-9_-]*$/, "one lower-case word, like 'seller'", problems);
  const title = checkedText(fields, "title", /\S/, "a few words", problems);
  const rationale = checkedText(fields, "rationale", /\S/, "a few sentences", problems);
  if (programme === undefined || version === undefined || entity === undefined || title === undefined || rationale === undefined)
    return undefined;
  return { programme, version, title, entity, rationale };
}

function checkedText(fields: Fields, key: string, pattern: RegExp, expected: string, problems: Problems): string | undefined {
  const node = fields.text(key);
  if (node === undefined) return undefined;
  const text = node.text.trim();
  if (pattern.test(text) && (key === "rationale" || text.length <= 200)) return text;
  problems.add("bad-form", placeOf(node), {
    message: `'${key}' is ${expected}`,
    found: text.slice(0, 80),
    expected,
    cure: `Write ${expected}.`,
  });
  return undefined;
}

/** `1.2.0`: three whole numbers without leading zeros. */
export function checkVersion(node: TextNode | undefined, problems: Problems): string | undefined {
  if (node === undefined) return undefined;
  if (/^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})$/.test(node.text)) return node.text;
  problems.add("bad-version", placeOf(node), {
    message: `'${node.text.slice(0, 40)}' is not a version`,
    found: node.text.slice(0, 40),
    expected: "1.2.0",
  });
  return undefined;
}

function checkConditions(definitions: readonly Definition[], context: CheckContext): readonly Condition[] {
  const scope = scopeOf(context, "a condition", "metric", "score", "parameter", "condition", "attribute");
  return definitions.flatMap(({ name, key, value }) => {
    const node = asText(value, context.problems, `condition '${name}'`);
    const expression = node === undefined ? undefined : checkExpression(node, "condition", scope, context.problems);
    return expression === undefined ? [] : [located({ name, title: defaultTitle(name), expression }, placeOf(key))];
  });
}

/** Every text of the file in which an attribute can be compared. */
function expressionTexts(root: MapNode): readonly TextNode[] {
  const texts: TextNode[] = [];
  for (const { key, value } of root.entries) {
    if (key.text === "conditions" && value.kind === "map")
      texts.push(...value.entries.map((entry) => entry.value).filter((node) => node.kind === "text"));
    const items = value.kind === "list" ? value.items : value.kind === "map" && key.text === "metrics" ? [value] : [];
    for (const item of items.flatMap((node) => (node.kind === "map" ? node.entries.map((entry) => entry.value) : []))) {
      if (item.kind !== "map") continue;
      texts.push(
        ...item.entries
          .filter((entry) => entry.key.text === "when" || entry.key.text === "value")
          .map((entry) => entry.value)
          .filter((node) => node.kind === "text"),
      );
    }
  }
  return texts;
}

function readsOfMetric(metric: Metric): readonly string[] {
  return metric.kind === "value" ? namesRead(metric.expression, "metric") : [];
}

/** Scores that a score reads. */
function readsOfScore(score: Score): readonly string[] {
  if (score.kind === "weighted") return score.parts.map((part) => part.score);
  return score.from.to === "score" ? [score.from.name] : [];
}

function inOrder<T extends Metric | Score | Condition>(
  definitions: readonly T[],
  reads: (definition: T) => readonly string[],
  what: string,
  problems: Problems,
): readonly T[] {
  const { ordered, circle } = orderOfUse(definitions, reads);
  if (circle === undefined) return ordered;
  const start = definitions.find((definition) => definition.name === circle[0]);
  problems.add("cycle", start === undefined ? undefined : placeOfPart(start), {
    message: `${what} read each other in a circle: ${circle.join(" -> ")}`,
    found: circle.join(" -> "),
  });
  return ordered;
}

function tooMany(section: readonly Definition[]): ReturnType<typeof checkLimit> {
  const limit: LimitName = "policyMetrics";
  const [first] = section;
  return first === undefined ? undefined : checkLimit(limit, section.length, placeOf(first.key));
}
