/** Costs of replays by size -> cost a row, and what it comes to at the size that is the aim. */

/** What one replay took. Bytes are known of Trino only. */
export interface EngineCost {
  /** Of processors, all threads and machines. */
  readonly seconds: number;
  /** Rows that it took them for: those of a sample of whole shards. Absent: all of the size. */
  readonly rows?: number;
  readonly readBytes?: number;
  readonly shuffledBytes?: number;
  /** Of one statement, at its most. */
  readonly peakBytes?: number;
}

/** One size, on each engine. */
export interface SizeCosts {
  readonly sellers: number;
  readonly rows: number;
  /** Of the dataset in the home, where there is one. */
  readonly diskBytes?: number;
  readonly kernels?: EngineCost;
  readonly duckdb?: EngineCost;
  readonly trino?: EngineCost;
}

/** Cost = fixed + each * rows. */
export interface Line {
  readonly fixed: number;
  /** By row. */
  readonly each: number;
}

/** 5 x 10^7 sellers x 104 weeks, every one of them there all the time. */
export const aimRows = 5e7 * 104;

/**
 * Least squares of relative errors, so that a small size counts as much as a large one; one size alone has no fixed part.
 *
 * @example
 * fitLine([{ rows: 10, cost: 12 }, { rows: 100, cost: 102 }])
 * // => { fixed: 2, each: 1 }
 */
export function fitLine(points: readonly { readonly rows: number; readonly cost: number }[]): Line {
  const [only] = points;
  if (only !== undefined && points.length === 1) return { fixed: 0, each: only.cost / only.rows };
  let [ww, wx, xx, wy, xy] = [0, 0, 0, 0, 0];
  for (const { rows, cost } of points) {
    const [weight, x] = [1 / cost, rows / cost];
    ww += weight * weight;
    wx += weight * x;
    xx += x * x;
    wy += weight;
    xy += x;
  }
  const each = (ww * xy - wx * wy) / (ww * xx - wx * wx);
  const fixed = (wy - wx * each) / ww;
  return fixed > 1e-9 ? { fixed: rounded(fixed), each: rounded(each) } : { fixed: 0, each: rounded(xy / xx) };
}

/** To twelve digits: what is behind them is rounding. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** Shards are independent: all of them cost as many times the sample as they have its rows. */
function wholeSeconds(rows: number, { seconds, rows: measured = rows }: EngineCost): number {
  return (seconds * rows) / measured;
}

function cellOf({ seconds, rows }: EngineCost): string {
  return rows === undefined ? seconds.toPrecision(3) : `${seconds.toPrecision(3)} (${rows.toLocaleString("en")} of the rows)`;
}

/** Measured costs, costs a row, and what they come to at the aim, as Markdown. */
export function tableOf(sizes: readonly SizeCosts[], policy: string): string {
  const lines = sizes.map(({ sellers, rows, diskBytes, kernels, duckdb, trino }) => {
    const cells = [kernels, duckdb, trino].map((cost) => (cost === undefined ? "" : cellOf(cost)));
    return `| ${sellers.toLocaleString("en")} | ${rows.toLocaleString("en")} | ${diskBytes === undefined ? "" : (diskBytes / rows).toFixed(0)} | ${cells.join(" | ")} |`;
  });
  const fitted = (["kernels", "duckdb", "trino"] as const).flatMap((name) => {
    const points = sizes.flatMap((size) =>
      size[name] === undefined ? [] : [{ rows: size.rows, cost: wholeSeconds(size.rows, size[name]) }],
    );
    return points.length === 0 ? [] : [{ name, ...fitLine(points) }];
  });
  const [kernels] = fitted;
  const said = fitted.map(({ name, fixed, each }) => {
    const hours = (fixed + each * aimRows) / 3600;
    const ratio = kernels === undefined ? 1 : each / kernels.each;
    return `| ${name} | ${fixed.toPrecision(2)} | ${(each * 1e6).toPrecision(3)} | ${hours.toPrecision(3)} | ${ratio.toPrecision(3)} |`;
  });
  const bytes = sizes.flatMap(({ sellers, rows, trino }) => (trino === undefined ? [] : [bytesOf(sellers, rows, trino)]));
  return [
    `Processor seconds of \`${policy}\`:`,
    "",
    "| sellers | rows | bytes a row in the home | kernels | DuckDB | Trino |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
    "",
    `| engine | fixed, seconds | microseconds a row | processor hours at ${aimRows.toExponential(1)} rows | times the kernels |`,
    "| --- | --- | --- | --- | --- |",
    ...said,
    ...(bytes.length === 0 ? [] : ["", ...bytes]),
  ].join("\n");
}

function bytesOf(sellers: number, all: number, { rows = all, readBytes = 0, shuffledBytes = 0, peakBytes = 0 }: EngineCost): string {
  const [read, shuffled] = [readBytes, shuffledBytes].map((bytes) => (bytes / rows).toFixed(1));
  const most = (peakBytes / 1e6).toFixed(0);
  return `Trino, ${sellers.toLocaleString("en")} sellers: ${read} bytes read and ${shuffled} shuffled a row; a statement held ${most} MB at its most.`;
}
