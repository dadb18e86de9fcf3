/** Policy x panel schema -> what the panel cannot fill. */
import {
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticDetails,
  daysInMonth,
  type Grain,
  nearestName,
} from "../../data/foundation/index.ts";
import { findAttribute, findMeasure, type PanelSchema } from "../../data/panel/index.ts";
import type { Expression } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { EvaluationCalendar, Metric, Policy, Window } from "./policy.ts";
import { Problems } from "./problems.ts";
import { inferUnits } from "./units.ts";
import { partsOf } from "./walk-expression.ts";
import { printWindow } from "./window.ts";

/**
 * Checks that a panel holds what a policy reads: measures (flows and levels in their place), attributes of the right type,
 * kinds of events, units and currency; that windows hold whole periods; that no row is evaluated twice. Windows that are not a
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
    for (const metric of this.#policy.metrics) this.#metric(metric);
    for (const { expression } of this.#policy.conditions) this.#attributes(expression);
    for (const { when } of this.#policy.tiers) if (when !== undefined) this.#attributes(when);
    const { shield, evaluate } = this.#policy.movement;
    if (shield !== undefined) this.#dayAttribute(shield.since, shield);
    this.#calendar(evaluate);
    this.#units();
    return this.#problems.sorted();
  }

  #metric(metric: Metric): void {
    switch (metric.kind) {
      case "share":
        this.#flows(metric.part, metric);
        this.#flows(metric.whole, metric);
        break;
      case "mean":
        this.#flows(metric.sum, metric);
        this.#flows(metric.count, metric);
        break;
      case "sum":
        this.#flows(metric.of, metric);
        break;
      case "count":
        this.#event(metric.event, metric);
        break;
      case "last":
        this.#level(metric.measure, metric);
        break;
      case "since":
        this.#dayAttribute(metric.attribute, metric);
        break;
      case "value":
        this.#attributes(metric.expression);
        break;
    }
    if ("atLeast" in metric && metric.atLeast !== undefined) this.#flows(metric.atLeast.of, metric);
    if ("over" in metric) this.#window(metric.over, metric);
  }

  #flows(expression: Expression, metric: Metric): void {
    for (const part of partsOf(expression)) {
      if (part.kind !== "reference" || part.to !== "measure") continue;
      const found = findMeasure(this.#schema, part.name);
      if (found === undefined) this.#unknownMeasure(part.name, part);
      else if (found.measure.kind === "level") {
        this.#add("measure-kind", part, {
          message: `'${part.name}' is a level; '${metric.name}' would add it up over a window`,
          found: "level",
          expected: "flow",
          cure: `Read it as it last stood: '{ last: ${part.name} }'.`,
        });
      }
    }
  }

  #level(name: string, metric: Metric): void {
    const found = findMeasure(this.#schema, name);
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

  #unknownMeasure(name: string, at: object): void {
    const names = this.#schema.measures.map((measure) => measure.name);
    const isParameter = this.#policy.parameters.some((parameter) => parameter.name === name);
    const note = isParameter ? ` ('${name}' is a parameter; operands of metrics read measures only)` : "";
    this.#add("unknown-measure", at, {
      message: `the panel has no measure '${name}'${note}`,
      found: name,
      expected: names.join(", "),
      near: nearestName(name, names),
    });
  }

  #event(name: string, metric: Metric): void {
    const names = this.#schema.events.map((event) => event.name);
    if (names.includes(name)) return;
    this.#add("unknown-event", metric, {
      message: `the panel has no events of kind '${name}'`,
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
      if (operand?.kind === "reference" && operand.to === "attribute" && values.length > 0) this.#values(operand.name, values, operand);
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

  #window(over: Window, metric: Metric): void {
    const { grain } = this.#schema;
    if (over.kind === "calendar" && grain === "week") {
      this.#add("window-grain", over, {
        message: `'${metric.name}' reads ${printWindow(over)}, but the panel is weekly`,
        found: printWindow(over),
        expected: "days, weeks or periods",
      });
    }
    if (over.kind !== "days" || metric.kind === "count") return;
    const { least, most, exact } = wholePeriods(grain, over.count);
    if (least === 0) {
      this.#add("window-empty", over, {
        message: `'${metric.name}' reads ${printWindow(over)}, in which a whole ${grain} does not always fit`,
        found: printWindow(over),
        expected: grain === "week" ? "7 days or more" : "31 days or more",
      });
    } else if (!exact) {
      const count = least === most ? `${least}` : `${least} to ${most}`;
      this.#add("window-rounded", over, {
        message: `'${metric.name}' reads the ${count} whole ${grain}s inside ${printWindow(over)}`,
        found: printWindow(over),
      });
    }
  }

  #calendar(evaluate: EvaluationCalendar): void {
    const { grain } = this.#schema;
    if (evaluationsFit(grain, evaluate)) return;
    this.#add("calendar-grain", evaluate, {
      message: `the panel has one row a ${grain}, and several evaluations would fall on it`,
      found: evaluate.kind === "every" ? `every ${evaluate.unit}` : "a weekday",
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

/** Whole periods inside a window of days that ends at a period's end: the fewest and the most, over the calendar. */
function wholePeriods(grain: Grain, days: number): { readonly least: number; readonly most: number; readonly exact: boolean } {
  if (grain === "day") return { least: days, most: days, exact: true };
  if (grain === "week") return { least: Math.floor(days / 7), most: Math.floor(days / 7), exact: days % 7 === 0 };
  // Months: walk back from every month end of a four-year cycle.
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let end = 0; end < 48; end++) {
    let left = days;
    let count = 0;
    for (let month = end; left >= monthDays(month); month--) {
      left -= monthDays(month);
      count++;
    }
    least = Math.min(least, count);
    most = Math.max(most, count);
  }
  return { least, most, exact: false };
}

/** Days of the month that many months after January of a leap year; negative counts back. */
function monthDays(index: number): number {
  const month = ((index % 12) + 12) % 12;
  const year = 2024 + Math.floor(index / 12);
  return daysInMonth(year, month + 1);
}

/** Whether at most one evaluation falls on each row. */
function evaluationsFit(grain: Grain, evaluate: EvaluationCalendar): boolean {
  if (grain === "day") return true;
  if (evaluate.kind === "every" && evaluate.unit === "day") return false;
  if (grain === "week") return true;
  return evaluate.kind === "day-of-month" || (evaluate.kind === "every" && evaluate.unit !== "week");
}
