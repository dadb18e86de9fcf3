/** What of a policy SQL cannot express, whatever it says: found before any statement is written. */
import { unreachable } from "../../data/foundation/index.ts";
import { conversionIn, findAttribute, type PanelSchema } from "../../data/panel/index.ts";
import { type Metric, measureNames, type Policy } from "../language/index.ts";

/** An element of the policy, by its path, and why it is refused. */
export interface SqlRefusal {
  readonly element: string;
  readonly reason: string;
}

/** Every element that is refused, in the order of the language. */
export function sqlRefusals(policy: Policy, schema: PanelSchema): readonly SqlRefusal[] {
  const converted = measureNames(policy).filter((name) => conversionIn(name) !== undefined);
  const { parameters, windows, metrics, scores, ledgers, tiers, movement } = policy;
  const refuse = (element: string, reason: string | undefined): SqlRefusal[] => (reason === undefined ? [] : [{ element, reason }]);
  return [
    ...[...new Set(converted)]
      .sort()
      .map((element) => ({ element, reason: "the table of the panel has amounts in its own currency only" })),
    ...parameters.flatMap(({ name, by }) => refuse(`parameters.${name}`, by && "its value depends on a text")),
    ...windows.flatMap(({ name }) => refuse(`windows.${name}`, "a window that is chosen by volume has no frame")),
    ...metrics.flatMap((metric) => refuse(`metrics.${metric.name}`, metricReason(metric, schema))),
    ...scores.flatMap((score) =>
      refuse(
        `scores.${score.name}`,
        score.kind === "curve" && score.shape === "logistic" ? "its logarithms may differ in the last bit" : undefined,
      ),
    ),
    ...ledgers.flatMap(({ name }) => refuse(`ledgers.${name}`, "its entries are a state of their own")),
    ...tiers.flatMap(({ name, shorten }) => refuse(`tiers.${name}.shorten`, shorten && "events do not reach the recursion of movement")),
    ...refuse("movement.protect", movement.protect && "events do not reach the recursion of movement"),
  ];
}

function metricReason(metric: Metric, schema: PanelSchema): string | undefined {
  if ("over" in metric) {
    const { kind } = metric.over;
    if (kind === "named" || kind === "volume") return "a window that is chosen by volume has no frame";
  }
  switch (metric.kind) {
    case "share":
      return metric.wilson === undefined ? undefined : "its square root may differ in the last bit";
    case "count":
      if (metric.where !== undefined) return "the table of events has no fields";
      return metric.alike === undefined ? undefined : "the table of events has no fields";
    case "since":
      return findAttribute(schema, metric.from)?.type === "day" ? undefined : "only days since an attribute are counted";
    case "distinct":
      return "the table of events has no fields";
    case "percentile":
    case "largest":
      return "it goes through the rows of its window";
    case "unbroken":
      return "it is a state of its own";
    case "rank":
    case "ratio":
      return "peers are gathered by the kernels";
    case "mean":
    case "sum":
    case "last":
    case "value":
      return undefined;
    default:
      return unreachable(metric);
  }
}
