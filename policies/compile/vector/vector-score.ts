/** Scores as vector code: curves without branches, and weighted sums, rounded exactly as declared. */
import { type Code, f64x2, i64x2, invariant, present, unreachable, v128 } from "../../../data/foundation/index.ts";
import type { Constant, Policy, Score } from "../../language/checked/index.ts";
import { powerOfTen } from "../decimal.ts";
import { fixedValue } from "../write-constant.ts";
import { writeNumber } from "./vector-expression.ts";
import { constantCode, isFixed, type VectorNames } from "./vector-names.ts";
import { roundLanes, roundLanesUnless } from "./vector-round.ts";
import { isThere, NoVectorForm, unless, where } from "./vector-writer.ts";

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

function writeCurve(names: VectorNames, score: Curve): Code {
  const { x, rows, records } = segmentsOf(names, score, ({ from, level, rise, run }) => [from, level, rise, run]);
  const [from, level, rise, run] = [0, 8, 16, 24].map((field) => v128.loadPair(...rows, records + field)) as [Code, Code, Code, Code];
  const line = f64x2.add(level, f64x2.div(f64x2.mul(f64x2.sub(x, from), rise), run));
  return roundLanes(names, line, score.round, LARGEST_SCORE);
}

/**
 * Where the numbers stand of the segments that both rows' x lie in: two or four for each segment in turn. Below the first anchor x is read as
 * the first. Missing stays missing.
 */
function segmentsOf(names: VectorNames, { anchors, shape, from }: Curve, numbersOf: (segment: Segment) => readonly number[]) {
  const { writer, policy } = names;
  if (anchors.some(({ x, y }) => !isFixed(policy, x) || !isFixed(policy, y)))
    throw new NoVectorForm("a curve whose anchors depend on a text");
  const source = from.to === "metric" ? names.metric(from.name) : names.score(from.name);
  const { length } = numbersOf(segmentOf(policy, anchors, 0, shape));
  const records = writer.slotAddress(
    `${length} of ${JSON.stringify([shape, anchors])}`,
    anchors.flatMap((_, index) =>
      Array.from(
        { length },
        (__, at) => (current: Policy) => present(numbersOf(segmentOf(current, anchors, index, shape))[at], "a number"),
      ),
    ),
  );
  const x = writer.keep(f64x2.atLeast(source, constantCode(names, present(anchors[0], "an anchor").x)));
  const passed = anchors.slice(1).map((anchor) => f64x2.ge(x, constantCode(names, anchor.x)));
  const segment = passed.reduce((count, mask) => i64x2.sub(count, mask), v128.none);
  const bytes = writer.keep(i64x2.shiftLeft(segment, length === 2 ? 4 : 5));
  const rows = [writer.keep(i64x2.low(bytes, 0), "i32"), writer.keep(i64x2.low(bytes, 1), "i32")] as const;
  return { x, rows, records };
}

interface Segment {
  readonly from: number;
  readonly level: number;
  readonly rise: number;
  readonly run: number;
}

/** The line from an anchor on: to the next, or flat, which is a rise of 0 over a run of 1. */
function segmentOf(policy: Policy, anchors: Curve["anchors"], index: number, shape: Curve["shape"]): Segment {
  const pointAt = (at: number) => {
    const anchor = anchors[at];
    return anchor === undefined ? undefined : { x: numberOf(policy, anchor.x), y: numberOf(policy, anchor.y) };
  };
  const [start, end] = [present(pointAt(index), "an anchor"), pointAt(index + 1)];
  if (Math.abs(start.y) > LARGEST_SCORE) throw new NoVectorForm(`a score of ${start.y}`);
  const isFlat = end === undefined || shape === "step";
  const [rise, run] = isFlat ? [0, 1] : [end.y - start.y, end.x - start.x];
  return { from: start.x, level: start.y, rise, run };
}

function numberOf(policy: Policy, constant: Constant): number {
  return present(fixedValue(policy, constant), "a fixed number");
}

type Weighted = Extract<Score, { kind: "weighted" }>;

function writeWeighted(names: VectorNames, score: Weighted): Code {
  const exactly = () => roundLanes(names, averageOf(names, score, names.score), score.round, boundOf(names, score));
  const doubt = doubtOf(names, score) * powerOfTen(score.round);
  if (doubt > LARGEST_DOUBT || boundOf(names, score) > LARGEST_SCORE) return exactly();
  return roundLanesUnless(
    names,
    averageOf(names, score, (part) => provisionalCode(names, part)),
    { decimals: score.round, doubt, exactly },
  );
}

/** Doubts up to so much of the last decimal are worth while: they are settled for one row in fifty at most. */
const LARGEST_DOUBT = 0.01;

/** How far the arithmetic of doubles takes a score from where it should be, at most, however it is computed. */
const ARITHMETIC = 1e-9;

/**
 * A part of an average, almost: neither rounded as declared nor divided where a product with the reciprocal does. What an average of such
 * parts rounds to is certain, unless it lies within the doubt of a half.
 */
function provisionalCode(names: VectorNames, name: string): Code {
  const score = scoreNamed(names, name);
  if (doubtOfPart(names, name) === 0) return names.score(name);
  return names.writer.once(`provisional ${name}`, () => {
    if (score.kind === "weighted") return averageOf(names, score, (part) => provisionalCode(names, part));
    invariant(score.kind === "curve", "only averages and curves are provisional");
    const { x, rows, records } = segmentsOf(names, score, lineOf);
    const [first, second] = rows.map((row) => names.writer.keep(v128.load(row, records))) as [Code, Code];
    const [atZero, slope] = [v128.shuffle(first, second, [0, 2]), v128.shuffle(first, second, [1, 3])];
    return names.writer.keep(f64x2.add(atZero, f64x2.mul(x, slope)));
  });
}

/** What a segment's line has at 0, and its slope: both rounded, which is far below `ARITHMETIC` unless a steep one begins far off. */
function lineOf(segment: Segment): readonly [atZero: number, slope: number] {
  if (!isNear(segment)) throw new NoVectorForm(`a segment that rises by ${segment.rise} over ${segment.run}, from ${segment.from} on`);
  const slope = segment.rise / segment.run;
  return [segment.level - slope * segment.from, slope];
}

function isNear({ from, rise, run }: Segment): boolean {
  return Math.abs((rise / run) * from) <= 1e6;
}

/** How far the provisional average of provisional parts lies from the average of the parts, at most. */
function doubtOf(names: VectorNames, score: Weighted): number {
  return Math.max(...score.parts.map(({ score: part }) => doubtOfPart(names, part))) + ARITHMETIC;
}

/** How far a provisional part lies from the part, at most; 0 where it is computed as it is. */
function doubtOfPart(names: VectorNames, name: string): number {
  const score = scoreNamed(names, name);
  if (names.isGiven(name) || score.round < 3) return 0;
  const rounding = 0.5 / powerOfTen(score.round);
  if (score.kind === "weighted") return boundOf(names, score) > LARGEST_SCORE ? 0 : doubtOf(names, score) + rounding;
  if (score.kind !== "curve" || score.shape === "logistic" || score.from.to === "score") return 0;
  const { anchors, shape } = score;
  if (!anchors.every(({ x, y }) => isFixed(names.policy, x) && isFixed(names.policy, y))) return 0;
  return anchors.every((_, index) => isNear(segmentOf(names.policy, anchors, index, shape))) ? ARITHMETIC + rounding : 0;
}

function scoreNamed({ policy }: VectorNames, name: string): Score {
  return present(
    policy.scores.find((score) => score.name === name),
    `score ${name}`,
  );
}

/** The largest size of an average: of scores with weights that are not negative, that of a score. */
function boundOf({ policy }: VectorNames, { parts, missing }: Weighted): number {
  return parts.every(({ weight }) => isFixed(policy, weight)) && missing.kind !== "neutral" ? LARGEST_SCORE : Number.POSITIVE_INFINITY;
}

/** The weighted average of parts, before it is rounded. */
function averageOf(names: VectorNames, score: Weighted, partCode: (name: string) => Code): Code {
  const { writer, policy } = names;
  const { missing } = score;
  const isSure = score.parts.every(({ weight }) => isFixed(policy, weight));
  const parts = score.parts.map(({ score: part, weight }) => ({
    value: partCode(part),
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
  return writer.keep(unsure.reduce((code, known) => where(known, code), average));
}

/** A weight of an average that stays among its parts. */
function weightOf(policy: Policy, weight: Constant): number {
  const value = numberOf(policy, weight);
  if (value < 0) throw new NoVectorForm(`a weight of ${value}`);
  return value;
}
