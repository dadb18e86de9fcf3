/** What of a policy SQL cannot express, whatever it says: found before any statement is written. */
import { unreachable } from "../../data/foundation/index.ts";
import { conversionIn } from "../../data/panel/index.ts";
import { type Metric, measureNames, type Policy } from "../language/index.ts";
import { readsOnlyEvents } from "./sql-events.ts";
import { lineReason } from "./sql-ledger.ts";

/** An element of the policy, by its path, and why it is refused. */
export interface SqlRefusal {
  readonly element: string;
  readonly reason: string;
}

/** Every element that is refused, in the order of the language. */
export function sqlRefusals(policy: Policy): readonly SqlRefusal[] {
  const converted = measureNames(policy).filter((name) => conversionIn(name) !== undefined);
  const { parameters, metrics, scores, ledgers, movement } = policy;
  const refuse = (element: string, reason: string | undefined): SqlRefusal[] => (reason === undefined ? [] : [{ element, reason }]);
  return [
    ...[...new Set(converted)]
      .sort()
      .map((element) => ({ element, reason: "the table of the panel has amounts in its own currency only" })),
    ...parameters.flatMap(({ name, by }) => refuse(`parameters.${name}`, by && "its value depends on a text")),
    ...metrics.flatMap((metric) => refuse(`metrics.${metric.name}`, metricReason(metric))),
    ...scores.flatMap((score) =>
      refuse(
        `scores.${score.name}`,
        score.kind === "curve" && score.shape === "logistic" ? "its logarithms may differ in the last bit" : undefined,
      ),
    ),
    ...ledgers.flatMap((ledger) =>
      ledger.lines.flatMap((line, index) => refuse(`ledgers.${ledger.name}.lines.${index + 1}`, lineReason(policy, ledger, line))),
    ),
    ...refuse("movement.protect", movement.protect && "a volume since an event is a state of its own"),
  ];
}

function metricReason(metric: Metric): string | undefined {
  if ("over" in metric) {
    const { kind } = metric.over;
    if (kind === "volume") return "a window that is chosen by volume has no frame";
  }
  switch (metric.kind) {
    case "share":
      return metric.wilson === undefined ? undefined : "its square root may differ in the last bit";
    case "count":
      if (metric.alike !== undefined) return "the most that agree in a field are a table of their own";
      return metric.where === undefined || readsOnlyEvents(metric.where) ? undefined : "it asks an event about more than that event";
    case "distinct":
      return metric.where === undefined || readsOnlyEvents(metric.where) ? undefined : "it asks an event about more than that event";
    case "percentile":
    case "largest":
      return "it goes through the rows of its window";
    case "rank":
    case "ratio":
      return "peers are gathered by the kernels";
    case "mean":
    case "sum":
    case "last":
    case "since":
    case "unbroken":
    case "value":
      return undefined;
    default:
      return unreachable(metric);
  }
}
