/** A market under a randomised test whose effect is known: what a seller sells depends on the tier that it really holds. */
import { randomStream } from "../../data/foundation/index.ts";
import { firstPeriod, letterPolicy, panelOf, type SmallSeller } from "../comparison/small-market.ts";

/** Weeks before the test and of it. */
const before = 4;
const weeks = 12;

/** What a tier does to sales. */
const factors: Readonly<Record<string, number>> = { g: 1.2, s: 1, w: 0.7, r: 0.4 };

/** Everything that is random about a seller but its arm. */
interface Path {
  readonly baseline: string;
  readonly candidate: string;
  readonly sales: readonly number[];
  /** Whether the seller mends its ways a week after it was restricted, where the market lets it. */
  readonly mends: boolean;
}

function pathsOf(count: number, seed: number): readonly Path[] {
  const random = randomStream(seed, "paths");
  return Array.from({ length: count }, () => {
    const size = Math.exp(2 + 0.6 * random.normal());
    const isTouched = random.uniform() < 0.25;
    let mark = 1 + random.below(2);
    let [baseline, candidate] = ["", ""];
    const sales: number[] = [];
    for (let week = 0; week < before + weeks; week++) {
      const step = random.uniform();
      mark = Math.min(3, Math.max(0, mark + (step < 0.08 ? -1 : step > 0.92 ? 1 : 0)));
      const letter = "gswr"[mark] ?? "s";
      baseline += letter;
      // The candidate is stricter with one seller in four of the standard tier.
      candidate += letter === "s" && isTouched ? "w" : letter;
      sales.push(Math.round(100 * size * (0.7 + 0.6 * random.uniform())));
    }
    return { baseline, candidate, sales, mends: size > 7 };
  });
}

/** What is sold in a week under the letters that were held at the end of the week before. */
function sold({ sales }: Path, letters: string, week: number): number {
  return Math.round((sales[week] ?? 0) * (factors[letters[week - 1] ?? "s"] ?? 1));
}

/** The candidate's letters of who mends its ways: as the baseline's from the second week after the first divergence on. */
function mended({ baseline, candidate, mends }: Path): string {
  const at = Array.from({ length: baseline.length }).findIndex((_, week) => week >= before - 1 && baseline[week] !== candidate[week]);
  return !mends || at < 0 ? candidate : candidate.slice(0, at + 1) + baseline.slice(at + 1);
}

/**
 * One test: arms by a coin, sales under the arm's own policy; and by seller what both arms would have sold during it. `mends`: large sellers that the
 * candidate restricts mend their ways, so that who differs now is a result of the treatment. `keptOut`: the share of sellers whom a ramp has not reached; `heldOut`: of
 * those who are never given the candidate.
 */
export function triggeredTest(count: number, seed: number, { mends = false, keptOut = 0, heldOut = 0 } = {}) {
  const [random, outside] = [randomStream(seed, "arms"), randomStream(seed, "outside")];
  const paths = pathsOf(count, seed);
  const arms = paths.map(() => {
    const [dealt, place] = [random.uniform() < 0.5 ? 0 : 1, outside.uniform()];
    return place < heldOut ? -2 : place < heldOut + keptOut ? -1 : dealt;
  });
  const sellers: Record<string, SmallSeller> = {};
  let [difference, total] = [0, 0];
  for (const [index, path] of paths.entries()) {
    // Before the test everybody lives under the baseline; on its first day the candidate evaluates, with all of the week before.
    const scored = mends ? mended(path) : path.candidate;
    const changed = path.baseline.slice(0, before - 1) + scored.slice(before - 1);
    const letters = arms[index] === 1 ? changed : path.baseline;
    sellers[`s${String(index).padStart(5, "0")}`] = {
      baseline: path.baseline,
      candidate: arms[index] === 1 ? scored : path.candidate,
      gmv: path.sales.map((_, week) => sold(path, letters, week)),
    };
    for (let week = before; week < before + weeks; week++) {
      const change = sold(path, changed, week) - sold(path, path.baseline, week);
      difference += change;
      if (arms[index] !== -2) total += change;
    }
  }
  return {
    panel: panelOf({ sellers }),
    baseline: letterPolicy("baseline"),
    candidate: letterPolicy("candidate"),
    from: firstPeriod + before,
    to: firstPeriod + before + weeks - 1,
    armOf: (entity: string) => arms[Number(entity.slice(1))] ?? -1,
    /** Mean over these sellers of what the candidate would change, in stored units. */
    truth: difference / count,
    /** What it would change in all where everybody but those held out is given it. */
    total,
  };
}
