/** `entity find`: entities of all datasets by id and by what they are described by, and where they stand in the latest runs. */
import { z } from "zod";
import type { DatasetRecord, RunRecord, Store } from "../../data/store/index.ts";
import { requireText, type StandingInRun, standingsOf } from "./entity-standings.ts";
import { onSoundDataset } from "./on-sound-dataset.ts";
import { defineOperation } from "./operation.ts";
import { resolveDataset } from "./resolve.ts";
import { type EntityHit, searchEntities } from "./search-entities.ts";
import { datasetNameShape } from "./shapes.ts";
import { provenanceOf } from "./stored-comparison.ts";
import { textTable } from "./text-table.ts";

/** The latest are looked through; more would keep a reader waiting. */
const datasetsMost = 20;
const [runsEach, runsLooked] = [3, 200];

export const entityFindShape = z.object({
  text: z.string(),
  total: z.number().int().describe("All that were found"),
  offset: z.number().int(),
  datasets: z.array(z.string()).describe("Ids of the datasets that were looked through, the latest import first"),
  datasetsLeftOut: z.number().int().describe("Datasets that were not: only the latest are, of those whose rows lie here"),
  hits: z
    .array(
      z.object({
        entity: z.string(),
        kind: z.string(),
        dataset: z.object({ id: z.string(), title: z.string() }),
        match: z.string().describe("Its id, or the attribute with its value"),
        standings: z
          .array(
            z.object({
              run: z.string(),
              programme: z.string(),
              to: z.string(),
              tiers: z.array(
                z.object({
                  version: z.string(),
                  role: z.enum(["baseline", "candidate"]),
                  tier: z.string().optional().describe("Absent where the version compares with others; empty where it is not in the frame"),
                }),
              ),
            }),
          )
          .describe(
            "In the latest comparisons on the dataset, at the end of their range; of those with the same versions and end the latest",
          ),
      }),
    )
    .describe("Whole ids first, then those that begin so, then those that have it somewhere, then attributes"),
});

/** What a search gave. */
export type FoundEntity = z.output<typeof entityFindShape>;

export const entityFind = defineOperation({
  name: "entity find",
  summary:
    "Looks for entities in all datasets by id or by what they are described by, and says where they stand in the latest comparisons.",
  input: z.strictObject({
    text: z
      .string()
      .min(1)
      .max(200)
      .describe("Any part of an id or of the text of an attribute; large and small letters are alike")
      .meta({ examples: ["S0000001"] }),
    dataset: datasetNameShape.optional().describe("Only this dataset; the latest twenty by default"),
    offset: z.number().int().min(0).max(100_000).default(0).describe("Hits to skip"),
    limit: z.number().int().min(1).max(100).default(20).describe("Hits to give at most"),
  }),
  output: entityFindShape,
  isHeavy: true,
  command: { arguments: ["text"] },
  route: { method: "get", path: "/api/entities" },
  admit: ({ text }) => requireText(text),
  perform: async ({ text, dataset: named, offset, limit }, { store }) => {
    requireText(text);
    const all = named === undefined ? latestFirst(store) : [resolveDataset(store, named)];
    const looked = (named === undefined ? all.filter(({ manifest }) => manifest.liesIn === undefined) : all).slice(0, datasetsMost);
    const { total, hits } = await soundly(looked, () => searchEntities(looked, text, { offset, limit }));
    const standings = await standingsIn(store, hits);
    return {
      text,
      total,
      offset,
      datasets: looked.map(({ id }) => id),
      datasetsLeftOut: all.length - looked.length,
      hits: hits.map((hit) => ({
        entity: hit.entity,
        kind: hit.dataset.manifest.schema.entity,
        dataset: { id: hit.dataset.id, title: hit.dataset.manifest.title },
        match: hit.match,
        standings: [...(standings.get(hit) ?? [])].map(({ tiers, ...standing }) => ({ ...standing, tiers: [...tiers] })),
      })),
    };
  },
  print: ({ text, total, offset, hits, datasetsLeftOut }) => {
    const rest = datasetsLeftOut === 0 ? "" : `; not looked through, older or without rows here: ${datasetsLeftOut} of the datasets`;
    if (hits.length === 0) return `${total === 0 ? `Nothing has '${text}' in it` : `${total} found, none from ${offset + 1} on`}${rest}`;
    const rows = hits.map(({ entity, dataset, match, standings }) => [entity, dataset.id, match, sayStanding(standings[0])]);
    return [
      `${total} found, ${offset + 1} to ${offset + hits.length}${rest}:`,
      textTable(["entity", "dataset", "by", "latest run"], rows),
    ].join("\n");
  },
});

/** `1.0.0, 1.1.0: gold; 2.0.0: watch`. */
export function sayStanding(standing: Pick<FoundEntity["hits"][number]["standings"][number], "tiers"> | undefined): string {
  if (standing === undefined) return "";
  const versions = new Map<string, string[]>();
  for (const { version, tier } of standing.tiers) {
    const words = tier === undefined ? "compares with others, see its page" : tier === "" ? "not in the frame" : tier;
    versions.set(words, [...(versions.get(words) ?? []), version]);
  }
  return [...versions].map(([words, those]) => `${those.join(", ")}: ${words}`).join("; ");
}

function latestFirst(store: Store): readonly DatasetRecord[] {
  return store.datasets
    .list()
    .toSorted((a, b) => (a.registeredAt < b.registeredAt ? 1 : a.registeredAt > b.registeredAt ? -1 : a.id < b.id ? -1 : 1));
}

/** Of those with the same versions and the same end, in which everyone stands alike, the first: with other seeds, assumptions or code they say the same here. */
function withoutTheSame(runs: readonly RunRecord[]): readonly RunRecord[] {
  const told = runs.map((run) => [...provenanceOf(run).policies.map(({ policy }) => policy.digest), String(run.inputs["to"])].join(" "));
  return runs.filter((_, index) => told.indexOf(told[index] ?? "") === index);
}

/** Damage of any of the datasets is said as such. */
async function soundly<Result>(datasets: readonly DatasetRecord[], work: () => Result): Promise<Result> {
  const [first, ...rest] = datasets;
  return first === undefined ? work() : await onSoundDataset(first, () => soundly(rest, work));
}

async function standingsIn(store: Store, hits: readonly EntityHit[]): Promise<ReadonlyMap<EntityHit, readonly StandingInRun[]>> {
  const runs = store.runs.list(runsLooked).filter(({ kind }) => kind === "comparison");
  const standings = new Map<EntityHit, readonly StandingInRun[]>();
  for (const dataset of new Set(hits.map((hit) => hit.dataset))) {
    const own = hits.filter((hit) => hit.dataset === dataset);
    const latest = withoutTheSame(runs.filter(({ datasetId }) => datasetId === dataset.id)).slice(0, runsEach);
    const found = await onSoundDataset(dataset, () => standingsOf(dataset, own, latest));
    for (const [hit, standing] of found) standings.set(hit, standing);
  }
  return standings;
}
