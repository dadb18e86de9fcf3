/** Scores of a trace in plain sentences. */
import { type SaidUnit, sayAlike, sayNumber } from "./say-number.ts";
import type { MetricTrace, ScoreTrace } from "./trace.ts";

/** What a score is, and from what it comes. */
export function sayScore(score: ScoreTrace, metrics: readonly MetricTrace[], currency: string | undefined): string {
  const value = score.value === undefined ? "not known" : sayNumber(score.value, "number");
  if (score.kind === "value") return `${score.title}: ${value}, from ${score.words}${cutWords(score)}.`;
  if (score.kind === "curve") {
    const metric = score.from.to === "metric" ? metrics.find((candidate) => candidate.name === score.from.name) : undefined;
    return `${score.title}: ${value}${sayCurve(score, metric?.title ?? score.from.name, metric?.unit ?? "number", currency)}.`;
  }
  const weights = score.parts.map((part) => part.weight);
  const total = weights.reduce((a, b) => a + b, 0);
  const used = sayAlike(score.parts.map((part) => (part.used === undefined ? "" : sayPlain(part.used))));
  const parts = score.parts.map((part, index) => {
    const share = total === 0 ? "" : ` (weight ${sayNumber(part.weight / total, "share")})`;
    if (part.used === undefined) return `${part.title} left out, not known${share}`;
    return `${part.title} ${used[index]}${part.value === undefined ? " standing in, not known" : ""}${share}`;
  });
  return `${score.title}: ${value}${parts.length === 0 ? "" : `, from ${parts.join(", ")}`}.`;
}

function sayCurve(score: Extract<ScoreTrace, { kind: "curve" }>, title: string, unit: SaidUnit, currency: string | undefined): string {
  if (score.input === undefined || score.segment === undefined) return "";
  const say = (x: number): string => sayNumber(x, unit, currency);
  const from = `, because ${title} is ${say(score.input)}`;
  const { segment } = score;
  switch (segment.kind) {
    case "below":
      return `${from} (below ${say(segment.x)} always ${sayPlain(segment.y)})`;
    case "above":
      return `${from} (from ${say(segment.x)} on always ${sayPlain(segment.y)})`;
    case "step":
      return `${from} (from ${say(segment.x)} on ${sayPlain(segment.y)})`;
    case "between":
      return `${from} (${say(segment.x0)} gives ${sayPlain(segment.y0)}, ${say(segment.x1)} gives ${sayPlain(segment.y1)})`;
    case "logistic":
      return `${from} (an S-shaped curve: ${say(segment.x0)} gives ${sayPlain(segment.y0)}, ${say(segment.x1)} gives ${sayPlain(segment.y1)})`;
  }
}

function cutWords({ uncut }: Extract<ScoreTrace, { kind: "value" }>): string {
  return uncut === undefined || (uncut >= 0 && uncut <= 100) ? "" : `, ${sayPlain(uncut)} cut to 0 to 100`;
}

function sayPlain(value: number): string {
  return sayNumber(value, "number");
}
