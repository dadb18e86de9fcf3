/** Worst-case bounds against brute force: every way to label the unlabelled, one by one. */
import { expect } from "chai";
import { lastDayOf, randomStream } from "../../data/foundation/index.ts";
import { compare, type Errors } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, source } from "./small-market.ts";

/** One seller: adverse under the baseline, under the candidate; 0 fine, 1 harmful, -1 no label. */
interface Answer {
  readonly adverse: readonly [boolean, boolean];
  readonly harmful: 0 | 1 | -1;
}

function randomAnswers(seed: number): readonly Answer[] {
  const stream = randomStream(seed, "bounds");
  let unlabelled = 0;
  return Array.from({ length: stream.below(12) + 1 }, () => {
    const harmful = (stream.below(3) - 1) as 0 | 1 | -1;
    const isOver = harmful === -1 && ++unlabelled > 8;
    return { adverse: [stream.below(2) === 1, stream.below(2) === 1], harmful: isOver ? 0 : harmful };
  });
}

function errorsOf(answers: readonly Answer[]): Errors {
  const letter = (isAdverse: boolean): string => (isAdverse ? "w" : "s");
  const sellers = Object.fromEntries(
    answers.map(({ adverse }, index) => [`seller ${index}`, { baseline: letter(adverse[0]), candidate: letter(adverse[1]) }]),
  );
  const outcomes = answers.flatMap(({ harmful }, index) => (harmful < 0 ? [] : [label(`seller ${index}`, "bad", 0, harmful)]));
  const [candidate] = compare({
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf({ sellers, outcomes, sources: [source("bad")], knownAt: lastDayOf("week", firstPeriod) + 21 }),
    seed: 1,
    replicates: 10,
  }).candidates;
  const found = candidate?.errors.find((errors) => errors.source === "bad");
  if (found === undefined) throw new Error("no errors");
  return found;
}

const rates = {
  "false-positive-rate": (answer: Answer, side: 0 | 1) => ({
    part: answer.adverse[side] && answer.harmful === 0,
    whole: answer.harmful === 0,
  }),
  "false-share": (answer: Answer, side: 0 | 1) => ({ part: answer.adverse[side] && answer.harmful === 0, whole: answer.adverse[side] }),
  "miss-rate": (answer: Answer, side: 0 | 1) => ({ part: !answer.adverse[side] && answer.harmful === 1, whole: answer.harmful === 1 }),
};

/** The value of one rate when everyone has a label; undefined with an empty denominator. */
function rateOf(answers: readonly Answer[], name: keyof typeof rates, side: 0 | 1): number | undefined {
  const [part, whole] = [
    answers.filter((answer) => rates[name](answer, side).part),
    answers.filter((answer) => rates[name](answer, side).whole),
  ];
  return whole.length === 0 ? undefined : part.length / whole.length;
}

/** Smallest and largest value over all 2^k labellings. */
function extremes(answers: readonly Answer[], value: (labelled: readonly Answer[]) => number | undefined): readonly (number | undefined)[] {
  const open = [...answers.keys()].filter((index) => answers[index]?.harmful === -1);
  const values: number[] = [];
  for (let labelling = 0; labelling < 2 ** open.length; labelling++) {
    const labelled = answers.map((answer, index): Answer => {
      const bit = open.indexOf(index);
      return bit < 0 ? answer : { ...answer, harmful: ((labelling >> bit) & 1) as 0 | 1 };
    });
    const found = value(labelled);
    if (found !== undefined) values.push(found);
  }
  return values.length === 0 ? [undefined, undefined] : [Math.min(...values), Math.max(...values)];
}

function numbers(bounds: { readonly lower: Estimated; readonly upper: Estimated } | undefined): readonly (number | undefined)[] {
  return [bounds?.lower, bounds?.upper].map((bound) => (bound?.kind === "estimate" ? bound.value : undefined));
}

describe("worst-case bounds, by brute force over every labelling", () => {
  const cases = Array.from({ length: 60 }, (_, seed) => randomAnswers(seed));

  for (const name of ["false-positive-rate", "false-share", "miss-rate"] as const) {
    it(`are the extremes of the ${name.replaceAll("-", " ")} under both policies`, () => {
      for (const answers of cases) {
        const errors = errorsOf(answers);
        for (const [index, side] of (["baseline", "candidate"] as const).entries()) {
          const bounds = errors[side].bounds.find((entry) => entry.name === name);
          const wanted = extremes(answers, (labelled) => rateOf(labelled, name, index as 0 | 1));
          expect(numbers(bounds), JSON.stringify({ answers, side })).to.deep.equal(wanted);
        }
      }
    });
  }

  it("are the extremes of the change when both policies meet the same labels", () => {
    for (const answers of cases) {
      const wanted = extremes(answers, (labelled) => {
        const [before, after] = [rateOf(labelled, "false-positive-rate", 0), rateOf(labelled, "false-positive-rate", 1)];
        return before === undefined || after === undefined ? undefined : after - before;
      });
      const got = numbers(errorsOf(answers).falsePositiveChangeBounds);
      for (const [index, bound] of wanted.entries()) {
        if (bound === undefined) expect(got[index]).to.equal(undefined);
        else expect(got[index], JSON.stringify(answers)).to.be.closeTo(bound, 1e-12);
      }
    }
  });
});
