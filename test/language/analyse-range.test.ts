/** Ranges and possible answers against every case of small whole and half numbers: nothing that happens is left out, nothing is added. */
import { expect } from "chai";
import {
  arithmetic,
  between,
  callRange,
  chooseAnswer,
  chooseRange,
  compareRanges,
  conjunction,
  exactly,
  hull,
  inverse,
  memberOf,
  neverThere,
  nextAbove,
  nextBelow,
  type Possible,
  type Range,
} from "../../policies/language/analyse-range.ts";

const ends = [-3, -1, 0, 2, 3];
const ranges = ends.flatMap((lower) => ends.filter((upper) => upper >= lower).map((upper) => between(lower, upper)));

/** The numbers of a range, halves too. */
function inside({ lower, upper }: Range): readonly number[] {
  return Array.from({ length: 2 * (upper - lower) + 1 }, (_, index) => lower + index / 2);
}

function endsOf({ lower, upper }: Range): readonly number[] {
  return [lower + 0, upper + 0];
}

function spanOf(values: readonly number[]): readonly number[] {
  return [Math.min(...values) + 0, Math.max(...values) + 0];
}

function pairs(left: Range, right: Range): readonly (readonly [number, number])[] {
  return inside(left).flatMap((a) => inside(right).map((b) => [a, b] as const));
}

describe("static analysis: ranges", () => {
  it("hold exactly what arithmetic and functions of two give", () => {
    for (const left of ranges)
      for (const right of ranges) {
        const all = pairs(left, right);
        const said = JSON.stringify([endsOf(left), endsOf(right)]);
        expect(endsOf(arithmetic("+", left, right)), `+ ${said}`).to.deep.equal(spanOf(all.map(([a, b]) => a + b)));
        expect(endsOf(arithmetic("-", left, right)), `- ${said}`).to.deep.equal(spanOf(all.map(([a, b]) => a - b)));
        expect(endsOf(arithmetic("*", left, right)), `* ${said}`).to.deep.equal(spanOf(all.map(([a, b]) => a * b)));
        expect(endsOf(callRange("min", [left, right])), `min ${said}`).to.deep.equal(spanOf(all.map(([a, b]) => Math.min(a, b))));
        expect(endsOf(callRange("max", [left, right])), `max ${said}`).to.deep.equal(spanOf(all.map(([a, b]) => Math.max(a, b))));
        expect(endsOf(hull(left, right)), `hull ${said}`).to.deep.equal(spanOf(all.flat()));
        if (right.lower > 0 || right.upper < 0) {
          const quotients = spanOf(all.map(([a, b]) => a / b));
          expect(endsOf(arithmetic("/", left, right)), `/ ${said}`).to.deep.equal(quotients);
          expect(arithmetic("/", left, right).missing).to.equal(false);
        }
      }
  });

  it("hold exactly what functions of one and clamp give", () => {
    const halves = ranges.map(({ lower, upper }) => between(lower / 2, upper / 2));
    for (const range of [...ranges, ...halves]) {
      const values = inside(range);
      for (const [name, of] of [
        ["floor", Math.floor],
        ["ceil", Math.ceil],
        ["abs", Math.abs],
      ] as const)
        expect(endsOf(callRange(name, [range])), `${name} ${JSON.stringify(endsOf(range))}`).to.deep.equal(
          spanOf([...values, ...(range.lower <= 0 && range.upper >= 0 ? [0] : [])].map(of)),
        );
      const rounded = callRange("round", [range]);
      for (const value of values)
        for (const whole of [Math.ceil(value - 0.5), Math.floor(value + 0.5)])
          expect(whole >= rounded.lower && whole <= rounded.upper, `round ${value}`).to.equal(true);
      expect(rounded.upper - rounded.lower).to.be.at.most(range.upper - range.lower + 1);
      expect(endsOf(callRange("clamp", [range, exactly(-1), exactly(2)]))).to.deep.equal(
        spanOf(values.map((value) => Math.min(Math.max(value, -1), 2))),
      );
    }
    expect(endsOf(callRange("clamp", [between(-9, 9), between(-3, -1), between(2, 3)]))).to.deep.equal([-3, 3]);
    expect(endsOf(callRange("round", [between(0.4, 2.5)]))).to.deep.equal([0, 3]);
  });

  it("of a quotient reach without end where the divisor can be close to 0, and then it can be missing", () => {
    const infinite = Number.POSITIVE_INFINITY;
    const quotient = (left: Range, right: Range): unknown => {
      const { lower, upper, missing, known } = arithmetic("/", left, right);
      return [lower + 0, upper + 0, missing, known];
    };
    expect(quotient(between(1, 2), between(0, 4))).to.deep.equal([0.25, infinite, true, true]);
    expect(quotient(between(-2, 2), between(0, 4))).to.deep.equal([-infinite, infinite, true, true]);
    expect(quotient(between(1, 2), between(-4, 0))).to.deep.equal([-infinite, -0.25, true, true]);
    expect(quotient(between(1, 2), between(-1, 1))).to.deep.equal([-infinite, infinite, true, true]);
    expect(quotient(between(0, 0), between(0, 4))).to.deep.equal([0, 0, true, true]);
    expect(quotient(between(1, infinite), between(1, infinite))).to.deep.equal([0, infinite, false, true]);
    expect(arithmetic("/", between(1, 2), exactly(0))).to.deep.equal(neverThere);
    expect(arithmetic("/", neverThere, between(1, 2))).to.deep.equal(neverThere);
    expect(arithmetic("/", between(1, 2, true), between(1, 2)).missing).to.equal(true);
    expect(arithmetic("/", between(1, 2), between(1, 2, true)).missing).to.equal(true);
  });

  it("spread what is missing, and are wide where infinities meet", () => {
    const infinite = Number.POSITIVE_INFINITY;
    for (const operator of ["+", "-", "*"] as const) {
      expect(arithmetic(operator, between(1, 2, true), between(1, 2)).missing).to.equal(true);
      expect(arithmetic(operator, between(1, 2), between(1, 2, true)).missing).to.equal(true);
      expect(arithmetic(operator, between(1, 2), between(1, 2)).missing).to.equal(false);
      expect(arithmetic(operator, between(1, 2), neverThere)).to.deep.equal(neverThere);
      expect(arithmetic(operator, neverThere, between(1, 2))).to.deep.equal(neverThere);
    }
    expect(endsOf(arithmetic("-", between(-infinite, infinite), between(-infinite, infinite)))).to.deep.equal([-infinite, infinite]);
    expect(endsOf(arithmetic("+", between(infinite, infinite), between(-infinite, -infinite)))).to.deep.equal([-infinite, infinite]);
    expect(endsOf(arithmetic("*", between(0, 0), between(-infinite, infinite)))).to.deep.equal([0, 0]);
    expect(hull(neverThere, between(1, 2))).to.deep.equal(between(1, 2, true));
    expect(hull(between(1, 2), neverThere)).to.deep.equal(between(1, 2, true));
    expect(hull(between(1, 2), between(4, 5, true))).to.deep.equal(between(1, 5, true));
    expect(hull(neverThere, neverThere)).to.deep.equal(neverThere);
  });

  it("answer a comparison with yes and no exactly where some numbers do", () => {
    const holds = {
      "<": (a: number, b: number) => a < b,
      "<=": (a: number, b: number) => a <= b,
      ">": (a: number, b: number) => a > b,
      ">=": (a: number, b: number) => a >= b,
      "=": (a: number, b: number) => a === b,
      "!=": (a: number, b: number) => a !== b,
    };
    for (const left of ranges)
      for (const right of ranges)
        for (const [operator, of] of Object.entries(holds)) {
          const answers = pairs(left, right).map(([a, b]) => of(a, b));
          expect(compareRanges(operator as "<", left, right), JSON.stringify([endsOf(left), operator, endsOf(right)])).to.deep.equal({
            yes: answers.includes(true),
            no: answers.includes(false),
            unknown: false,
          });
        }
    expect(compareRanges("<", between(1, 2, true), exactly(3))).to.deep.equal({ yes: true, no: false, unknown: true });
    expect(compareRanges("<", between(1, 2), between(3, 3, true))).to.deep.equal({ yes: true, no: false, unknown: true });
    expect(compareRanges("<", neverThere, exactly(3))).to.deep.equal({ yes: false, no: false, unknown: true });
    expect(compareRanges("<", exactly(3), neverThere)).to.deep.equal({ yes: false, no: false, unknown: true });
  });

  it("answer whether a text is among some", () => {
    const known = { kind: "text", missing: false, known: true } as const;
    expect(memberOf({ ...known, only: "a" }, ["a", "b"])).to.deep.equal({ yes: true, no: false, unknown: false });
    expect(memberOf({ ...known, only: "c", missing: true }, ["a", "b"])).to.deep.equal({ yes: false, no: true, unknown: true });
    expect(memberOf({ ...known, not: ["a"] }, ["a", "b"])).to.deep.equal({ yes: true, no: true, unknown: false });
    expect(memberOf({ ...known, not: ["a", "b"] }, ["a", "b"])).to.deep.equal({ yes: false, no: true, unknown: false });
    expect(memberOf({ ...known, missing: true }, ["a"])).to.deep.equal({ yes: true, no: true, unknown: true });
    expect(memberOf({ ...known, known: false }, ["a"])).to.deep.equal({ yes: false, no: false, unknown: true });
  });

  it("join answers as three-valued logic does, over every set of answers", () => {
    const values = ["yes", "no", "unknown"] as const;
    const sets: readonly Possible[] = Array.from({ length: 8 }, (_, bits) => ({
      yes: (bits & 1) > 0,
      no: (bits & 2) > 0,
      unknown: (bits & 4) > 0,
    }));
    const among = (set: Possible): readonly (typeof values)[number][] => values.filter((value) => set[value]);
    const setOf = (answers: readonly string[]): Possible => ({
      yes: answers.includes("yes"),
      no: answers.includes("no"),
      unknown: answers.includes("unknown"),
    });
    const and = (a: string, b: string): string =>
      a === "no" || b === "no" ? "no" : a === "unknown" || b === "unknown" ? "unknown" : "yes";
    for (const left of sets) {
      expect(inverse(left)).to.deep.equal({ yes: left.no, no: left.yes, unknown: left.unknown });
      for (const right of sets) {
        const joined = conjunction(left, right);
        const exact = setOf(among(left).flatMap((a) => among(right).map((b) => and(a, b))));
        if (among(left).length > 0 && among(right).length > 0) expect(joined, JSON.stringify([left, right])).to.deep.equal(exact);
        for (const condition of sets) {
          const chosen = among(condition).flatMap((c): readonly string[] =>
            c === "unknown" ? ["unknown"] : among(c === "yes" ? left : right),
          );
          expect(chooseAnswer(condition, left, right)).to.deep.equal(setOf(chosen));
        }
      }
    }
  });

  it("are of both branches, or of the one that is taken", () => {
    const [then, otherwise] = [between(1, 2), between(5, 6)];
    const choice = (yes: boolean, no: boolean, unknown: boolean): Range => chooseRange({ yes, no, unknown }, then, otherwise);
    expect(choice(true, false, false)).to.deep.equal(then);
    expect(choice(false, true, false)).to.deep.equal(otherwise);
    expect(choice(true, true, false)).to.deep.equal(between(1, 6));
    expect(choice(true, false, true)).to.deep.equal(between(1, 2, true));
    expect(choice(false, false, true)).to.deep.equal(neverThere);
    expect(choice(false, false, false)).to.deep.equal(neverThere);
  });

  it("step to the next double and back", () => {
    expect(nextAbove(1)).to.equal(1 + Number.EPSILON);
    expect(nextBelow(1)).to.equal(1 - Number.EPSILON / 2);
    expect(nextAbove(-1)).to.equal(-1 + Number.EPSILON / 2);
    expect(nextBelow(-1)).to.equal(-1 - Number.EPSILON);
    expect([nextAbove(0), nextBelow(0)]).to.deep.equal([Number.MIN_VALUE, -Number.MIN_VALUE]);
    expect([nextAbove(Number.POSITIVE_INFINITY), nextBelow(Number.NEGATIVE_INFINITY)]).to.deep.equal([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]);
  });
});
