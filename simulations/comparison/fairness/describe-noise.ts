/** The study of noise as figures: flip shares by size band, for baseline and candidate, as written and shrunk. */
import { bootstrapRatio, type Estimated, estimated, type Undetermined, undetermined, wilson } from "../../statistics/index.ts";
import { type ComparisonPlan, dayName } from "../plan.ts";
import { cellEntitiesMin } from "../segments.ts";
import { bandName, sizeBandNames, sizeBands } from "../size-bands.ts";
import { plain } from "./group-rates.ts";
import type { FlipBand, FlipShares, NoiseFlips } from "./noise.ts";
import type { FlipCounts, NoiseStudy, PolicyWorlds } from "./noise-worlds.ts";

const assumptions = [
  "only counts that are parts of others are drawn again; volumes, sums of stars, events and ledgers stay as recorded, so that the whole of chance is larger",
  "within an entity cases are independent with one rate over the window; cases that come in clusters make more flips",
  "true rates of the cohort follow a beta law; the tier compared is the merited one at the date, movement rules and shields aside",
  "intervals speak of another draw of entities; the worlds' own error is in them",
] as const;

/** One candidate beside the baseline. */
export function describeNoise(plan: ComparisonPlan, study: NoiseStudy | Undetermined): NoiseFlips | Undetermined {
  if (study.kind === "undetermined") return study;
  const { sample, worlds, redrawn, keptMetrics, baseline: before, candidate: after } = study;
  const bands = sample.chunks.flatMap(({ band }) => [...band]);
  const places = sizeBands.map((_, band) => [...bands.keys()].filter((place) => bands[place] === band));
  const everyone = [...bands.keys()];
  const weights = Float64Array.from(bands, (band) => (sample.inFrame[band] ?? 0) / Math.max(1, places[band]?.length ?? 0));
  const describe = (name: string, entities: number, own: readonly number[], weightOf: (place: number) => number): FlipBand =>
    describeBand({ name, entities, own, weightOf, before, after, plan, worlds });
  return {
    kind: "flips",
    at: dayName(plan.schema, plan.to),
    worlds,
    sampled: sample.sampled,
    redrawn: redrawn.map(({ measure, whole, mean, strength }) => ({ measure, whole, mean, strength })),
    keptMetrics,
    shrunkMetrics: { baseline: before.shrunkNames, candidate: after.shrunkNames },
    bands: sizeBandNames.map((named, band) => describe(bandName(named), sample.inFrame[band] ?? 0, places[band] ?? [], () => 1)),
    all: describe(
      "all",
      sample.inFrame.reduce((sum, count) => sum + count, 0),
      everyone,
      (place) => weights[place] as number,
    ),
    assumptions,
  };
}

interface Band {
  readonly name: string;
  readonly entities: number;
  readonly own: readonly number[];
  readonly weightOf: (place: number) => number;
  readonly before: PolicyWorlds;
  readonly after: PolicyWorlds;
  readonly plan: ComparisonPlan;
  readonly worlds: number;
}

function describeBand(band: Band): FlipBand {
  const { before, after, own } = band;
  const known = own.filter(
    (place) => (before.asWritten.recorded[place] as number) >= 0 && (after.asWritten.recorded[place] as number) >= 0,
  );
  const shares = (counts: FlipCounts): FlipShares => ({
    any: shareOf(band, known, (place) => counts.any[place] as number),
    adverse: shareOf(band, known, (place) => counts.adverse[place] as number),
  });
  const changed = ({ asWritten, shrunk }: PolicyWorlds): number =>
    known.filter((place) => asWritten.recorded[place] !== shrunk.recorded[place]).length;
  const flips = (worlds: PolicyWorlds) => ({
    asWritten: shares(worlds.asWritten),
    shrunk: shares(worlds.shrunk),
    changedByShrinking: changed(worlds),
  });
  return {
    band: band.name,
    entities: band.entities,
    sampled: known.length,
    baseline: flips(before),
    candidate: flips(after),
    change: shareOf(band, known, (place) => (after.asWritten.any[place] as number) - (before.asWritten.any[place] as number), true),
    shrinking: shareOf(band, known, (place) => (after.shrunk.any[place] as number) - (after.asWritten.any[place] as number), true),
  };
}

/** Worlds in which it is so over all worlds, entities resampled. Where it is so in none of them, the interval is that of no entity of n. */
function shareOf(band: Band, places: readonly number[], flipsOf: (place: number) => number, isDifference = false): Estimated {
  const { plan, worlds, weightOf } = band;
  const n = places.length;
  if (n < cellEntitiesMin) return undetermined(`${n} entities: fewer than the minimum cell of ${cellEntitiesMin}`, "a larger band");
  if (places.every((place) => flipsOf(place) === 0)) {
    if (isDifference) return estimated({ value: 0, method: "no sampled entity differs in any world", n });
    return plain(wilson({ successes: 0, trials: n, level: plan.level }));
  }
  return plain(
    bootstrapRatio({
      numerator: Float64Array.from(places, (place) => weightOf(place) * flipsOf(place)),
      denominator: Float64Array.from(places, (place) => weightOf(place) * worlds),
      seed: plan.seed,
      replicates: plan.replicates,
      level: plan.level,
    }),
  );
}
