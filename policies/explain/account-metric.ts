/** Metrics of a trace in plain sentences. */

import { sayDate, sayNumber } from "./say-number.ts";
import type { MetricTrace } from "./trace.ts";

/** What a metric is, from what, and over which days. */
export function sayMetric(metric: MetricTrace, currency: string | undefined): string {
  return `${metric.title}: ${sayMetricValue(metric, currency)}${details(metric, currency)}.`;
}

/** The value alone, or that it is not known and why. */
export function sayMetricValue(metric: MetricTrace, currency: string | undefined): string {
  if (metric.text !== undefined) return metric.text;
  const why = metric.atLeast?.met === false || metric.missing === undefined ? "" : ` (${metric.missing})`;
  return metric.value === undefined ? `not known${why}` : sayNumber(metric.value, metric.unit, currency);
}

function details(metric: MetricTrace, currency: string | undefined): string {
  const parts = [
    ratioWords(metric, currency),
    shrinkWords(metric, currency),
    boundWords(metric, currency),
    atLeastWords(metric, currency),
    percentileWords(metric),
    sumsWords(metric, currency),
    runWords(metric),
    peersWords(metric, currency),
    metric.words,
    withinWords(metric, currency),
    windowWords(metric),
    eventsWords(metric),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? "" : `; ${parts.join("; ")}`;
}

type Words = string | undefined;

function ratioWords({ kind, numerator, numeratorUnit, denominator, denominatorUnit }: MetricTrace, currency: Words): Words {
  if (numerator === undefined || denominator === undefined) return undefined;
  const [top, bottom] = [numeratorUnit ?? "number", denominatorUnit ?? "number"];
  const operands = [sayNumber(numerator, top, currency), sayNumber(denominator, bottom, currency)];
  return operands.join(kind === "share" ? " of " : " over ");
}

function shrinkWords({ shrink, unit }: MetricTrace, currency: Words): Words {
  if (shrink === undefined) return undefined;
  const [own, drawn] = [sayNumber(shrink.raw, unit, currency), sayNumber(shrink.prior, unit, currency)];
  return `${own} by itself, drawn towards ${drawn} as if ${sayNumber(shrink.strength, "number")} more had been seen`;
}

function boundWords({ bound }: MetricTrace, currency: Words): Words {
  if (bound === undefined) return undefined;
  const [own, level] = [sayNumber(bound.raw, "share", currency), sayNumber(bound.level, "share", currency)];
  return `${own} by itself, and with so few cases it could be as ${bound.side === "lower" ? "low" : "high"} as this (${bound.side} end of the ${level} Wilson interval)`;
}

function atLeastWords({ atLeast }: MetricTrace, currency: Words): Words {
  if (atLeast === undefined) return undefined;
  const { sum, count, unit, met } = atLeast;
  const [needed, found] = [sayNumber(count, unit, currency), sayNumber(sum, unit, currency)];
  return `at least ${needed} are needed and there were ${found}${met ? "" : ": too few to judge"}`;
}

function percentileWords({ percentile }: MetricTrace): Words {
  if (percentile === undefined) return undefined;
  const { part, rank, count, atLeast } = percentile;
  const least = atLeast === undefined ? "" : `; at least ${atLeast} periods are needed`;
  const which = count === 0 ? "" : `, the ${rank === 1 ? "smallest" : `${rank}${ordinalEnding(rank)} smallest`} of ${count}`;
  return `${sayNumber(part, "share")} of the periods are at or below it${which}${least}`;
}

function sumsWords({ sums }: MetricTrace, currency: Words): Words {
  if (sums === undefined || sums.length === 0) return undefined;
  return sums.map(({ text, sum }) => `${text} ${sayNumber(sum, "number", currency)}`).join(", ");
}

function runWords({ run }: MetricTrace): Words {
  if (run === undefined) return undefined;
  return run.since === undefined ? `“${run.condition}” is not true now` : `“${run.condition}” is true since ${sayDate(run.since)}`;
}

function peersWords({ kind, peers }: MetricTrace, currency: Words): Words {
  if (peers === undefined) return undefined;
  const say = (value: number): string => sayNumber(value, peers.ofUnit, currency);
  const own = `${peers.of} is ${peers.own === undefined ? "not known" : say(peers.own)}`;
  const who = `${peers.count} ${peers.count === 1 ? "peer" : "peers"}${peers.group === undefined ? "" : ` in ${peers.group}`}`;
  const few = peers.count < peers.countMin ? ` (at least ${peers.countMin} are needed)` : "";
  if (kind === "ratio") return `${own}, the middle of ${who}${few}${peers.median === undefined ? "" : ` is ${say(peers.median)}`}`;
  const place =
    peers.below === undefined || peers.equal === undefined ? "" : `: ${peers.below} below and ${peers.equal} equal, itself among them`;
  return `${own}, among ${who}${few}${place}`;
}

function withinWords({ within, unit }: MetricTrace, currency: Words): Words {
  if (within === undefined) return undefined;
  const [lower, upper, raw] = [within.lower, within.upper, within.raw].map((value) => sayNumber(value, unit, currency));
  const isInside = within.raw >= within.lower && within.raw <= within.upper;
  return `kept from ${lower} to ${upper}${isInside ? "" : `, ${raw} by itself`}`;
}

function windowWords({ kind, window }: MetricTrace): Words {
  if (window === undefined) return undefined;
  if (kind === "last") return `as it stood on ${sayDate(window.to)}`;
  const days = `from ${sayDate(window.from)} to ${sayDate(window.to)}`;
  return window.chosen === undefined ? days : `${days}: ${window.chosen}`;
}

function eventsWords({ kind, events, alike, distinct }: MetricTrace): Words {
  if (events === undefined || events.length === 0 || kind === "since") return undefined;
  const known = `known on ${events.map(({ knownOn }) => sayDate(knownOn)).join(", ")}`;
  if (alike !== undefined) return `${known}; the most that share their ${plain(alike.field)}: ${alike.value ?? "none"}`;
  if (distinct !== undefined) return `${known}; different values of ${plain(distinct.field)}: ${distinct.values.join(", ") || "none"}`;
  return known;
}

function plain(name: string): string {
  return name.replaceAll("_", " ");
}

function ordinalEnding(rank: number): string {
  const tens = rank % 100;
  if (tens >= 11 && tens <= 13) return "th";
  return { 1: "st", 2: "nd", 3: "rd" }[rank % 10] ?? "th";
}
