/** What the pages that list entities are told, with hostile words in every name. */
import type { DatasetSummary, MovementCellContext, PageOfList, RunSummary, SearchContext } from "../../views/index.ts";
import { rightToLeft } from "./entity-samples.ts";

type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Full<T[Key]> }
    : T;

const page: Full<PageOfList> = { first: 26, last: 27, all: 1300, before: "/search?q=a&offset=0", after: "/search?q=a&offset=50" };

/** A cell of a matrix, with entities and without; a search that finds, finds nothing, is wrong, and is not asked yet. */
export function listSamples(
  run: Full<RunSummary>,
  dataset: Full<DatasetSummary>,
  entity: string,
  hostile: string,
): {
  readonly "movement-cell": readonly Full<MovementCellContext>[];
  readonly search: readonly Full<SearchContext>[];
} {
  const cell: Full<MovementCellContext> = {
    notices: [],
    run,
    entityKind: "seller",
    grain: "week",
    at: "2018-08-26",
    baseline: "1.0.0",
    candidate: "2.0.0",
    from: `gold ${hostile}`,
    to: `watch ${hostile}`,
    hasMoney: true,
    currency: "USD",
    page,
    entities: [entity, rightToLeft].map((name) => ({
      entity: name,
      gmv: 1_234_500,
      baselineScore: 90.5,
      candidateScore: 61,
      reason: `Late share is 6.4 % under 2.0.0. ${hostile}`,
    })),
    csvPage: "/runs/r1/movement/gold/watch/entities.csv?offset=25&limit=25&reasons=true",
    csvAll: "/runs/r1/movement/gold/watch/entities.csv",
    csvAllWords: "CSV of all",
  };
  const found: Full<SearchContext> = {
    notices: [],
    q: hostile,
    isAsked: true,
    isSearched: true,
    problem: `Too short: ${hostile}`,
    looked: `Looked in 2 datasets. ${hostile}`,
    page,
    hits: [entity, rightToLeft].map((name) => ({
      entity: name,
      kind: "seller",
      dataset: { id: dataset.id, title: dataset.title },
      match: `Category: toys ${hostile}`,
      standings: [
        {
          name: `1.0.0 to 2.0.0 ${hostile}`,
          href: `/runs/${run.id}/entities/a`,
          words: `1.0.0: gold; 2.0.0: watch ${hostile}`,
        },
      ],
    })),
  };
  return {
    "movement-cell": [cell, { ...cell, entities: [] }],
    search: [found, { ...found, hits: [] }, { ...found, hits: [], isSearched: false }, { ...found, isAsked: false }],
  };
}
