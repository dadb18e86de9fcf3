/** Policy x panel schema -> what the panel cannot fill. */
import { type Diagnostic, type DiagnosticCode, type DiagnosticDetails, nearestName, unreachable } from "../../data/foundation/index.ts";
import { type Attribute, findAttribute, findMeasure, type PanelSchema, panelMeasure } from "../../data/panel/index.ts";
import { analyseAgainstPanel } from "./analyse-panel.ts";
import { checkConversions } from "./check-conversions.ts";
import { EventCheck } from "./check-panel-events.ts";
import type { Expression } from "./expression.ts";
import { evaluationsFit, wholePeriods } from "./panel-periods.ts";
import { placeOfPart } from "./places.ts";
import type { EvaluationCalendar, Metric, ParameterByText, Policy, Window } from "./policy.ts";
import { Problems } from "./problems.ts";
import { printCalendar } from "./read-calendar.ts";
import { inferUnits } from "./units.ts";
import { partsOf } from "./walk-expression.ts";
import { printWindow } from "./window.ts";

/**
 * Checks that a panel holds what a policy reads: measures (flows and levels in their place), attributes of the right type,
 * kinds of events, units, currency and rates; that windows hold whole periods; that no row is evaluated twice. Windows that are not a
 * whole number of periods give a note that says how many are read.
 *
 * Places are those of the file that the policy was read from; for a policy that has none (a copy), line 1 of `file`.
 */
export function checkAgainstPanel(policy: Policy, schema: PanelSchema, file?: string): readonly Diagnostic[] {
  return new PanelCheck(policy, schema, file).run();
}

class PanelCheck {
  readonly #policy: Policy;
  readonly #schema: PanelSchema;
  readonly #file: string | undefined;
  readonly #problems = new Problems();

  constructor(policy: Policy, schema: PanelSchema, file: string | undefined) {
    this.#policy = policy;
    this.#schema = schema;
    this.#file = file;
  }

  run(): readonly Diagnostic[] {
    const { entity } = this.#schema;
    if (this.#policy.entity !== entity) {
      this.#add("entity-mismatch", this.#policy, {
        message: `the policy scores a ${this.#policy.entity}, the panel holds a ${entity}`,
        found: this.#policy.entity,
        expected: entity,
      });
    }
    const { parameters, windows, metrics, scores, ledgers, conditions, tiers, caps, movement } = this.#policy;
    for (const parameter of parameters) if (parameter.by !== undefined) this.#byText(parameter);
    for (const window of windows) {
      this.#flows(window.when.of, window.name);
      for (const plain of [window.then, window.when.over, window.otherwise]) this.#window(plain, window.name, window);
    }
    for (const metric of metrics) this.#metric(metric);
    for (const score of scores) if (score.kind === "value") this.#attributes(score.expression);
    for (const ledger of ledgers) {
      for (const line of ledger.lines) {
        if (line.when !== undefined) this.#attributes(line.when);
        this.#attributes(line.amount);
        if (line.kind === "volume") this.#flows(line.of, ledger.name);
      }
    }
    for (const { expression } of conditions) this.#attributes(expression);
    for (const { when } of tiers) if (when !== undefined) this.#attributes(when);
    for (const { when } of caps) this.#attributes(when);
    const { shield, evaluate, protect } = movement;
    if (shield !== undefined) this.#dayAttribute(shield.since, shield);
    if (protect?.until !== undefined) this.#flows(protect.until.of, "protect");
    this.#calendar(evaluate);
    new EventCheck(this.#policy, this.#schema, (code, part, details) => this.#add(code, part, details)).run();
    checkConversions(this.#policy, this.#schema, (code, part, details) => this.#add(code, part, details));
    this.#units();
    analyseAgainstPanel(this.#policy, this.#schema, (code, part, details) => this.#add(code, part, details));
    return this.#problems.sorted();
  }

  #metric(metric: Metric): void {
    switch (metric.kind) {
      case "share":
        this.#flows(metric.part, metric.name);
        this.#flows(metric.whole, metric.name);
        break;
      case "mean":
        this.#flows(metric.sum, metric.name);
        this.#flows(metric.count, metric.name);
        break;
      case "sum":
        this.#flows(metric.of, metric.name);
        break;
      case "largest":
        this.#flows(metric.of, metric.name);
        this.#textAttribute(metric.by, metric);
        break;
      case "percentile":
        if (this.#measure(metric.measure) === undefined) this.#unknownMeasure(metric.measure, metric);
        break;
      case "last":
        this.#level(metric.measure, metric);
        break;
      case "since":
        if (findAttribute(this.#schema, metric.from) !== undefined) this.#dayAttribute(metric.from, metric);
        break;
      case "rank":
      case "ratio":
        if (metric.among?.to === "attribute") this.#textAttribute(metric.among.name, metric);
        break;
      case "value":
        this.#attributes(metric.expression);
        break;
      case "count":
      case "distinct":
      case "unbroken":
        break;
      default:
        unreachable(metric);
    }
    if ("atLeast" in metric && metric.atLeast !== undefined) this.#flows(metric.atLeast.of, metric.name);
    if ("over" in metric) this.#window(metric.over, metric.name, metric);
  }

  /** Every text that the panel has needs its number. */
  #byText(parameter: ParameterByText): void {
    const { by, name, values } = parameter;
    const metric = by.to === "metric" ? this.#policy.metrics.find((candidate) => candidate.name === by.name) : undefined;
    const attributeName = metric?.kind === "largest" ? metric.by : by.name;
    const attribute = this.#textAttribute(attributeName, parameter);
    const lacking = (attribute?.values ?? []).filter((text) => !values.some((entry) => entry.text === text));
    if (lacking.length === 0) return;
    this.#add("text-without-number", parameter, {
      message: `'${name}' gives no number for ${listed(lacking)}, which '${attributeName}' has in the panel`,
      found: lacking.slice(0, 20).join(", "),
      expected: "a number for every text",
    });
  }

  #textAttribute(name: string, at: object): Attribute | undefined {
    const attribute = findAttribute(this.#schema, name);
    if (attribute === undefined) this.#unknownAttribute(name, at);
    else if (attribute.type !== "text")
      this.#add("attribute-type", at, { message: `'${name}' is a ${attribute.type}, not a text`, found: attribute.type, expected: "text" });
    return attribute;
  }

  #flows(expression: Expression, reader: string): void {
    for (const part of partsOf(expression)) {
      if (part.kind !== "reference" || part.to !== "measure") continue;
      const found = this.#measure(part.name);
      if (found === undefined) this.#unknownMeasure(part.name, part);
      else if (found.measure.kind === "level") {
        this.#add("measure-kind", part, {
          message: `'${part.name}' is a level; '${reader}' would add it up over a window`,
          found: "level",
          expected: "flow",
          cure: `Read it as it last stood: '{ last: ${part.name} }'.`,
        });
      }
    }
  }

  #level(name: string, metric: Metric): void {
    const found = this.#measure(name);
    if (found === undefined) this.#unknownMeasure(name, metric);
    else if (found.measure.kind === "flow") {
      this.#add("measure-kind", metric, {
        message: `'${name}' is a flow; it has no last standing`,
        found: "flow",
        expected: "level",
        cure: `Add it up over a window: '{ sum: ${name}, over: 28 days }'.`,
      });
    }
  }

  #measure(name: string): ReturnType<typeof findMeasure> {
    return findMeasure(this.#schema, panelMeasure(name));
  }

  #unknownMeasure(read: string, at: object): void {
    const name = panelMeasure(read);
    const names = this.#schema.measures.map((measure) => measure.name);
    const { parameters, windows, metrics, scores, ledgers, conditions } = this.#policy;
    const sections = { parameter: parameters, window: windows, metric: metrics, score: scores, ledger: ledgers, condition: conditions };
    const [own] = Object.entries(sections).filter(([, section]) => section.some((one: { readonly name: string }) => one.name === name));
    const note = own === undefined ? "" : ` ('${name}' is a ${own[0]}; operands of metrics read measures only)`;
    this.#add("unknown-measure", at, {
      message: `the panel has no measure '${name}'${note}`,
      found: name,
      expected: names.join(", "),
      near: nearestName(name, names),
    });
  }

  #dayAttribute(name: string, at: object): void {
    const attribute = findAttribute(this.#schema, name);
    if (attribute === undefined) this.#unknownAttribute(name, at);
    else if (attribute.type !== "day")
      this.#add("attribute-type", at, { message: `'${name}' is a ${attribute.type}, not a day`, found: attribute.type, expected: "day" });
  }

  #attributes(expression: Expression): void {
    for (const part of partsOf(expression)) {
      if (part.kind === "reference" && part.to === "attribute") {
        if (findAttribute(this.#schema, part.name) === undefined) this.#unknownAttribute(part.name, part);
      }
      const values = part.kind === "member" ? part.values : part.kind === "compare" && part.right.kind === "text" ? [part.right.value] : [];
      const operand = part.kind === "member" ? part.operand : part.kind === "compare" ? part.left : undefined;
      if (operand?.kind !== "reference" || values.length === 0) continue;
      if (operand.to === "attribute") this.#values(operand.name, values, operand);
      const metric = operand.to === "metric" ? this.#policy.metrics.find(({ name }) => name === operand.name) : undefined;
      if (metric?.kind === "largest") this.#values(metric.by, values, operand);
    }
  }

  #values(name: string, values: readonly string[], at: object): void {
    const attribute = findAttribute(this.#schema, name);
    if (attribute === undefined) return;
    if (attribute.type !== "text") {
      this.#add("attribute-type", at, {
        message: `'${name}' is a ${attribute.type}; only texts are compared`,
        found: attribute.type,
        expected: "text",
      });
      return;
    }
    const known = attribute.values ?? [];
    for (const value of values.filter((candidate) => !known.includes(candidate))) {
      this.#add("unknown-value", at, {
        message: `'${name}' is never '${value}' in the panel`,
        found: value,
        expected: known.slice(0, 20).join(", "),
        near: nearestName(value, known),
      });
    }
  }

  #unknownAttribute(name: string, at: object): void {
    const names = this.#schema.attributes.map((attribute) => attribute.name);
    this.#add("unknown-attribute", at, {
      message: `the panel has no attribute '${name}'`,
      found: name,
      expected: names.join(", "),
      near: nearestName(name, names),
    });
  }

  /** `reader`: what reads it; `at`: where that stands, for a window without a place of its own. */
  #window(over: Window, reader: string, at: object): void {
    const { grain } = this.#schema;
    const where = placeOfPart(over) === undefined ? at : over;
    if (over.kind === "volume") this.#flows(over.of, reader);
    if (over.kind === "calendar" && grain === "week") {
      this.#add("window-grain", where, {
        message: `'${reader}' reads ${printWindow(over)}, but the panel is weekly`,
        found: printWindow(over),
        expected: "days, weeks or periods",
      });
    }
    const isOfEvents = "kind" in at && (at.kind === "count" || at.kind === "distinct");
    if (over.kind !== "days" || isOfEvents) return;
    const { least, most, exact } = wholePeriods(grain, over.count);
    if (least === 0) {
      this.#add("window-empty", where, {
        message: `'${reader}' reads ${printWindow(over)}, in which a whole ${grain} does not always fit`,
        found: printWindow(over),
        expected: grain === "week" ? "7 days or more" : "31 days or more",
      });
    } else if (!exact) {
      const count = least === most ? `${least}` : `${least} to ${most}`;
      const noun = most === 1 ? grain : `${grain}s`;
      this.#add("window-rounded", where, {
        message: `'${reader}' reads the ${count} whole ${noun} inside ${printWindow(over)}`,
        found: printWindow(over),
      });
    }
  }

  #calendar(evaluate: EvaluationCalendar): void {
    const { grain } = this.#schema;
    if (evaluationsFit(grain, evaluate)) return;
    this.#add("calendar-grain", evaluate, {
      message: `the panel has one row a ${grain}, and several evaluations would fall on it`,
      found: printCalendar(evaluate),
      expected: `every ${grain} or less often`,
    });
  }

  #units(): void {
    inferUnits(this.#policy, {
      measureUnit: (name) => findMeasure(this.#schema, name)?.measure.unit,
      currency: this.#schema.currency,
      report: (code, place, details) => this.#problems.add(code, place ?? this.#fallback(), details),
    });
  }

  #add(code: DiagnosticCode, part: object, details: Omit<DiagnosticDetails, "place">): void {
    this.#problems.add(code, placeOfPart(part) ?? this.#fallback(), details);
  }

  #fallback(): { readonly file: string; readonly line: number; readonly column: number } | undefined {
    const file = placeOfPart(this.#policy)?.file ?? this.#file;
    return file === undefined ? undefined : { file, line: 1, column: 1 };
  }
}

/** `'MX'`, `'MX' and 'BR'`, `'MX', 'BR' and 3 more`. */
function listed(texts: readonly string[]): string {
  const quoted = texts.slice(0, 3).map((text) => `'${text}'`);
  const more = texts.length - quoted.length;
  if (more > 0) return `${quoted.join(", ")} and ${more} more`;
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1) ?? ""}`;
}
