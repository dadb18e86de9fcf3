/** A policy as things with names, each a flat list of facts by path: what a diff compares. */
import { defaultTitle } from "./names.ts";
import type { Ledger, Metric, Policy, Score, Step, Tier } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import {
  capKeys,
  consequenceKeys,
  type Keys,
  ledgerKeys,
  lineKeys,
  metricKeys,
  movementKeys,
  parameterKeys,
  printDays,
  protectKeys,
  scoreKeys,
  tierKeys,
  windowText,
} from "./print-keys.ts";
import { flow } from "./print-yaml.ts";
import { printConstant, printLiteral } from "./quantity.ts";
import { printCalendar, printDates } from "./read-calendar.ts";

/** One line of a policy. */
export interface Fact {
  /** `["scores", "overall", "weighted", "reviews"]`: as `set` would name it. */
  readonly segments: readonly string[];
  /** The canonical text. */
  readonly text: string;
  /** In words, to start a sentence with. */
  readonly subject: string;
  /** What holds when the line is left out. */
  readonly unsaid?: string;
  readonly isLong?: true;
  /** Facts of one group that have no partner of the same path are partners in order: lines of a ledger, caps at one tier. */
  readonly group?: string;
  /** Its place in the list that it is part of, from 0. */
  readonly at?: number;
}

/** What a version has or lacks as a whole: a metric, a tier. The heading, the caps and movement are there in every version. */
export interface Thing {
  readonly path: string;
  /** `the metric 'Late rate'`; empty for what is always there. */
  readonly noun: string;
  /** Things of different kinds are compared as wholes. */
  readonly kind: string;
  /** All of it on one line, without a title that its name gives it anyway. */
  readonly text: string;
  /** The same to be read aloud. */
  readonly said: string;
  readonly facts: ReadonlyMap<string, Fact>;
}

type More = Omit<Fact, "segments" | "text" | "subject">;

/** Facts in the making. */
class Facts {
  readonly all = new Map<string, Fact>();
  readonly #prefix: readonly string[];

  constructor(...prefix: readonly string[]) {
    this.#prefix = prefix;
  }

  add(key: readonly string[], subject: string, text: string | undefined, more: More = {}): void {
    const segments = [...this.#prefix, ...key];
    if (text !== undefined) this.all.set(segments.join("."), { segments, text, subject, ...more });
  }
}

/** All things by path, in the order of the language. */
export function thingsOf(policy: Policy): ReadonlyMap<string, Thing> {
  const things = [
    headingOf(policy),
    ...policy.parameters.map(parameterThing),
    ...policy.windows.map((window) => {
      const text = windowText(window);
      const facts = new Facts("windows", window.name);
      facts.add([], `The window '${window.name}'`, text);
      return thing("windows", window.name, { noun: `the window '${window.name}'`, kind: "", keys: [], facts, text, said: text });
    }),
    ...policy.metrics.map(metricThing),
    ...policy.scores.map(scoreThing),
    ...policy.ledgers.map(ledgerThing),
    ...policy.conditions.map(({ name, expression }) => {
      const text = printExpression(expression);
      const facts = new Facts("conditions", name);
      facts.add([], `The condition '${name}'`, text);
      return thing("conditions", name, { noun: `the condition '${name}'`, kind: "", keys: [], facts, text, said: text });
    }),
    ladderOf(policy),
    ...policy.tiers.map((tier) => tierThing(tier, policy.tiers)),
    capsOf(policy),
    movementOf(policy),
  ];
  return new Map(things.map((one) => [one.path, one]));
}

interface Made {
  readonly noun: string;
  readonly kind: string;
  readonly keys: Keys;
  readonly facts: Facts;
  readonly text?: string;
  readonly said?: string;
}

function thing(section: string, name: string, { noun, kind, keys, facts, text, said }: Made): Thing {
  const path = name === "" ? section : `${section}.${name}`;
  return { path, noun, kind, text: text ?? flow(keys), said: said ?? sayKeys(keys), facts: facts.all };
}

/** `late of due, over 28 days, at least 20 due`. */
function sayKeys(keys: Keys): string {
  const said = keys
    .filter(([key]) => key !== "title")
    .map(([key, text]) => {
      const plain = text.replace(/^[{[] ?| ?[}\]]$/g, "").replaceAll(": ", " ");
      return text === "true" ? key : `${key.replaceAll("_", " ")} ${plain}`;
    });
  return said.length === 0 ? "without any condition" : said.join(", ");
}

function headingOf(policy: Policy): Thing {
  const facts = new Facts();
  facts.add(["programme"], "The programme", policy.programme);
  facts.add(["title"], "The title", policy.title);
  facts.add(["entity"], "What is scored", policy.entity);
  facts.add(["rationale"], "The rationale", policy.rationale, { isLong: true });
  return thing("", "", { noun: "", kind: "", keys: [], facts });
}

function parameterThing(parameter: Policy["parameters"][number]): Thing {
  const { name, title } = parameter;
  const facts = new Facts("parameters", name);
  const print = (value: number): string => printLiteral({ ...parameter, value });
  if (parameter.by !== undefined) {
    facts.add(["by"], `What '${name}' depends on`, parameter.by.name);
    for (const { text, value } of parameter.values) facts.add(["in", text], title, print(value));
  } else {
    const { range } = parameter;
    facts.add(["value"], title, print(parameter.value));
    facts.add(["range"], `The range of '${name}'`, range === undefined ? undefined : `${print(range.lower)} to ${print(range.upper)}`, {
      unsaid: "fixed",
    });
  }
  facts.add(["title"], `The title of '${name}'`, title);
  const kind = parameter.by === undefined ? "fixed" : "by";
  return thing("parameters", name, { noun: `the parameter '${name}'`, kind, keys: parameterKeys(parameter), facts });
}

/** What the key that says what a metric is means, before its text. */
const kindWords: Readonly<Record<Metric["kind"], string>> = {
  share: "",
  mean: "",
  sum: "the total of ",
  count: "the count of ",
  distinct: "the number of different ",
  percentile: "the percentile ",
  largest: "the text with the largest ",
  last: "the last ",
  since: "days since ",
  unbroken: "days without a break of ",
  rank: "the rank among peers of ",
  ratio: "the ratio to the peers' median of ",
  value: "",
};

/** Subjects of the other keys of metrics. */
const metricSubjects: Readonly<Record<string, (title: string) => string>> = {
  over: (title) => `The window of '${title}'`,
  at_least: (title) => `The least volume of '${title}'`,
  shrink: (title) => `The shrinking of '${title}'`,
  wilson: (title) => `The bound of '${title}'`,
  where: (title) => `Which events '${title}' reads`,
  "most alike by": (title) => `What the events of '${title}' agree in`,
  by: (title) => `What '${title}' is compared by`,
  among: (title) => `Whom '${title}' is compared with`,
  "of at least": (title) => `The least number of peers of '${title}'`,
  within: (title) => `The bounds of '${title}'`,
};

function metricThing(metric: Metric): Thing {
  const { name, title } = metric;
  const facts = new Facts("metrics", name);
  const keys = metricKeys(metric);
  for (const [key, text] of keys) {
    if (key === "title") continue;
    if (key === metric.kind) facts.add([key], title, `${kindWords[metric.kind]}${text}`);
    else facts.add([key], metricSubjects[key]?.(title) ?? title, text, { unsaid: key === "where" ? "all" : "none" });
  }
  facts.add(["title"], `The title of '${name}'`, title);
  const said = sayKeys(keys.slice(1));
  const first = `${kindWords[metric.kind]}${keys[0]?.[1] ?? ""}`;
  return thing("metrics", name, {
    noun: `the metric '${title}'`,
    kind: metric.kind,
    keys,
    facts,
    said: keys.length < 2 || (keys.length === 2 && keys[1]?.[0] === "title") ? first : `${first}, ${said}`,
  });
}

function scoreThing(score: Score): Thing {
  const { name, title } = score;
  const facts = new Facts("scores", name);
  const keys = scoreKeys(score);
  const subjects: Readonly<Record<string, string>> = {
    from: `What '${title}' reads`,
    curve: `The curve of '${title}'`,
    step: `The steps of '${title}'`,
    logistic: `The S-curve of '${title}'`,
    value: title,
  };
  for (const [key, text] of keys) {
    const subject = subjects[key];
    if (subject !== undefined) facts.add([key], subject, text);
  }
  if (score.kind === "weighted") {
    for (const { score: part, weight } of score.parts)
      facts.add(["weighted", part], `The weight of '${part}' in '${title}'`, printConstant(weight));
    const { missing } = score;
    const rule = missing.kind === "propagate" ? undefined : missing.kind === "share-out" ? "share out" : printConstant(missing.value);
    facts.add(["missing"], `What '${title}' does with a missing part`, rule, { unsaid: "to be missing itself" });
  }
  facts.add(["round"], `The decimals of '${title}'`, String(score.round));
  facts.add(["title"], `The title of '${name}'`, title);
  const kind = score.kind === "curve" ? score.shape : score.kind;
  return thing("scores", name, { noun: `the score '${title}'`, kind, keys, facts });
}

const ledgerSubjects: Readonly<Record<string, (title: string) => string>> = {
  start: (title) => `The start of '${title}'`,
  "take back": (title) => `What takes entries of '${title}' back`,
  expire: (title) => `How long entries of '${title}' live`,
  reset: (title) => `The reset of '${title}'`,
  within: (title) => `The bounds of '${title}'`,
};

/** Lines go by what makes them, so that a changed amount is one change of one line. */
function ledgerThing(ledger: Ledger): Thing {
  const { name, title } = ledger;
  const facts = new Facts("ledgers", name);
  const { before, after } = ledgerKeys(ledger);
  for (const [key, text] of [...before, ...after]) {
    if (key !== "title") facts.add([key], ledgerSubjects[key]?.(title) ?? title, text, { unsaid: "none" });
  }
  const seen = new Map<string, number>();
  for (const [at, line] of ledger.lines.entries()) {
    const source = line.kind === "event" ? line.event : line.kind === "date" ? printDates(line.each) : (lineKeys(line)[0]?.[1] ?? "");
    const where = line.kind === "event" && line.where !== undefined ? ` where ${printExpression(line.where)}` : "";
    const when = line.when === undefined ? "" : ` when ${printExpression(line.when)}`;
    const made = `${source}${where}${when}`;
    const count = (seen.get(made) ?? 0) + 1;
    seen.set(made, count);
    const own = count === 1 ? made : `${made} (${count})`;
    facts.add(["lines", own], `The line of '${title}' for ${made}`, flow(lineKeys(line)), {
      group: `ledgers.${name}.lines.${line.kind === "volume" ? `each ${printExpression(line.of)}` : source}`,
      at,
    });
  }
  facts.add(["title"], `The title of '${name}'`, title);
  const lines = `[${ledger.lines.map((line) => flow(lineKeys(line))).join(", ")}]`;
  const keys: Keys = [...before, ["lines", lines, "flow"], ...after];
  const said = sayKeys([...before, ...after]);
  return thing("ledgers", name, {
    noun: `the ledger '${title}'`,
    kind: "",
    keys,
    facts,
    said: `${said}, with ${ledger.lines.length} line${ledger.lines.length === 1 ? "" : "s"}`,
  });
}

/** The order of the ladder and the tier beside it: names alone; what a tier is stands with the tier. */
function ladderOf(policy: Policy): Thing {
  const facts = new Facts();
  facts.add(["tiers"], "The order of the tiers", policy.tiers.map((tier) => tier.name).join(", "));
  facts.add(["otherwise"], "The tier off the ladder", policy.otherwise, { unsaid: "none" });
  return thing("tiers", "", { noun: "", kind: "", keys: [], facts });
}

function tierThing(tier: Tier, tiers: readonly Tier[]): Thing {
  const { name } = tier;
  const facts = new Facts("tiers", name);
  const none = { unsaid: "none" };
  facts.add(["title"], `The title of '${name}'`, tier.title);
  facts.add(["when"], `What ${name} asks for`, tier.when === undefined ? undefined : printExpression(tier.when), { unsaid: "nothing" });
  facts.add(["adverse"], `Whether ${name} is adverse`, String(tier.adverse));
  for (const [key, text] of consequenceKeys(tier.consequences))
    facts.add(["consequences", key], `${consequenceNames[key] ?? key} in ${name}`, text, { unsaid: "left as it is" });
  facts.add(["hold"], `The least stay in ${name}`, tier.holdDays === undefined ? undefined : printDays(tier.holdDays), none);
  const { shorten } = tier;
  const shortened = shorten === undefined ? undefined : `by ${printDays(shorten.days)} when ${shorten.event}`;
  facts.add(["shorten"], `What shortens the stay in ${name}`, shortened, none);
  facts.add(["terminal"], `Whether ${name} is for ever`, String(tier.terminal));
  facts.add(["replaces"], `What ${name} replaces`, tier.replaces?.join(", "), none);
  const keys = tierKeys(tier).filter(([key]) => key !== "title" || tier.title !== defaultTitle(name));
  const above = tiers[tiers.indexOf(tier) - 1];
  const place = above === undefined ? "at the top" : `below ${above.name}`;
  return thing("tiers", name, { noun: `the tier ${name}`, kind: "", keys, facts, said: `${place}, ${sayKeys(keys)}` });
}

const consequenceNames: Readonly<Record<string, string>> = {
  traffic: "Traffic",
  payout: "Payout",
  orders: "The cap of orders",
  fee: "The fee",
};

function capsOf({ caps }: Policy): Thing {
  const facts = new Facts("caps");
  const seen = new Map<string, number>();
  for (const [at, cap] of caps.entries()) {
    const when = printExpression(cap.when);
    const name = `${cap.tier} when ${when}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    facts.add([count === 1 ? name : `${name} (${count})`], "A cap", flow(capKeys(cap)), { group: `caps.${cap.tier}`, at });
  }
  return thing("caps", "", { noun: "", kind: "", keys: [], facts });
}

function movementOf(policy: Policy): Thing {
  const { evaluate, start, promote, demote, shield, protect } = policy.movement;
  const facts = new Facts("movement");
  facts.add(["evaluate"], "The evaluation", printCalendar(evaluate));
  facts.add(["start"], "The tier before the first evaluation", start, { unsaid: "left open" });
  addStep("promote", "Promotion", promote, facts);
  addStep("demote", "Demotion", demote, facts);
  const shielded = shield === undefined ? undefined : `${printDays(shield.days)} since ${shield.since}`;
  facts.add(["shield"], "The shield of newcomers", shielded, { unsaid: "none" });
  const protection = protectKeys(protect).map(([key, text]) => `${key} ${text}`);
  facts.add(["protect"], "The protection", protection.length === 0 ? undefined : protection.join(", "), { unsaid: "none" });
  return thing("movement", "", { noun: "", kind: "", keys: movementKeys(policy.movement), facts });
}

function addStep(key: string, word: string, step: Step, facts: Facts): void {
  facts.add([key, "after"], word, `after ${step.after} evaluation${step.after === 1 ? "" : "s"}`);
  facts.add([key, "by"], `${word} at a time`, step.by === undefined ? undefined : `${step.by} tier${step.by === 1 ? "" : "s"}`, {
    unsaid: "any number of tiers",
  });
}
