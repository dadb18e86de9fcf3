/** Designs and observation files for the tests of experiments. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openTable } from "../../data/datasets/index.ts";
import { openDuckDb } from "../../data/engines/index.ts";
import { present, type RandomStream } from "../../data/foundation/index.ts";
import { type ExperimentDesign, type Observations, observe, readDesign, type WrittenBefore } from "../../simulations/experiments/index.ts";

/** A design with every kind of metric. */
export const wholeDesign = `experiment: gold-line
title: A gentler line for gold
hypothesis: Sellers near the line stay longer.
unit: seller
arms: { control: 50 %, gentle: 50 % }
assignment: { recorded: true }
columns: { unit: seller, arm: arm }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 2 points }
  orders: { mean: orders, role: secondary, better: up, covariate: before, cap: 30 }
  late: { ratio: late of orders, role: guardrail, better: down, margin: 10 % of control }
segments: [region]
plan: { level: 95 %, power: 80 %, looks: once }
`;

/** The design of a text. Faults throw. */
export function designOf(text: string): ExperimentDesign {
  const { design, diagnostics } = readDesign({ text, file: "design.yaml" });
  return present(design, JSON.stringify(diagnostics));
}

/** Of observations in which nothing is odd: what no row did. */
export const nothingOdd = {
  rejected: [],
  duplicates: 0,
  replaced: 0,
  crossovers: 0,
  misassigned: 0,
  setAside: {},
  caps: [],
  segments: [],
  extremes: [],
};

/** Arms of so many units whose means of each metric are as a draw gives them, at a standard deviation of 4. */
export function drawnArms(
  random: RandomStream,
  arms: readonly { readonly units: number; readonly means: readonly number[] }[],
): Observations {
  const deviation = 4;
  return {
    form: "summary",
    rows: arms.length,
    units: arms.reduce((sum, { units }) => sum + units, 0),
    ...nothingOdd,
    arms: arms.map(({ units: n, means }) => ({
      units: n,
      metrics: means.map((mean) => ({
        n,
        means: [mean + (deviation * random.normal()) / Math.sqrt(n)],
        covariances: [[deviation ** 2]],
      })),
    })),
    byDay: [],
    missing: (arms[0]?.means ?? []).map(() => arms.map(() => 0)),
  };
}

/** Observations of a CSV text. */
export async function observed(
  design: ExperimentDesign,
  csv: string | Buffer,
  options: { readonly isHistory?: boolean } & WrittenBefore = {},
): Promise<Observations> {
  const folder = mkdtempSync(join(tmpdir(), "observations-"));
  const db = await openDuckDb();
  try {
    const path = join(folder, "observations.csv");
    writeFileSync(path, csv);
    return await observe(db, design, await openTable(db, { path, shownPath: "observations.csv", workFolder: folder }), options);
  } finally {
    db.close();
    rmSync(folder, { recursive: true });
  }
}
