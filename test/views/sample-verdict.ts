/** Verdicts on the small comparison made by hand. */

import {
  type Comparison,
  readCriteriaLines,
  readGates,
  readVerdict,
  resolveCriteria,
  type Stability,
  type Verdict,
} from "../../simulations/comparison/index.ts";
import type { ReportContext } from "../../views/index.ts";
import { panelOf, source } from "../comparison/small-market.ts";
import { someManifest } from "../store/some-manifest.ts";

const { schema } = panelOf({ sellers: { a: { baseline: "gg", candidate: "gw" } }, sources: [source("bad")] });

const groups = (fine: number) =>
  (["both", "newly", "released", "neither"] as const).map((group, index) => ({
    group,
    entities: 1000 * (index + 1),
    labelled: 400 * (index + 1),
    fine: fine * (index + 1),
  }));

/** The same change three times elsewhere, always with fewer movers. */
export const sampleStability: Stability = {
  dates: ["2025-06-29", "2025-07-27", "2025-08-31"].map((at, index) => ({
    at,
    inFrame: 12_000,
    movers: 20 * (index + 1),
    up: 10,
    down: 10,
    newlyAdverse: 5,
    released: 4,
    bothAdverse: 300,
    unrated: 1500,
  })),
  labels: [
    { along: "date", at: "2025-05-25", knownAt: "2025-12-31", coverage: groups(300) },
    { along: "maturity", at: "2025-05-25", knownAt: "2025-08-24", coverage: groups(200) },
  ],
};

/** The verdict of criteria on a comparison, as a report is told of it. */
export function verdictContext(
  comparison: Comparison,
  lines: readonly string[],
  runsBefore = { ofPair: 0, onData: 0 },
): Pick<ReportContext, "verdicts" | "tried"> {
  const { criteria } = resolveCriteria(readCriteriaLines(lines, "criteria").criteria, schema);
  if (criteria.length !== lines.length) throw new Error("a criterion was not read");
  const record = {
    digest: "c".repeat(64),
    file: "criteria.yaml",
    lines,
    recordedAt: "2026-01-07T10:00:00.000Z",
    recordedBy: "aaaaaaaaaaaa",
    runsBefore,
  };
  const judge = (index: number): Verdict => {
    const candidate = comparison.candidates[index];
    if (candidate === undefined) throw new Error("no candidate");
    return readVerdict({ comparison, candidate }, criteria);
  };
  return {
    verdicts: Object.fromEntries(comparison.candidates.map(({ version }, index) => [version, { verdict: judge(index), record }])),
    tried: { candidates: 4, runs: 6 },
  };
}

/** The gates of a comparison on a dataset with rejected rows and a jump. */
export function sampleGates(comparison: Comparison, rejectedRows = 600): NonNullable<ReportContext["gates"]> {
  return Object.fromEntries(
    comparison.candidates.map((candidate) => [
      candidate.version,
      readGates({
        comparison,
        candidate,
        rows: 10_000,
        rejectedRows,
        quality: {
          ...someManifest("sellers", "nothing").quality,
          measures: [
            { name: "orders", missingShare: 0, zeroShare: 0, quantiles: [], largestJump: { period: "2025-07-06", from: 100, to: 340 } },
            { name: "rating", missingShare: 0.02, zeroShare: 0, quantiles: [] },
          ],
        },
        measures: ["orders", "rating"],
        madeOn: 20_460,
      }),
    ]),
  );
}
