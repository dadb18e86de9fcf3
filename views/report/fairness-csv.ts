/** Fairness as rows of the long table: every group, every figure, every correction. */
import type {
  CandidateComparison,
  ComparedFigure,
  Fairness,
  FairnessGroup,
  FlipBand,
  PairedShare,
} from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { Cell } from "./report.ts";

type Row = Readonly<Record<string, Cell>>;

/** Empty without fairness. */
export function fairnessRows({ fairness }: CandidateComparison): readonly Row[] {
  if (fairness === undefined) return [];
  const groups = fairness.segmentations.flatMap(({ segment, groups: own }) =>
    own.flatMap((group) => groupRows(fairness, `${segment}: ${group.value}`, group)),
  );
  return [...groups, ...noiseRows(fairness)];
}

function groupRows(fairness: Fairness, name: string, { rates, againstRest, pooled }: FairnessGroup): readonly Row[] {
  const key = { section: "fairness", group: name };
  const atEnd = { ...key, date: fairness.at };
  const labelled = { ...key, date: fairness.labels?.at ?? "" };
  const single = (at: Row, figure: string, estimate: Estimated | undefined, definition: string): readonly Row[] =>
    estimate === undefined ? [] : [{ ...at, figure, ...cellsOf(estimate), definition }];
  const paired = (at: Row, figure: string, pair: PairedShare | undefined, definition: string): readonly Row[] =>
    pair === undefined
      ? []
      : (["baseline", "candidate", "change"] as const).map((side) => ({
          ...at,
          figure: `${figure}, ${side}`,
          ...cellsOf(pair[side]),
          definition,
        }));
  const compared = Object.entries(againstRest).flatMap(([figure, entry]): readonly Row[] => {
    const pool = pooled[figure as ComparedFigure];
    return [
      {
        ...atEnd,
        figure: `${figure}, less the rest`,
        ...cellsOf(entry.difference),
        definition: `Group less everyone else of the segmentation, among ${amongOf(figure as ComparedFigure)}.`,
      },
      { ...atEnd, figure: `${figure}, p`, value: entry.pValue, method: "uncorrected", definition: "p of no difference." },
      {
        ...atEnd,
        figure: `${figure}, p`,
        value: entry.benjaminiHochberg,
        method: "Benjamini-Hochberg",
        definition: "Adjusted over the family.",
      },
      { ...atEnd, figure: `${figure}, p`, value: entry.holm, method: "Holm", definition: "Adjusted over the family." },
      ...(entry.falseCoverage === undefined
        ? []
        : [
            {
              ...atEnd,
              figure: `${figure}, less the rest, corrected`,
              lower: entry.falseCoverage.lower,
              upper: entry.falseCoverage.upper,
              method: "false-coverage interval; may include 0",
              definition: "Of those rejected by Benjamini-Hochberg.",
            },
          ]),
      ...single(atEnd, `${figure}, ratio to all`, entry.ratioToAll, "Share of the group over that of all."),
      ...(pool === undefined
        ? []
        : [
            {
              ...atEnd,
              figure: `${figure}, pooled`,
              ...pool,
              method: "partial pooling of logits",
              definition: "Pulled towards the other groups.",
            },
          ]),
    ];
  });
  return [
    ...paired(atEnd, "adverse_rate", rates?.adverse, "Held adverse over entities of the group that are rated under either version."),
    ...paired(atEnd, "demotion_rate", rates?.demoted, "Fell at least once in the 12 weeks up to the date."),
    ...single(
      atEnd,
      "moved_down_rate",
      rates?.movedDown,
      "Moved down by the change over entities of the group that are rated under either version.",
    ),
    ...single(atEnd, "net_benefit", rates?.netBenefit, "Up less down over entities of the group that are rated under either version."),
    ...single(
      atEnd,
      "net_benefit_gmv",
      rates?.netBenefitGmv,
      "GMV of up less GMV of down over GMV of those of the group that are rated under either version.",
    ),
    ...paired(labelled, "false_positive_rate", rates?.falsePositive, "Fine and adverse over fine."),
    ...paired(labelled, "false_share", rates?.falseShare, "Fine and adverse over labelled and adverse."),
    ...single(labelled, "harmful_share", rates?.harmful, "Harmful over labelled."),
    ...compared,
  ];
}

/** Out of whom a figure is taken. */
function amongOf(figure: ComparedFigure): string {
  if (figure === "false-positive") return "all who are labelled fine";
  return figure === "false-share" ? "the labelled held adverse" : "those rated under either version";
}

function noiseRows({ at, noise }: Fairness): readonly Row[] {
  if (noise === undefined) return [];
  if (noise.kind === "undetermined") return [{ section: "noise", figure: "flips", date: at, method: `undetermined: ${noise.reason}` }];
  return [...noise.bands, noise.all].flatMap((band) => bandRows(at, band));
}

function bandRows(at: string, band: FlipBand): readonly Row[] {
  const key = { section: "noise", date: at, group: band.band };
  const sides = (["baseline", "candidate"] as const).flatMap((side) =>
    (["asWritten", "shrunk"] as const).flatMap((variant) =>
      (["any", "adverse"] as const).map((kind) => ({
        ...key,
        figure: `flips${kind === "any" ? "" : ", adverse line"}, ${side}${variant === "shrunk" ? ", shrunk" : ""}`,
        ...cellsOf(band[side][variant][kind]),
        definition: "Another merited tier in a parallel world of the same true quality.",
      })),
    ),
  );
  return [
    ...sides,
    { ...key, figure: "flips, change", ...cellsOf(band.change), definition: "Candidate less baseline, the same worlds." },
    { ...key, figure: "flips, shrinking", ...cellsOf(band.shrinking), definition: "Shrunk less as written, under the candidate." },
  ];
}

function cellsOf(estimate: Estimated): Row {
  if (estimate.kind === "undetermined") return { method: `undetermined: ${estimate.reason}` };
  const { value, interval, n, method } = estimate;
  return {
    value,
    ...(interval === undefined ? {} : { lower: interval.lower, upper: interval.upper, level: interval.level }),
    n,
    method,
  };
}
