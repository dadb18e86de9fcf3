/** Random checked policies over the random panel's schema: every feature of the language, sections that read each other across. */
import type { Grain } from "../../data/foundation/index.ts";
import type {
  Condition,
  EvaluationCalendar,
  Expression,
  Ledger,
  Metric,
  NamedWindow,
  Parameter,
  Policy,
  Score,
  Step,
  Tier,
} from "../../policies/language/index.ts";
import { namesRead } from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { drawCondition } from "./random-expressions.ts";
import { drawLedger } from "./random-ledgers.ts";
import { drawMetric, drawNamedWindow, isRanked } from "./random-metrics.ts";
import { drawCalendar, drawCaps, drawHold, drawMovement, drawProtect, drawTiers } from "./random-movement.ts";
import { attributeTexts, drawParameters, drawTextParameter } from "./random-parameters.ts";
import { drawScore } from "./random-scores.ts";
import { type NumberName, type TextName, titleOf, type Vocabulary } from "./random-vocabulary.ts";

/** How much of the language to draw from. */
export interface PolicyOptions {
  /** Only what SQL speaks too. */
  readonly core?: boolean;
}

/** A policy that the checker would let pass, for a panel of this grain. */
export function drawPolicy(draw: Draw, grain: Grain, { core = false }: PolicyOptions = {}): Policy {
  const evaluate = drawCalendar(draw, grain);
  const sections = new Sections(draw, core);
  sections.addMetric(grain);
  const steps = core
    ? (["metric", "metric", "score", "condition", "condition", "ledger", "window"] as const)
    : (["metric", "metric", "metric", "score", "score", "condition", "condition", "ledger", "window", "parameter"] as const);
  for (const step of draw.list(4, 14, () => draw.pick(steps))) {
    if (step === "metric") sections.addMetric(grain);
    else if (step === "score") sections.addScore();
    else if (step === "condition") sections.addCondition();
    else if (step === "ledger") sections.addLedger(evaluate);
    else if (step === "window") sections.addWindow(grain);
    else sections.addTextParameter();
  }
  const { vocabulary } = sections;
  const otherwise = draw.chance(2) ? "unrated" : undefined;
  const tiers = drawTiers(draw, vocabulary, otherwise !== undefined, core);
  const headlineScore = headlineOf(sections.scores);
  return {
    programme: "random",
    version: "1.0.0",
    title: "Random",
    entity: "seller",
    rationale: "Drawn at random.",
    digest: "random",
    parameters: sections.parameters,
    windows: sections.windows,
    metrics: sections.metrics,
    scores: sections.scores,
    ledgers: sections.ledgers,
    conditions: sections.conditions,
    tiers,
    caps: drawCaps(draw, vocabulary, tiers),
    ...(otherwise === undefined ? {} : { otherwise }),
    ...(headlineScore === undefined ? {} : { headlineScore }),
    movement: drawMovement(draw, { evaluate, tiers, otherwise, core, vocabulary }),
  };
}

/**
 * A policy whose merited tier follows one measure directly, so that random histories walk through every rule of movement: streaks,
 * steps, holds inside holds, shields, protections, terminal tiers, off the ladder and back.
 */
export function drawSteeredPolicy(draw: Draw, grain: Grain, options: PolicyOptions = {}): Policy {
  const { core = false } = options;
  const drawn = drawPolicy(draw, grain, options);
  const count = draw.integer(2, 4);
  const adverseFrom = draw.integer(1, count);
  const metric: Metric = {
    kind: "sum",
    name: "steer",
    title: titleOf("steer"),
    unit: "count",
    of: { kind: "reference", to: "measure", name: "reviews" },
    over: { kind: "periods", count: 1 },
  };
  const tiers = Array.from({ length: count }, (_, code): Tier => {
    const when: Expression = {
      kind: "compare",
      operator: "<=",
      left: { kind: "reference", to: "metric", name: "steer" },
      right: { kind: "number", value: code, unit: "number" },
    };
    return {
      name: `t${code}`,
      title: titleOf(`t${code}`),
      adverse: code >= adverseFrom,
      consequences: {},
      terminal: code === count - 1 && draw.chance(8),
      ...(code === count - 1 && drawn.otherwise === undefined ? {} : { when }),
      ...(draw.integer(0, 2) > 0 ? drawHold(draw) : {}),
    };
  });
  const start = draw.chance(4) ? { start: draw.pick(tiers).name } : {};
  const shield = draw.chance(2) ? { shield: { days: draw.pick([15, 30, 60]), since: draw.pick(["opened_on", "verified_on"]) } } : {};
  const protect =
    !core && draw.chance(2) ? { protect: drawProtect(draw, tiers, { numbers: [], texts: [], conditions: [], windows: [] }) } : {};
  const [promote, demote] = [quickStep(draw), quickStep(draw)];
  const evaluate = drawn.ledgers.some(({ lines }) => lines.some(({ kind }) => kind === "date"))
    ? drawn.movement.evaluate
    : ({ kind: "every", unit: grain } as const);
  return {
    ...drawn,
    metrics: [...drawn.metrics, metric],
    tiers,
    caps: drawn.caps.filter(({ tier }) => tiers.some(({ name }) => name === tier)),
    movement: { evaluate, promote, demote, ...start, ...shield, ...protect },
  };
}

/** Streaks are mostly short, so that tiers change often. */
function quickStep(draw: Draw): Step {
  return { after: draw.pick([1, 1, 2, 3]), ...(draw.chance(3) ? { by: draw.integer(1, 2) } : {}) };
}

/** Grows the sections one definition at a time; each reads what stands already, of whatever section. */
class Sections {
  readonly #draw: Draw;
  readonly #core: boolean;
  readonly #numbers: NumberName[] = [];
  readonly #texts: TextName[] = [...attributeTexts];
  readonly #ranked: { readonly name: string; readonly ranked: boolean }[] = [];
  readonly parameters: Parameter[];
  readonly windows: NamedWindow[] = [];
  readonly metrics: Metric[] = [];
  readonly scores: Score[] = [];
  readonly ledgers: Ledger[] = [];
  readonly conditions: Condition[] = [];

  constructor(draw: Draw, core: boolean) {
    this.#draw = draw;
    this.#core = core;
    const { parameters, numbers } = drawParameters(draw, core);
    this.parameters = [...parameters];
    this.#numbers.push(...numbers, { to: "today", name: "today", unit: "date", ranked: false });
  }

  get vocabulary(): Vocabulary {
    return { numbers: this.#numbers, texts: this.#texts, conditions: this.#ranked, windows: this.windows.map(({ name }) => name) };
  }

  addMetric(grain: Grain): void {
    const { metric, unit, ranked } = drawMetric(this.#draw, grain, `m${this.metrics.length}`, this.vocabulary, this.#core);
    this.metrics.push(metric);
    if (metric.kind !== "largest") {
      this.#numbers.push({ to: "metric", name: metric.name, unit, ranked });
      return;
    }
    this.#texts.push({ to: "metric", name: metric.name, values: textsOf(metric.by) });
    if (this.#draw.chance(2)) this.addTextParameter();
  }

  addScore(): void {
    const { score, ranked } = drawScore(this.#draw, `s${this.scores.length}`, this.vocabulary, this.#core);
    this.scores.push(score);
    this.#numbers.push({ to: "score", name: score.name, unit: "plain", ranked });
  }

  addLedger(evaluate: EvaluationCalendar): void {
    const options = { evaluate, core: this.#core };
    const { ledger, unit, ranked } = drawLedger(this.#draw, `l${this.ledgers.length}`, this.vocabulary, options);
    this.ledgers.push(ledger);
    this.#numbers.push({ to: "ledger", name: ledger.name, unit, ranked });
  }

  addCondition(): void {
    const name = `c${this.conditions.length}`;
    const expression = drawCondition(this.#draw, this.vocabulary, 2);
    this.conditions.push({ name, title: titleOf(name), expression });
    this.#ranked.push({ name, ranked: isRanked(expression, this.vocabulary) });
  }

  addWindow(grain: Grain): void {
    this.windows.push(drawNamedWindow(this.#draw, grain, `w${this.windows.length}`, this.vocabulary));
  }

  /** A parameter by the text of a `largest` metric; by an attribute while there is none. */
  addTextParameter(): void {
    const texts = this.#texts.filter(({ to }) => to === "metric");
    const { parameter, number } = drawTextParameter(
      this.#draw,
      `p${this.parameters.length}`,
      this.#draw.pick(texts.length > 0 ? texts : attributeTexts),
    );
    this.parameters.push(parameter);
    this.#numbers.push(number);
  }
}

function textsOf(attribute: string): readonly string[] {
  return attributeTexts.find(({ name }) => name === attribute)?.values ?? [];
}

/** The last score that no other reads. */
function headlineOf(scores: readonly Score[]): string | undefined {
  return scores.findLast(({ name }) => !scores.some((other) => scoresRead(other).includes(name)))?.name;
}

function scoresRead(score: Score): readonly string[] {
  switch (score.kind) {
    case "weighted":
      return score.parts.map((part) => part.score);
    case "curve":
      return score.from.to === "score" ? [score.from.name] : [];
    case "value":
      return namesRead(score.expression, "score");
  }
}
