/** What of a policy SQL cannot express, whatever it says: found before any statement is written. */
import { type Diagnostic, diagnose, unreachable } from "../../data/foundation/index.ts";
import { conversionIn } from "../../data/panel/index.ts";
import { type Metric, measureNames, type Policy, placeOfPart } from "../language/index.ts";
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

/** Names the element, and its line where the policy was read from a file. */
export function refusal(policy: Policy, element: string, reason: string): Diagnostic {
  const place = placeOfPart(partAt(policy, element)) ?? placeOfPart(policy);
  const details = { message: `'${element}' cannot be run in SQL: ${reason}`, found: element };
  return diagnose("sql-unsupported", place === undefined ? details : { ...details, place });
}

/** The part of a policy that a path begins with: `ledgers.penalty.lines.2` is the second line of that ledger. */
function partAt(policy: Policy, element: string): object {
  const { parameters, windows, metrics, scores, ledgers, conditions, tiers } = policy;
  const [section = "", name = "", , line = ""] = element.split(".");
  const sections: Readonly<Record<string, readonly { readonly name: string }[]>> = {
    parameters,
    windows,
    metrics,
    scores,
    ledgers,
    conditions,
    tiers,
  };
  const part = sections[section]?.find((each) => each.name === name);
  const ofLedger = section === "ledgers" ? ledgers.find((each) => each.name === name)?.lines[Number(line) - 1] : undefined;
  return [ofLedger, part, policy.movement].find((each) => each !== undefined && placeOfPart(each) !== undefined) ?? policy;
}
