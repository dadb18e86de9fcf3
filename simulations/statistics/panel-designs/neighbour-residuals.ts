/** How far each outcome is from those of its nearest neighbours on the score: the variance that needs no bandwidth. */

/** Neighbours that are averaged, at least: as in the source. */
const matches = 3;

/**
 * Residuals whose squares estimate each point's variance: outcome minus the mean of the nearest `matches` others (all that tie with the last are in,
 * also when both sides tie to half of the digits), times sqrt(J / (J + 1)). `scores` ascending. Source: Calonico, Cattaneo and Titiunik (2014), section 5; Abadie and Imbens (2006).
 *
 * @example
 * neighbourResiduals([1, 2, 3, 4], [0, 0, 0, 4]).map((residual) => residual.toFixed(3))
 * // => ["-1.155", "-1.155", "-1.155", "3.464"]
 */
export function neighbourResiduals(scores: readonly number[], outcomes: readonly number[]): readonly number[] {
  const n = scores.length;
  const groups = tiesOf(scores);
  const sums = new Map<number, number>();
  groups.forEach((tie, i) => {
    sums.set(tie.first, (sums.get(tie.first) ?? 0) + (outcomes[i] as number));
  });
  const wanted = Math.min(matches, n - 1);
  return outcomes.map((outcome, at) => {
    let { first, last } = groups[at] as Tie;
    while (last - first < wanted) {
      const below = groups[first - 1];
      const above = groups[last + 1];
      const left = below === undefined ? Number.POSITIVE_INFINITY : (scores[at] as number) - (scores[first - 1] as number);
      const right = above === undefined ? Number.POSITIVE_INFINITY : (scores[last + 1] as number) - (scores[at] as number);
      const both = below !== undefined && above !== undefined && Math.abs(left - right) <= Math.max(left, right) * sameDistance;
      if ((both || left < right) && below !== undefined) first = below.first;
      if ((both || right < left) && above !== undefined) last = above.last;
    }
    let others = -outcome;
    for (let i = first; i <= last; i = (groups[i] as Tie).last + 1) others += sums.get(i) as number;
    const count = last - first;
    return Math.sqrt(count / (count + 1)) * (outcome - others / count);
  });
}

const sameDistance = Math.sqrt(Number.EPSILON);

interface Tie {
  readonly first: number;
  readonly last: number;
}

/** For each place the first and last place with its score. */
function tiesOf(scores: readonly number[]): readonly Tie[] {
  const ties: Tie[] = [];
  for (let first = 0; first < scores.length; ) {
    let last = first;
    while (scores[last + 1] === scores[first]) last++;
    const tie = { first, last };
    for (let i = first; i <= last; i++) ties.push(tie);
    first = last + 1;
  }
  return ties;
}
