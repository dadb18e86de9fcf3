/** Shares under both versions in a chart: a row with their change, and what its marks mean. */
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { PairedRow } from "../charts/index.ts";
import { formatNumber, formatPoints, formatShare } from "../formats/index.ts";
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
export function pairedKey({ baselineVersion, candidateVersion, level }: Facts): readonly KeyEntry[] {
  return [
    { mark: "baseline-dot", words: baselineVersion },
    { mark: "candidate-dot", words: candidateVersion },
    { mark: "interval", words: `${level} interval` },
  ];
}

/** The key of rows of estimates. */
export function estimateKey({ level }: Facts): readonly KeyEntry[] {
  return [
    { mark: "candidate-dot", words: "estimate" },
    { mark: "interval", words: `${level} interval` },
  ];
}
