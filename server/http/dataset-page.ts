/** What the page of a dataset is told. */
import { errorCatalogue, formatDay, present } from "../../data/foundation/index.ts";
import type { DatasetManifest, LeftOutRows } from "../../data/panel/index.ts";
import type { DatasetRecord, RunRecord, Store } from "../../data/store/index.ts";
import { type ColumnQuality, datesInWords, type LabelCoverage, type NewerDataset, type PageContexts } from "../../views/index.ts";
import { keptFrames, readLeftOut } from "../operations/index.ts";
import { datasetSummary, minuteOf } from "./page-lists.ts";

const rowsShown = 20;
const framesShown = 50;

type LeftOut = PageContexts["dataset"]["rejected"];

/** The page of one dataset: what is in it, and how good it is. */
export async function datasetContext(
  record: DatasetRecord,
  { newer, frames = [] }: { readonly newer?: NewerDataset | undefined; readonly frames?: PageContexts["dataset"]["frames"] } = {},
): Promise<PageContexts["dataset"]> {
  const { manifest } = record;
  const { schema, quality, rejected, setAside } = manifest;
  return {
    notices: quality.remarks.map(datesInWords),
    dataset: datasetSummary(record),
    ...(newer === undefined ? {} : { newer }),
    digest: record.digest,
    source: manifest.source,
    knownAt: formatDay(schema.knownAt),
    ...(schema.currency === undefined ? {} : { currency: schema.currency }),
    rates: ratesOf(manifest),
    columns: columnsOf(manifest),
    presence: presenceOf(manifest),
    gaps: { entities: quality.gaps.entities, periods: quality.gaps.rows },
    labels: labelsOf(manifest),
    quality: qualityOf(manifest),
    rejected: await leftOut(record.folder, "rejected", rejected),
    frames: frames.slice(0, framesShown),
    moreFrames: Math.max(0, frames.length - framesShown),
    ...(setAside === undefined || setAside.rows === 0 ? {} : { setAside: await leftOut(record.folder, "set-aside", setAside) }),
  };
}

/** Of replays on this dataset that are runs here; the latest first. */
export function framesOf(store: Store, dataset: string): PageContexts["dataset"]["frames"] {
  return keptFrames(store.home)
    .flatMap(({ run, bytes }) => store.runs.find(run).map((record) => ({ record, kilobytes: Math.ceil(bytes / 1000) })))
    .filter(({ record }) => record.datasetId === dataset)
    .toSorted(({ record: a }, { record: b }) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
    .map(({ record, kilobytes }) => ({ ...askedOf(record), run: record.id, kilobytes, createdAt: minuteOf(record.createdAt) }));
}

/** What a replay was asked, as its inputs hold it. */
function askedOf({ inputs }: RunRecord): { readonly policy: string; readonly from: string; readonly to: string; readonly engine: string } {
  const { policy, from, to, engine } = inputs as Record<"from" | "to" | "engine", string> & {
    readonly policy: { readonly programme: string; readonly version: string };
  };
  return { policy: `${policy.programme} ${policy.version}`, from, to, engine };
}

async function leftOut(folder: string, list: "rejected" | "set-aside", { reasons }: LeftOutRows): Promise<LeftOut> {
  const examples = await readLeftOut(folder, list, { offset: 0, limit: rowsShown });
  return {
    reasons: reasons.map(({ code, count }) => ({ code, rows: count, words: wordsOf(code) })),
    examples: examples.map((row) => ({
      file: textOf(row["file"]),
      line: Number(row["line"] ?? row["row"] ?? 0),
      column: textOf(row["column"]),
      reason: textOf(row["reason"] ?? row["code"]),
    })),
  };
}

function columnsOf({ schema, quality }: DatasetManifest): readonly ColumnQuality[] {
  return schema.measures.map(({ name, title, kind, unit }) => {
    const found = quality.measures.find((measure) => measure.name === name);
    const quantile = (share: number) => found?.quantiles.find((entry) => entry.share === share)?.value;
    const [median, percentile99] = [quantile(0.5), quantile(0.99)];
    return {
      name,
      title,
      kind,
      unit,
      missingShare: found?.missingShare ?? 0,
      ...(found?.min === undefined ? {} : { minimum: found.min }),
      ...(median === undefined ? {} : { median }),
      ...(percentile99 === undefined ? {} : { percentile99 }),
      ...(found?.max === undefined ? {} : { maximum: found.max }),
      ...(found?.topOnePercentShare === undefined ? {} : { topPercentShare: found.topOnePercentShare }),
    };
  });
}

function ratesOf({ schema: { rates = [] } }: DatasetManifest): PageContexts["dataset"]["rates"] {
  return rates.map(({ to, dated }) => {
    const [from, until] = [dated[0], dated.at(-1)].map((rate) => formatDay(present(rate, "a rate").day));
    return { to, dates: dated.length, from: from ?? "", until: until ?? "" };
  });
}

function presenceOf({ quality }: DatasetManifest): PageContexts["dataset"]["presence"] {
  const first = new Map(quality.entitiesByFirstPeriod.map(({ period, entities }) => [period, entities]));
  const last = new Map(quality.entitiesByLastPeriod.map(({ period, entities }) => [period, entities]));
  return quality.entitiesByPeriod.map(({ period, entities }) => ({
    period,
    first: first.get(period) ?? 0,
    last: last.get(period) ?? 0,
    present: entities,
  }));
}

function labelsOf({ schema, quality, entities }: DatasetManifest): readonly LabelCoverage[] {
  return schema.outcomes.map(({ name, title, definition }) => {
    const found = quality.labels.find((label) => label.source === name);
    return {
      source: name,
      title,
      definition,
      labels: found?.labels ?? 0,
      harmful: found?.harmful ?? 0,
      fine: found?.fine ?? 0,
      pending: found?.pending ?? 0,
      entitiesShare: entities === 0 ? 0 : (found?.entities ?? 0) / entities,
    };
  });
}

/** From what the import recorded; nothing is read again. */
function qualityOf({ schema, quality, rows, liesIn }: DatasetManifest): PageContexts["dataset"]["quality"] {
  const measureOf = (name: string) => schema.measures.find((measure) => measure.name === name);
  const titleOf = (name: string) => measureOf(name)?.title ?? name;
  const volume = quality.measures.find(({ name }) => name === (schema.ordersMeasure ?? schema.gmvMeasure));
  return {
    columns: quality.measures.map(({ name, missingShare, zeroShare }) => ({ name, missing: missingShare, zero: zeroShare })),
    ...(volume === undefined || volume.quantiles.length < 2
      ? {}
      : { volume: { title: titleOf(volume.name), rows, maximum: volume.max ?? 0, quantiles: volume.quantiles } }),
    labels: (liesIn === undefined ? schema.outcomes : []).map(({ name, title }) => {
      const { labels = 0, fine = 0, harmful = 0, pending = 0 } = quality.labels.find(({ source }) => source === name) ?? {};
      return { source: name, title, labels, fine, harmful, pending };
    }),
    events: quality.events.map(({ kind, count }) => ({ title: schema.events.find(({ name }) => name === kind)?.title ?? kind, count })),
    jumps: quality.measures.flatMap(({ name, largestJump }) =>
      largestJump === undefined ? [] : [{ title: titleOf(name), unit: measureOf(name)?.unit ?? "", ...largestJump }],
    ),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function wordsOf(code: string): string {
  const known: Readonly<Record<string, { readonly meaning: string }>> = errorCatalogue;
  return known[code]?.meaning ?? code;
}
