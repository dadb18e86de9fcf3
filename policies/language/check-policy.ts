/** Policy document -> checked policy. */
import { checkLimit, digestOf } from "../../data/foundation/index.ts";
import { addAnalysis } from "./analyse-policy.ts";
import { attributesIn, type CheckContext, checkExpression, computedScope, type Definition, definitionsOf } from "./check-context.ts";
import { checkLedgers } from "./check-ledgers.ts";
import { checkMetrics, textMetrics } from "./check-metrics.ts";
import { checkMovement } from "./check-movement.ts";
import { inOrderOfUse } from "./check-order.ts";
import { checkParameters } from "./check-parameters.ts";
import { checkScores } from "./check-scores.ts";
import { checkShadows } from "./check-shadows.ts";
import { checkCaps, checkLadder, checkTiers } from "./check-tiers.ts";
import { checkTiming } from "./check-timing.ts";
import { checkUse } from "./check-use.ts";
import { checkValues } from "./check-values.ts";
import { checkWindows } from "./check-windows.ts";
import { type DocumentNode, type MapNode, placeOf, type TextNode } from "./document.ts";
import { asText, type Fields, fieldsOf } from "./fields.ts";
import { defaultTitle } from "./names.ts";
import { located, relocated } from "./places.ts";
import type { Condition, Policy } from "./policy.ts";
import { printPolicy } from "./print-policy.ts";
import { Problems } from "./problems.ts";
import { scoresRead } from "./reads.ts";
import type { NameKind } from "./resolve-expression.ts";
import { inferUnits } from "./units.ts";
import { checkUnknown } from "./unknown.ts";

/** Checks everything that can be checked without a panel. Undefined when any error was found. */
export function checkPolicy(root: MapNode, problems: Problems, isAnalysed = true): Policy | undefined {
  const fields = fieldsOf(root, "policy", "a policy", problems);
  const heading = readHeading(fields, problems);
  const names = new Map<string, NameKind>();
  const sections = {
    parameters: definitionsOf(fields.map("parameters"), "parameter", names, problems),
    windows: definitionsOf(fields.map("windows"), "window", names, problems),
    metrics: definitionsOf(fields.map("metrics"), "metric", names, problems),
    scores: definitionsOf(fields.map("scores"), "score", names, problems),
    ledgers: definitionsOf(fields.map("ledgers"), "ledger", names, problems),
    conditions: definitionsOf(fields.map("conditions"), "condition", names, problems),
  };
  for (const section of Object.values(sections)) problems.push(tooMany(section));
  const ladder = fields.list("tiers");
  const context: CheckContext = {
    problems,
    names,
    texts: textMetrics(sections.metrics),
    attributes: attributesIn(expressionTexts(root), names, new Problems()),
  };
  const parts = inOrderOfUse(
    {
      parameters: checkParameters(sections.parameters, context),
      windows: checkWindows(sections.windows, context),
      metrics: checkMetrics(sections.metrics, context),
      scores: checkScores(sections.scores, context),
      ledgers: checkLedgers(sections.ledgers, context),
      conditions: checkConditions(sections.conditions, context),
    },
    problems,
  );
  const before = problems.count;
  const tiers = ladder === undefined ? [] : checkTiers(ladder, context);
  const otherwise = fields.text("otherwise");
  if (ladder !== undefined && problems.count === before) checkLadder(tiers, otherwise, ladder, context);
  const capList = fields.list("caps");
  const caps = capList === undefined ? [] : checkCaps(capList, tiers, context);
  const movementNode = fields.map("movement");
  const movement = movementNode === undefined ? undefined : checkMovement(movementNode, tiers, otherwise?.text, context);
  const units = inferUnits({ ...parts, tiers, caps, movement }, { report: (code, place, details) => problems.add(code, place, details) });
  if (problems.stopped || heading === undefined || movement === undefined) return undefined;
  const { scores } = parts;
  const headlineScore = scores.findLast((score) => !scores.some((other) => scoresRead(other).includes(score.name)))?.name;
  const unitless: Omit<Policy, "digest"> = {
    ...heading,
    ...parts,
    tiers,
    caps,
    ...(otherwise === undefined ? {} : { otherwise: otherwise.text }),
    ...(headlineScore === undefined ? {} : { headlineScore }),
    movement,
  };
  const withUnits: Omit<Policy, "digest"> = {
    ...unitless,
    metrics: parts.metrics.map((metric) => relocated({ ...metric, ...(units.get(metric.name) ?? { unit: "number" }) }, metric)),
    ledgers: parts.ledgers.map((ledger) => relocated({ ...ledger, ...(units.get(ledger.name) ?? { unit: "points" }) }, ledger)),
  };
  const policy = checkValues(withUnits, problems);
  checkTiming(policy, problems);
  checkUnknown(policy, problems);
  checkUse(policy, problems);
  checkShadows(policy, problems);
  if (isAnalysed && !problems.stopped) addAnalysis(policy, problems);
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
  const scope = computedScope(context, "a condition");
  return definitions.flatMap(({ name, key, value }) => {
    const node = asText(value, context.problems, `condition '${name}'`);
    const expression = node === undefined ? undefined : checkExpression(node, "condition", scope, context.problems);
    return expression === undefined ? [] : [located({ name, title: defaultTitle(name), expression }, placeOf(key))];
  });
}

/** Keys under which an attribute can be compared. */
const expressionKeys: ReadonlySet<string> = new Set(["when", "value", "add", "deduct"]);

/** Every text of the file in which an attribute can be compared. */
function expressionTexts(root: MapNode): readonly TextNode[] {
  const texts: TextNode[] = [];
  const visit = (node: DocumentNode, isExpression: boolean): void => {
    if (node.kind === "text" && isExpression) texts.push(node);
    else if (node.kind === "list") for (const item of node.items) visit(item, false);
    else if (node.kind === "map") for (const { key, value } of node.entries) visit(value, expressionKeys.has(key.text));
  };
  for (const { key, value } of root.entries) {
    if (key.text === "conditions" && value.kind === "map") for (const entry of value.entries) visit(entry.value, true);
    else visit(value, false);
  }
  return texts;
}

function tooMany(section: readonly Definition[]): ReturnType<typeof checkLimit> {
  const [first] = section;
  return first === undefined ? undefined : checkLimit("policyMetrics", section.length, placeOf(first.key));
}
