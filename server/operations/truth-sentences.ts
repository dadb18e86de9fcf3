/** What is really so in a generated marketplace, in words for the report's Method mode. */

/** The truth at the date of an error table. Counts are entities in the frame at that date, under every policy, the baseline first. */
export interface TruthAtDate {
  /** `YYYY-MM-DD`, the last day of a period. */
  readonly at: string;
  readonly inFrame: number;
  readonly fine: number;
  readonly policies: readonly {
    readonly version: string;
    /** Fine, and held in an adverse tier: the numerator of the true false-positive rate. */
    readonly fineAdverse: number;
    readonly adverse: number;
  }[];
}

/**
 * The truth about one candidate in sentences: what it is, then one a date. None when nothing is known.
 *
 * @example
 * truthSentences([{ at: "2025-06-29", inFrame: 1200, fine: 1000, policies: [{ version: "1.0.0", fineAdverse: 20, adverse: 60 },
 *   { version: "2.0.0", fineAdverse: 35, adverse: 90 }] }], { candidate: 1, many: "sellers" })[1]
 * // => "Known truth at 2025-06-29: 1000 of the 1200 sellers in the frame are fine. 1.0.0 holds 20 of them in an adverse tier, a true false-positive rate of 2.00 %; 2.0.0 holds 35, 3.50 %."
 */
export function truthSentences(
  truth: readonly TruthAtDate[],
  who: { readonly candidate: number; readonly many: string },
): readonly string[] {
  const dates = truth.flatMap(({ at, inFrame, fine, policies }) => {
    const [baseline, candidate] = [policies[0], policies[who.candidate]];
    if (baseline === undefined || candidate === undefined) return [];
    const rate = (count: number) => (fine === 0 ? "not defined, for nobody is fine" : `${((100 * count) / fine).toFixed(2)} %`);
    return [
      [
        `Known truth at ${at}: ${fine} of the ${inFrame === 1 ? "1" : `${inFrame} ${who.many}`} in the frame ${fine === 1 ? "is" : "are"} fine.`,
        `${baseline.version} holds ${baseline.fineAdverse} of them in an adverse tier, a true false-positive rate of ${rate(baseline.fineAdverse)};`,
        `${candidate.version} holds ${candidate.fineAdverse}, ${rate(candidate.fineAdverse)}.`,
      ].join(" "),
    ];
  });
  if (dates.length === 0) return [];
  return [
    `This marketplace is generated, so that the state of every one of its ${who.many} is known. No estimate in this report uses it.`,
    ...dates,
  ];
}
