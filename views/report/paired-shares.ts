/** Shares under both versions in a chart: a row with their change, and what its marks mean. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { PairedRow } from "../charts/index.ts";
import { formatNumber, formatPoints, formatShare } from "../formats/index.ts";
import type { Bars } from "./bars.ts";
import { markOf, notDetermined, numberOf, pointsInterval } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { KeyEntry } from "./report.ts";

/** The shares under both versions, and the change between them; undefined where nothing was estimated. */
export interface SharePair {
  readonly baseline: Estimated | undefined;
  readonly candidate: Estimated | undefined;
  readonly change: Estimated | undefined;
}

/** The row: shares in per cent, the change in points. What could not be computed has no mark. */
export function pairedShares(label: string, notes: readonly string[], { baseline, candidate, change }: SharePair): PairedRow {
  const mark = (estimated: Estimated | undefined) => (estimated === undefined ? {} : markOf(estimated, 100));
  const [from, to] = [baseline && numberOf(baseline), candidate && numberOf(candidate)];
  return {
    label,
    notes,
    isBounds: false,
    baseline: mark(baseline),
    candidate: mark(candidate),
    pairText: from === undefined || to === undefined ? notDetermined : `${formatNumber(from * 100, 1)} → ${formatShare(to)}`,
    change: mark(change),
    changeText: change?.kind === "estimate" ? formatPoints(change.value) : notDetermined,
    changeIntervalText: change?.kind === "estimate" ? pointsInterval(change).replace("\u00a0pp", "") : "",
  };
}

/** The key of such rows. */
export function pairedKey({ baselineVersion, candidateVersion }: Facts, bars: Bars): readonly KeyEntry[] {
  return [{ mark: "baseline-dot", words: baselineVersion }, { mark: "candidate-dot", words: candidateVersion }, ...bars.key];
}

/** The key of rows of estimates; a dot alone needs none. */
export function estimateKey({ key }: Bars): readonly KeyEntry[] {
  return key.length === 0 ? [] : [{ mark: "candidate-dot", words: "estimate" }, ...key];
}
