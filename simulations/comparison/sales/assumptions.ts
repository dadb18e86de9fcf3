/** Assumptions about behaviour: elasticities and shares as distributions, each with where it comes from. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { AssumptionsView } from "./sales-impact.ts";

/** A number that nobody knows. */
export type Spread =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "triangular"; readonly lowest: number; readonly likeliest: number; readonly highest: number }
  | { readonly kind: "normal"; readonly mean: number; readonly standardDeviation: number }
  | { readonly kind: "lognormal"; readonly median: number; readonly logDeviation: number }
  | { readonly kind: "beta"; readonly a: number; readonly b: number };

/** What is assumed, in the order of the file. */
export const behaviourTerms = ["traffic_elasticity", "displacement", "improvement", "day_spread"] as const;
export type BehaviourTerm = (typeof behaviourTerms)[number];

/** The greatest that a term can be; the least is 0. Draws beyond are put on the bound. */
export const termMost: Readonly<Record<BehaviourTerm, number>> = { traffic_elasticity: 5, displacement: 1, improvement: 1, day_spread: 1 };

export interface AssumedTerm {
  readonly about: string;
  readonly source: string;
  readonly low: Spread;
  readonly central: Spread;
  readonly high: Spread;
}

/** One file of assumptions. */
export interface Assumptions {
  readonly name: string;
  readonly title: string;
  /** Of the file's text. */
  readonly digest: string;
  /** `held`: the traffic of all together stays what it is. */
  readonly totalTraffic: "held" | "free";
  /** In points of the headline score. */
  readonly nearPoints: number;
  readonly terms: Readonly<Record<BehaviourTerm, AssumedTerm>>;
}

/** One value of each term. */
export type Behaviour = Readonly<Record<BehaviourTerm, number>>;

/** The mean of a spread, put within the term's bounds: what the point of a scenario is computed at. */
export function meanOf(term: BehaviourTerm, spread: Spread): number {
  return within(term, plainMean(spread));
}

function plainMean(spread: Spread): number {
  switch (spread.kind) {
    case "fixed":
      return spread.value;
    case "triangular":
      return (spread.lowest + spread.likeliest + spread.highest) / 3;
    case "normal":
      return spread.mean;
    case "lognormal":
      return spread.median * Math.exp(spread.logDeviation ** 2 / 2);
    case "beta":
      return spread.a / (spread.a + spread.b);
  }
}

/** One draw, put within the term's bounds. */
export function drawOf(term: BehaviourTerm, spread: Spread, stream: RandomStream): number {
  return within(term, plainDraw(spread, stream));
}

function plainDraw(spread: Spread, stream: RandomStream): number {
  switch (spread.kind) {
    case "fixed":
      return spread.value;
    case "triangular":
      return triangularQuantile(spread, stream.uniform());
    case "normal":
      return spread.mean + spread.standardDeviation * stream.normal();
    case "lognormal":
      return spread.median * Math.exp(spread.logDeviation * stream.normal());
    case "beta": {
      const [a, b] = [stream.gamma(spread.a), stream.gamma(spread.b)];
      return a + b > 0 ? a / (a + b) : spread.a / (spread.a + spread.b);
    }
  }
}

function triangularQuantile({ lowest, likeliest, highest }: Extract<Spread, { kind: "triangular" }>, p: number): number {
  const width = highest - lowest;
  if (width === 0) return lowest;
  const turn = (likeliest - lowest) / width;
  return p < turn ? lowest + Math.sqrt(p * width * (likeliest - lowest)) : highest - Math.sqrt((1 - p) * width * (highest - likeliest));
}

function within(term: BehaviourTerm, value: number): number {
  return Math.min(Math.max(value, 0), termMost[term]);
}

/** A spread in words. */
export function spreadInWords(spread: Spread): string {
  switch (spread.kind) {
    case "fixed":
      return String(spread.value);
    case "triangular":
      return `triangular, ${spread.lowest} to ${spread.highest}, likeliest ${spread.likeliest}`;
    case "normal":
      return `normal, mean ${spread.mean}, standard deviation ${spread.standardDeviation}`;
    case "lognormal":
      return `log-normal, median ${spread.median}, standard deviation of the logarithm ${spread.logDeviation}`;
    case "beta":
      return `beta(${spread.a}, ${spread.b}), mean ${Number((spread.a / (spread.a + spread.b)).toFixed(2))}`;
  }
}

/** The assumptions as the comparison shows them. */
export function assumptionsView({ name, title, digest, totalTraffic, nearPoints, terms }: Assumptions): AssumptionsView {
  return {
    name,
    title,
    digest,
    totalTraffic,
    nearPoints,
    terms: behaviourTerms.map((term) => {
      const { about, source, low, central, high } = terms[term];
      return { name: term, about, source, low: spreadInWords(low), central: spreadInWords(central), high: spreadInWords(high) };
    }),
  };
}
