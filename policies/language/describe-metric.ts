/** A metric in plain words, with every default. */
import { unreachable } from "../../data/foundation/index.ts";
import { conversionIn } from "../../data/panel/index.ts";
import type { Constant, Expression } from "./expression.ts";
import type { AtLeast, Metric, Window } from "./policy.ts";
import { expressionsOfMetric } from "./policy-expressions.ts";
import { printExpression } from "./print-expression.ts";
import { namesRead } from "./walk-expression.ts";
import { printWindow } from "./window.ts";

/** Writes expressions and constants with the value of each parameter beside its name. */
export interface Sayer {
  readonly expression: (expression: Expression) => string;
  readonly constant: (constant: Constant) => string;
}

/** One line of meaning, then indented lines for other currencies, least volume and small volumes. */
export function describeMetric(metric: Metric, say: Sayer): readonly string[] {
  const [first = "", ...rest] = describeOwn(metric, say);
  return [first, ...conversionsIn(metric).map((name) => `  ${name}: ${rateWords}`), ...rest];
}

const rateWords = "each period's amount at the dataset's latest rate up to its last day, to the nearest hundredth, ties away from zero.";

function conversionsIn(metric: Metric): readonly string[] {
  const level = metric.kind === "last" || metric.kind === "percentile" ? [metric.measure] : [];
  const names = [...level, ...expressionsOfMetric(metric).flatMap((expression) => namesRead(expression, "measure"))];
  return [...new Set(names)].filter((name) => conversionIn(name) !== undefined);
}

function describeOwn(metric: Metric, say: Sayer): readonly string[] {
  const first = `${metric.name} (${metric.title}, in ${unitWords[metric.unit]}): ${meaning(metric, say)}`;
  if (metric.kind !== "share" && metric.kind !== "mean" && metric.kind !== "sum") return [first];
  const least = leastWords(metric.atLeast, metric.kind, say);
  return metric.kind === "share" ? [first, `  ${least}`, `  ${smallVolumes(metric, say)}`] : [first, `  ${least}`];
}

function meaning(metric: Metric, say: Sayer): string {
  switch (metric.kind) {
    case "share":
      return `${printExpression(metric.part)} as a share of ${printExpression(metric.whole)}, ${windowWords(metric.over, say)}. Missing when the whole is 0.`;
    case "mean":
      return `${printExpression(metric.sum)} per ${printExpression(metric.count)}, ${windowWords(metric.over, say)}. Missing when the count is 0.`;
    case "sum":
      return `the total of ${printExpression(metric.of)}, ${windowWords(metric.over, say)}.`;
    case "count": {
      const alike = metric.alike === undefined ? "" : `the most that agree in '${metric.alike}' among `;
      return `${alike}${eventWords(metric, say)}, ${windowWords(metric.over, say)}. None is 0.`;
    }
    case "distinct":
      return `how many different values of '${metric.field}' there are among ${eventWords(metric, say)}, ${windowWords(metric.over, say)}. None is 0.`;
    case "percentile": {
      const least = metric.atLeastPeriods === undefined ? "Missing without any." : `Missing with fewer than ${metric.atLeastPeriods}.`;
      return `the smallest value of ${metric.measure} that ${say.constant(metric.part)} of its periods do not exceed, ${windowWords(metric.over, say)}. ${least}`;
    }
    case "largest":
      return `a text: the ${metric.by} with the largest total of ${printExpression(metric.of)}, ${windowWords(metric.over, say)}. Of equals the first in the alphabet; missing without any.`;
    case "last":
      return `${metric.measure} as it last stood. Missing when the panel has none.`;
    case "since":
      return `whole days to the evaluation from ${metric.from}: the entity's own day, or the day that the latest such event was known. Missing without it, or before it.`;
    case "unbroken":
      return `days since the first evaluation of the unbroken run at which '${metric.condition}' has been true. 0 when it is not true now.`;
    case "rank":
      return `where ${metric.of.name} stands among ${peerWords(metric)}: the share below it, and half of those equal. Missing with fewer than ${metric.peersMin}.`;
    case "ratio":
      return `${metric.of.name} over the median of ${peerWords(metric)}. Missing with fewer than ${metric.peersMin}, or when the median is 0.`;
    case "value": {
      const within =
        metric.within === undefined ? "" : `, kept within ${say.constant(metric.within.lower)} to ${say.constant(metric.within.upper)}`;
      return `${say.expression(metric.expression)}${within}. Missing when a part is missing, or after a division by 0.`;
    }
    default:
      return unreachable(metric);
  }
}

/** `events of kind 'violation' with severity = high, each from the day that it was known`. */
function eventWords({ event, where }: { readonly event: string; readonly where?: Expression }, say: Sayer): string {
  const only = where === undefined ? "" : ` with ${say.expression(where)}`;
  return `events of kind '${event}'${only}, each from the day that it was known`;
}

function peerWords({ among, peersMin }: Extract<Metric, { kind: "rank" | "ratio" }>): string {
  return among === undefined ? `all of at least ${peersMin} in the frame` : `the at least ${peersMin} with the same ${among.name}`;
}

function leastWords(atLeast: AtLeast | undefined, kind: "share" | "mean" | "sum", say: Sayer): string {
  if (atLeast !== undefined)
    return `With fewer than ${say.constant(atLeast.count)} ${printExpression(atLeast.of)} in the window it is missing, not 0.`;
  return kind === "sum"
    ? "Without any rows in the window it is 0 (default: no least volume)."
    : "Any volume above 0 is enough (default: no least volume).";
}

function smallVolumes({ shrink, wilson }: Extract<Metric, { kind: "share" }>, say: Sayer): string {
  if (wilson !== undefined)
    return `The ${wilson.side} end of its Wilson interval at ${say.constant(wilson.level)} is taken, so that small volumes get the benefit or burden of doubt.`;
  return shrink === undefined
    ? "Small volumes are taken as they are (default: no shrinking, no Wilson bound)."
    : `It leans towards ${say.constant(shrink.prior)} as if ${say.constant(shrink.strength)} more cases at that share had been seen.`;
}

/** Units as a description says them. */
export const unitWords = {
  number: "plain numbers",
  count: "counts",
  share: "%",
  money: "money",
  points: "points",
  days: "days",
  hours: "hours",
  date: "dates",
} as const;

/** `over the last 28 days`. */
function windowWords(window: Window, say: Sayer): string {
  switch (window.kind) {
    case "days":
      return `over the whole periods inside the last ${printWindow(window)}`;
    case "periods":
      return `over the last ${printWindow(window)}`;
    case "calendar":
      return `over the last ${window.count === 1 ? `whole calendar ${window.unit}` : `${window.count} whole calendar ${window.unit}s`}`;
    case "lifetime":
      return "since the first period";
    case "volume":
      return `over as many whole periods back as hold ${say.constant(window.count)} ${printExpression(window.of)}, or all when fewer were seen`;
    case "named":
      return `over the window '${window.name}'`;
    default:
      return unreachable(window);
  }
}
