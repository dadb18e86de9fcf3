/** Whether a later dataset bears the name of one that a page is about: what is shown is then older than the data. */
import type { DatasetRecord, RunRecord, Store } from "../../data/store/index.ts";
import { type NewerDataset, pagePaths } from "../../views/index.ts";
import { provenanceOf } from "../operations/index.ts";

/** The latest dataset of the same name whose rows lie here; undefined when that, or a later one whose rows lie elsewhere, is the dataset itself. */
export function newerThan(store: Store, { id, name }: DatasetRecord): DatasetRecord | undefined {
  const latest = store.datasets.find(name).find((each) => each.id === id || each.manifest.liesIn === undefined);
  return latest === undefined || latest.id === id || latest.name !== name ? undefined : latest;
}

/** What a page about a dataset says; undefined when the dataset is the latest of its name. `hrefOf`: the same question over the newer one. */
export function newerDataset(store: Store, dataset: string, hrefOf?: (id: string) => string): NewerDataset | undefined {
  const [own] = store.datasets.find(dataset);
  const newer = own === undefined ? undefined : newerThan(store, own);
  if (newer === undefined) return undefined;
  const { title, schema, entities, periods } = newer.manifest;
  return {
    id: newer.id,
    title,
    entity: schema.entity,
    entities,
    to: periods.to,
    ...(hrefOf === undefined ? {} : { href: hrefOf(newer.id) }),
  };
}

/** For the report of a run: the form with the same versions, over the newer dataset. */
export function newerDatasetOfRun(store: Store, run: RunRecord): NewerDataset | undefined {
  return newerDataset(store, run.datasetId, (id) => {
    const asked = new URLSearchParams({ dataset: id });
    for (const { role, policy } of provenanceOf(run).policies) asked.append(role, `${policy.programme}@${policy.version}`);
    for (const segment of (run.inputs["segments"] ?? []) as readonly string[]) asked.append("segment", segment);
    return `${pagePaths.compare()}?${asked.toString()}`;
  });
}
