/** Policy x panel schema -> kinds of events and fields that the panel lacks. */
import { type DiagnosticCode, type DiagnosticDetails, nearestName } from "../../data/foundation/index.ts";
import { findAttribute, type PanelSchema } from "../../data/panel/index.ts";
import type { Expression } from "./expression.ts";
import type { Ledger, Metric, Policy } from "./policy.ts";
import { namesRead } from "./walk-expression.ts";

/** Where findings go, each with the part of the policy that it is about. */
export type Report = (code: DiagnosticCode, part: object, details: Omit<DiagnosticDetails, "place">) => void;

/** Checks everything in a policy that reads events. */
export class EventCheck {
  readonly #policy: Policy;
  readonly #schema: PanelSchema;
  readonly #report: Report;

  constructor(policy: Policy, schema: PanelSchema, report: Report) {
    this.#policy = policy;
    this.#schema = schema;
    this.#report = report;
  }

  run(): void {
    const { metrics, ledgers, tiers, movement } = this.#policy;
    for (const metric of metrics) this.#metric(metric);
    for (const ledger of ledgers) this.#ledger(ledger);
    for (const { shorten } of tiers) if (shorten !== undefined) this.#kind(shorten.event, shorten);
    if (movement.protect !== undefined) this.#kind(movement.protect.event, movement.protect);
  }

  #metric(metric: Metric): void {
    if (metric.kind === "since") this.#since(metric);
    if (metric.kind !== "count" && metric.kind !== "distinct") return;
    if (!this.#kind(metric.event, metric)) return;
    if (metric.where !== undefined) this.#fields(metric.event, metric.where);
    if (metric.kind === "distinct") this.#field(metric.event, metric.field, metric);
    else if (metric.alike !== undefined) this.#field(metric.event, metric.alike, metric);
  }

  /** `since` names a day of the entity or a kind of event: one of the two, and not both. */
  #since(metric: Extract<Metric, { kind: "since" }>): void {
    const isAttribute = findAttribute(this.#schema, metric.from) !== undefined;
    const isEvent = this.#schema.events.some((kind) => kind.name === metric.from);
    if (isAttribute && isEvent) {
      this.#report("ambiguous-name", metric, {
        message: `'${metric.from}' is both an attribute and a kind of event of the panel`,
        found: metric.from,
      });
    }
    if (isAttribute || isEvent) return;
    const names = [...this.#schema.attributes, ...this.#schema.events].map(({ name }) => name);
    this.#report("unknown-attribute", metric, {
      message: `the panel has no day attribute and no kind of event '${metric.from}'`,
      found: metric.from,
      expected: names.join(", "),
      near: nearestName(metric.from, names),
    });
  }

  #ledger({ lines, takeBack }: Ledger): void {
    for (const line of lines) {
      if (line.kind !== "event" || !this.#kind(line.event, line)) continue;
      if (line.where !== undefined) this.#fields(line.event, line.where);
      this.#fields(line.event, line.amount);
      if (line.when !== undefined) this.#fields(line.event, line.when);
    }
    if (takeBack !== undefined && this.#kind(takeBack.event, takeBack)) this.#field(takeBack.event, "about", takeBack);
  }

  /** Whether the panel has events of the kind. */
  #kind(name: string, at: object): boolean {
    const names = this.#schema.events.map((event) => event.name);
    if (names.includes(name)) return true;
    this.#report("unknown-event", at, {
      message: `the panel has no events of kind '${name}'`,
      found: name,
      expected: names.join(", "),
      near: nearestName(name, names),
    });
    return false;
  }

  #fields(event: string, expression: Expression): void {
    for (const name of namesRead(expression, "event")) this.#field(event, name, expression);
  }

  #field(event: string, name: string, at: object): void {
    const kind = this.#schema.events.find((candidate) => candidate.name === event);
    if (kind === undefined || name === "number") return;
    const known = [...(kind.fields ?? []), ...(kind.points === true ? ["points"] : [])];
    if (known.includes(name)) return;
    this.#report("unknown-field", at, {
      message: `events of kind '${event}' carry no '${name}' in the panel`,
      found: name,
      ...(known.length === 0 ? {} : { expected: known.join(", ") }),
      near: nearestName(name, known),
    });
  }
}
