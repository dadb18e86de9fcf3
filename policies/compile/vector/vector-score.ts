/** Scores as vector code: curves without branches, and weighted sums, rounded exactly as declared. */
import { invariant, present, unreachable } from "../../../data/foundation/index.ts";
import type { Constant, Policy, Score } from "../../language/index.ts";
import { fixedValue } from "../write-constant.ts";
import { writeNumber } from "./vector-expression.ts";
import { constantCode, isFixed, type VectorNames } from "./vector-names.ts";
import { roundLanes } from "./vector-round.ts";
import { isThere, NoVectorForm, unless, where } from "./vector-writer.ts";
import { type Code, f64x2, i64x2, v128 } from "./wasm-code.ts";

/** Writes a score and returns its code, cheap to repeat. */
export function writeScore(names: VectorNames, score: Score): Code {
  switch (score.kind) {
    case "curve":
      // Exponentials differ between machines' libraries, and WebAssembly has none.
      if (score.shape === "logistic") throw new NoVectorForm("a logistic curve");
      return writeCurve(names, score);
    case "weighted":
      return writeWeighted(names, score);
    case "value": {
      const value = writeNumber(names, score.expression);
      const clamped = f64x2.atMost(f64x2.atLeast(value, names.writer.fixed(0)), names.writer.fixed(LARGEST_SCORE));
      return roundLanes(names, clamped, score.round, LARGEST_SCORE);
    }
    default:
      return unreachable(score);
  }
}

type Curve = Extract<Score, { kind: "curve" }>;

/** No present score lies further from 0. */
const LARGEST_SCORE = 100;

/**
 * One straight line for each pair of rows: level + (x - from) * rise / run. Its four numbers are read from memory, where they stand for each
 * segment in turn; flat segments have a rise of 0 over a run of 1. Below the first anchor x is read as the first. Missing stays missing.
 */
function writeCurve(names: VectorNames, score: Curve): Code {
  const { writer, policy } = names;
  const { anchors, shape, round } = score;
  if (anchors.some(({ x, y }) => !isFixed(policy, x) || !isFixed(policy, y)))
    throw new NoVectorForm("a curve whose anchors depend on a text");
  const source = score.from.to === "metric" ? names.metric(score.from.name) : names.score(score.from.name);
  const key = JSON.stringify([shape, anchors]);
  const records = writer.slotAddress(
    `segments ${key}`,
    anchors.flatMap((_, index) =>
      (["from", "level", "rise", "run"] as const).map((field) => (current: Policy) => segmentOf(current, anchors, index, shape)[field]),
    ),
  );
  const x = writer.keep(f64x2.atLeast(source, constantCode(names, present(anchors[0], "an anchor").x)));
  const passed = anchors.slice(1).map((anchor) => f64x2.ge(x, constantCode(names, anchor.x)));
  const segment = passed.reduce((count, mask) => i64x2.sub(count, mask), v128.none);
  const bytes = writer.keep(i64x2.shiftLeft(segment, 5));
  const [first, second] = [writer.keep(i64x2.low(bytes, 0), "i32"), writer.keep(i64x2.low(bytes, 1), "i32")];
  const field = (index: number) => v128.loadPair(first, second, records + index * 8);
  const line = f64x2.add(field(1), f64x2.div(f64x2.mul(f64x2.sub(x, field(0)), field(2)), field(3)));
  return roundLanes(names, line, round, LARGEST_SCORE);
}

interface Segment {
  readonly from: number;
  readonly level: number;
  readonly rise: number;
  readonly run: number;
}

/** The line from an anchor on: to the next, or flat. */
function segmentOf(policy: Policy, anchors: Curve["anchors"], index: number, shape: Curve["shape"]): Segment {
  const pointAt = (at: number) => {
    const anchor = anchors[at];
    return anchor === undefined ? undefined : { x: numberOf(policy, anchor.x), y: numberOf(policy, anchor.y) };
  };
  const [start, end] = [present(pointAt(index), "an anchor"), pointAt(index + 1)];
  if (Math.abs(start.y) > LARGEST_SCORE) throw new NoVectorForm(`a score of ${start.y}`);
  const flat = { from: start.x, level: start.y, rise: 0, run: 1 };
  return end === undefined || shape === "step" ? flat : { ...flat, rise: end.y - start.y, run: end.x - start.x };
}

function numberOf(policy: Policy, constant: Constant): number {
  return present(fixedValue(policy, constant), "a fixed number");
}

function writeWeighted(names: VectorNames, score: Extract<Score, { kind: "weighted" }>): Code {
  const { writer, policy } = names;
  const { missing, round } = score;
  const isSure = score.parts.every(({ weight }) => isFixed(policy, weight));
  const parts = score.parts.map(({ score: part, weight }) => ({
    value: names.score(part),
    weight: isSure ? writer.slot(`weight ${JSON.stringify(weight)}`, (current) => weightOf(current, weight)) : constantCode(names, weight),
  }));
  invariant(parts.length > 0, `${score.name} has no parts`);
  const zero = writer.fixed(0);
  const sum = (terms: readonly Code[]) => writer.keep(terms.reduce((total, term) => f64x2.add(total, term)));
  let [total, weights]: readonly Code[] = [];
  if (missing.kind === "share-out") {
    const known = parts.map((part) => ({ ...part, there: writer.keep(isThere(part.value)) }));
    total = sum([zero, ...known.map(({ there, value, weight }) => v128.and(f64x2.mul(weight, value), there))]);
    weights = sum([zero, ...known.map(({ there, weight }) => v128.and(weight, there))]);
  } else {
    const read = (value: Code) =>
      missing.kind === "propagate" ? value : v128.select(value, constantCode(names, missing.value), isThere(value));
    total = sum(parts.map(({ value, weight }) => f64x2.mul(weight, read(value))));
    weights = isSure
      ? writer.slot(`weights ${JSON.stringify(score.parts.map(({ weight }) => weight))}`, (current) =>
          score.parts.reduce((all, { weight }) => all + numberOf(current, weight), 0),
        )
      : sum([zero, ...parts.map(({ weight }) => weight)]);
  }
  const average = unless(f64x2.eq(weights, zero), f64x2.div(total, weights));
  // Where a weight depends on a text, nothing is known while the text is missing.
  const unsure = isSure ? [] : parts.map(({ weight }) => isThere(weight));
  const value = unsure.reduce((code, known) => where(known, code), average);
  return roundLanes(names, value, round, isSure && missing.kind !== "neutral" ? LARGEST_SCORE : Number.POSITIVE_INFINITY);
}

/** A weight of an average that stays among its parts. */
function weightOf(policy: Policy, weight: Constant): number {
  const value = numberOf(policy, weight);
  if (value < 0) throw new NoVectorForm(`a weight of ${value}`);
  return value;
}
