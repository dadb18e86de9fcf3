/** Findings about distances between two distributions: the distance, its p-value and its null quantile for these numbers of units. */
import { chiSquared } from "../distributions/index.ts";
import { estimated, type Undetermined, undetermined } from "../estimate.ts";
import { type Alternative, type Detail, type Found, finding } from "../finding.ts";
import { jensenShannon, kolmogorovSmirnovLattice, populationStability, wasserstein, type ZeroRule } from "./distance.ts";
import { exactQuantile, exactSurvival, kolmogorovQuantile, kolmogorovSurvival } from "./kolmogorov-smirnov.ts";
import { type LabelNullOptions, labelNull } from "./label-null.ts";
import { type PairedCounts, type PointCounts, totalOf } from "./point-counts.ts";
import { type Shuffle, shuffleGroups, swapLabels } from "./shuffled-counts.ts";

/** Independent groups, or the same entities under both. */
export type SamplesCompared = ({ readonly design: "independent" } & PointCounts) | ({ readonly design: "paired" } & PairedCounts);

/** Shuffles that pass over more points than this in all are refused: sort into bins instead. */
const workMax = 4e8;
/** Exact distributions of more lattice points than this are refused, and not chosen by themselves above a tenth of it. */
const latticeMax = 1e7;

/** How the test of Kolmogorov and Smirnov is carried out. */
export interface KolmogorovSmirnovOptions extends LabelNullOptions {
  readonly method: "auto" | "exact" | "asymptotic" | "permutation";
  /** `greater`: treatment values tend to be larger. */
  readonly alternative: Alternative;
}

/**
 * Kolmogorov and Smirnov's distance with an exact p-value (ties included) or the limit; label swaps for the same entities, for which the other two are
 * wrong. An empty group: Undetermined.
 */
export function kolmogorovSmirnov(compared: SamplesCompared, options: KolmogorovSmirnovOptions): Found {
  const [n, m] = [totalOf(compared.control), totalOf(compared.treatment)];
  const empty = emptyGroup(n, m);
  if (empty !== undefined) return empty;
  if (n * m > Number.MAX_SAFE_INTEGER / 4)
    return undetermined("the groups are so large that their lattice is not exact", "a random part of the units");
  const side = ({ "two-sided": "both", greater: "higher", less: "lower" } as const)[options.alternative];
  const lattice = kolmogorovSmirnovLattice(compared, side);
  const value = lattice / (n * m);
  const method = chosenMethod(compared.design, n * m, options.method);
  if (typeof method !== "string") return method;
  const parts = { compared, value, name: "Kolmogorov-Smirnov", alternative: options.alternative };
  if (method === "permutation") {
    return shuffled({ ...parts, distance: (counts) => kolmogorovSmirnovLattice(counts, side) / (n * m), options });
  }
  const root = Math.sqrt((n / (n + m)) * m);
  const exact = method === "exact";
  const pValue = exact ? exactSurvival(compared, lattice, side) : kolmogorovSurvival(root * value, side);
  const nullQuantile = exact
    ? exactQuantile(compared, options.level, side) / (n * m)
    : Math.min(kolmogorovQuantile(options.level, side) / root, 1);
  return told({ ...parts, method: exact ? "exact" : "asymptotic", pValue, details: { nullQuantile } });
}

function chosenMethod(
  design: SamplesCompared["design"],
  lattice: number,
  wanted: KolmogorovSmirnovOptions["method"],
): "exact" | "asymptotic" | "permutation" | Undetermined {
  if (design === "paired") {
    if (wanted === "auto" || wanted === "permutation") return "permutation";
    return undetermined(
      `the ${wanted} distribution is that of independent groups, and these are the same entities`,
      "label swaps (method permutation)",
    );
  }
  if (wanted === "auto") return lattice <= latticeMax / 10 ? "exact" : "asymptotic";
  if (wanted === "exact" && lattice > latticeMax)
    return undetermined(`an exact distribution over ${lattice} points`, "the asymptotic method, which is as good here");
  return wanted;
}

/** Wasserstein's distance of order 1 with its null by shuffles. An empty group, or points too far apart for a number: Undetermined. */
export function wassersteinDistance(compared: SamplesCompared, options: LabelNullOptions): Found {
  const empty = emptyGroup(totalOf(compared.control), totalOf(compared.treatment));
  if (empty !== undefined) return empty;
  const span = (compared.points.at(-1) ?? 0) - (compared.points[0] ?? 0);
  if (!Number.isFinite(span)) return undetermined("the values differ by more than a number can hold", "values in a larger unit");
  return shuffled({ compared, value: wasserstein(compared), name: "Wasserstein", alternative: "greater", distance: wasserstein, options });
}

/** How the null of a distance between shares is found. */
export interface ShareDistanceOptions extends LabelNullOptions {
  readonly null: "permutation" | "asymptotic";
}

/** Jensen and Shannon's divergence, or its square root, which is a metric. */
export function jensenShannonDistance(
  compared: SamplesCompared,
  options: ShareDistanceOptions & { readonly base: "2" | "e"; readonly form: "divergence" | "distance" },
): Found {
  const base = options.base === "2" ? 2 : Math.E;
  const power = options.form === "distance" ? 0.5 : 1;
  const distance = (counts: PointCounts): number => jensenShannon(counts, base) ** power;
  // The divergence in nats is about an eighth of the chi-squared distance of the shares.
  const asymptotic = { perChi: 1 / (8 * Math.log(base)), power };
  return shareDistance(compared, options, { name: `Jensen-Shannon ${options.form}, base ${options.base}`, distance, asymptotic });
}

/** The population stability index with a stated rule for bins that are empty in one group. */
export function stabilityIndex(compared: SamplesCompared, options: ShareDistanceOptions & { readonly zero: ZeroRule }): Found {
  if (
    emptyGroup(totalOf(compared.control), totalOf(compared.treatment)) === undefined &&
    populationStability(compared, options.zero) === undefined
  ) {
    return undetermined("a bin is empty in one group, and the index is infinite", "wider bins, or a stated rule for empty bins");
  }
  const distance = (counts: PointCounts): number => populationStability(counts, options.zero) ?? Number.POSITIVE_INFINITY;
  return shareDistance(compared, options, { name: "population stability index", distance, asymptotic: { perChi: 1, power: 1 } });
}

interface ShareDistance {
  readonly name: string;
  readonly distance: (counts: PointCounts) => number;
  /** distance = (perChi x chi-squared of bins - 1, over the harmonic units) ^ power, for many units. */
  readonly asymptotic: { readonly perChi: number; readonly power: number };
}

function shareDistance(compared: SamplesCompared, options: ShareDistanceOptions, { name, distance, asymptotic }: ShareDistance): Found {
  const [n, m] = [totalOf(compared.control), totalOf(compared.treatment)];
  const empty = emptyGroup(n, m);
  if (empty !== undefined) return empty;
  const value = distance(compared);
  const parts = { compared, value, name, alternative: "greater" as const };
  if (options.null === "permutation") return shuffled({ ...parts, distance, options });
  if (compared.design === "paired") {
    return undetermined(
      "the asymptotic null is that of independent groups, and these are the same entities",
      "label swaps (null permutation)",
    );
  }
  const used = compared.control.filter((count, i) => count + (compared.treatment[i] as number) > 0).length;
  if (used < 2) return undetermined("all units are in one bin", "units in at least two bins");
  const unit = asymptotic.perChi * (1 / n + 1 / m);
  const law = chiSquared(used - 1);
  const smallest = Math.min(
    ...compared.control
      .map((count, i) => ((count + (compared.treatment[i] as number)) * Math.min(n, m)) / (n + m))
      .filter((expected) => expected > 0),
  );
  return told({
    ...parts,
    method: "asymptotic, chi-squared",
    pValue: law.survival(value ** (1 / asymptotic.power) / unit),
    details: { nullQuantile: (unit * law.upperQuantile(1 - options.level)) ** asymptotic.power, degreesOfFreedom: used - 1 },
    warnings:
      smallest < 5 ? [`A bin expects only ${smallest.toFixed(1)} units of a group: the chi-squared null is poor; take permutation.`] : [],
  });
}

interface Parts {
  readonly compared: SamplesCompared;
  readonly value: number;
  readonly name: string;
  readonly alternative: Alternative;
}

function shuffled(parts: Parts & { readonly distance: (counts: PointCounts) => number; readonly options: LabelNullOptions }): Found {
  const { compared, value, distance, options } = parts;
  const passes = (compared.design === "paired" ? compared.pairs.length : 0) + compared.points.length;
  if (passes * options.draws > workMax) {
    return undetermined(`${options.draws} shuffles of ${passes} points are too much work`, "values sorted into bins, or fewer shuffles");
  }
  if (compared.design === "paired" && compared.pairs.every((pair) => pair.control === pair.treatment)) {
    return undetermined("no entity differs between the two: there is nothing to swap", "entities that differ");
  }
  const shuffle: Shuffle = compared.design === "paired" ? swapLabels(compared) : shuffleGroups(compared);
  const result = labelNull(value, shuffle, distance, options);
  const quantile = result.quantile !== undefined && Number.isFinite(result.quantile) ? { nullQuantile: result.quantile } : {};
  return told({
    ...parts,
    method: compared.design === "paired" ? "label swaps within entities" : "permutation",
    pValue: result.pValue,
    details: { ...quantile, ...(Number.isFinite(result.mean) ? { nullMean: result.mean } : {}), draws: options.draws },
    warnings:
      "nullQuantile" in quantile
        ? []
        : [
            `${options.draws} shuffles give no null quantile at this level; ${result.quantile === undefined ? "take more" : "take another rule for empty bins"}.`,
          ],
  });
}

function told(
  parts: Parts & {
    readonly method: string;
    readonly pValue: number;
    readonly details: Record<string, Detail>;
    readonly warnings?: readonly string[];
  },
): Found {
  const { compared, value, name, method, pValue, alternative, details, warnings } = parts;
  const [n, m] = [totalOf(compared.control), totalOf(compared.treatment)];
  const paired = compared.design === "paired";
  const assumptions = paired
    ? ["entities are drawn independently"]
    : ["units are drawn independently", "the groups have no unit in common"];
  return finding({
    estimate: estimated({ value, method: name, n: paired ? n : n + m, assumptions }),
    test: { name: `${name}, ${method}`, statistic: value, pValue: Math.min(pValue, 1), alternative, nullValue: 0 },
    details,
    warnings: warnings ?? [],
  });
}

function emptyGroup(n: number, m: number): Undetermined | undefined {
  return n === 0 || m === 0 ? undetermined("a group without units", "units in both groups") : undefined;
}
