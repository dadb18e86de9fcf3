/** Did a square table of two classifications of the same entities change its margins (Stuart-Maxwell), or lose its symmetry (Bowker)? */
import { present } from "../../../data/foundation/index.ts";
import { chiSquared } from "../distributions/index.ts";
import { estimated, undetermined } from "../estimate.ts";
import { type Detail, type Found, finding } from "../finding.ts";
import { factorPositive } from "../numerics/positive-definite.ts";
import { sumOf } from "../sums.ts";
import { type Discordance, flipsOfClasses, flipsOfPair, tailOfSum } from "./sign-flip.ts";

export interface SquareTableOptions {
  /** Entities by first class (row) and second class (column). */
  readonly table: readonly (readonly number[])[];
}

/** Below this many discordant entities the chi-squared distribution is replaced by the exact sign-flip distribution. */
const exactBelow = 25;

/**
 * Bowker's test of symmetry: for every two classes, as many moved one way as the other. Classes without discordance drop out. Below 25 discordant entities the p-value is
 * exact, over all ways in which each of them could have moved the other way; none discordant: Undetermined. Source: Bowker (1948), J. Am. Stat. Assoc. 43, 572-574.
 *
 * @example
 * bowker({ table: [[0, 30, 10], [10, 0, 20], [5, 15, 0]] }).test.degreesOfFreedom
 * // => 3
 */
export function bowker({ table }: SquareTableOptions): Found {
  const moves = movesOf(table);
  const statistic = sumOf(moves.map(({ there, back }) => ((there - back) / (there + back)) * (there - back)));
  const exact = (): number => tailOfSum(moves.map(flipsOfPair), statistic);
  return described(table, moves, { name: "Bowker", statistic, degreesOfFreedom: moves.length, exact });
}

/**
 * Stuart and Maxwell's test of equal margins: as many entities in each class before as after. Classes without discordance drop out, and classes that exchange no entity with
 * one another are tested apart and added. Exact below 25 discordant, as in Bowker's. None discordant: Undetermined.
 * Sources: Stuart (1955), Biometrika 42, 412-416; Maxwell (1970), Br. J. Psychiatry 116, 651-655.
 *
 * @example
 * stuartMaxwell({ table: [[0, 30], [10, 0]] }).test.statistic.toFixed(9)
 * // => "10.000000000"
 */
export function stuartMaxwell({ table }: SquareTableOptions): Found {
  const moves = movesOf(table);
  const parts = connected(moves).map(({ classes, moves: within }) => {
    const kept = classes.slice(0, -1);
    return { kept, within, formOf: quadraticForm(kept, within) };
  });
  const statistic = sumOf(parts.map(({ kept, within, formOf }) => formOf(kept.map((name) => netChange(name, within)))));
  const degreesOfFreedom = sumOf(parts.map(({ kept }) => kept.length));
  const exact = (): number =>
    tailOfSum(
      parts.map(({ kept, within, formOf }) => flipsOfClasses(kept, within, formOf)),
      statistic,
    );
  return described(table, moves, { name: "Stuart-Maxwell", statistic, degreesOfFreedom, exact });
}

/** How many more entities entered a class than left it. */
function netChange(name: number, moves: readonly Discordance[]): number {
  return sumOf(moves.map(({ first, second, there, back }) => (second === name ? there - back : first === name ? back - there : 0)));
}

interface TestParts {
  readonly name: string;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly exact: () => number;
}

function described(
  table: SquareTableOptions["table"],
  moves: readonly Discordance[],
  { name, statistic, degreesOfFreedom, exact }: TestParts,
): Found {
  const n = sumOf(table.flat());
  if (n === 0) return undetermined("no entity in the table", "entities that are classified twice");
  const discordant = sumOf(moves.map(({ there, back }) => there + back));
  if (discordant === 0) return undetermined("no entity changed class: nothing to test", "entities whose two classes differ");
  const isExact = discordant < exactBelow;
  const changes = table.map((row, index) => sumOf(table.map((other) => other[index] ?? 0)) - sumOf(row));
  const netShare = sumOf(changes.map(Math.abs)) / 2 / n;
  const details: Record<string, Detail> = { discordant, netChanges: changes, discordantShare: discordant / n };
  return finding({
    estimate: estimated({
      value: netShare,
      method: "net share that changed class, without interval",
      n,
      assumptions: ["one row an entity, at one date each", "entities are independent"],
    }),
    test: {
      name: isExact ? `${name}, exact sign flips` : name,
      statistic,
      degreesOfFreedom,
      pValue: isExact ? exact() : chiSquared(degreesOfFreedom).survival(statistic),
      alternative: "two-sided",
      nullValue: 0,
    },
    details,
    warnings: [],
  });
}

/** Entities that moved between every two classes; those between which none moved are left out. */
function movesOf(table: SquareTableOptions["table"]): readonly Discordance[] {
  const moves: Discordance[] = [];
  for (let first = 0; first < table.length; first++) {
    for (let second = first + 1; second < table.length; second++) {
      const [there, back] = [table[first]?.[second] ?? 0, table[second]?.[first] ?? 0];
      if (there + back > 0) moves.push({ first, second, there, back });
    }
  }
  return moves;
}

/** Groups of classes that exchange entities, directly or over others. */
function connected(
  moves: readonly Discordance[],
): readonly { readonly classes: readonly number[]; readonly moves: readonly Discordance[] }[] {
  let groups: { classes: number[]; moves: Discordance[] }[] = [];
  for (const move of moves) {
    const touched = groups.filter(({ classes }) => classes.includes(move.first) || classes.includes(move.second));
    const classes = [...new Set([...touched.flatMap((group) => group.classes), move.first, move.second])];
    groups = [
      ...groups.filter((group) => !touched.includes(group)),
      { classes, moves: [...touched.flatMap((group) => group.moves), move] },
    ];
  }
  return groups;
}

/** d' V⁻¹ d of the net changes d of some classes, V being their covariance under equal margins, which depends on the sums there + back only. */
function quadraticForm(kept: readonly number[], moves: readonly Discordance[]): (net: readonly number[]) => number {
  const covariance = kept.map((row) =>
    kept.map((column) =>
      sumOf(
        moves.map(({ first, second, there, back }) => {
          if (row === column) return first === row || second === row ? there + back : 0;
          return (first === row && second === column) || (first === column && second === row) ? -(there + back) : 0;
        }),
      ),
    ),
  );
  // Positive definite, because the classes are connected and one is left out.
  return present(factorPositive(covariance, 0), "a covariance of connected classes").quadraticForm;
}
