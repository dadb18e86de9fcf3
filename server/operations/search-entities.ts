/** Looks for entities in the datasets of a home: by id, then by what they are described by. Reads keys and dictionaries, never the rows of a panel. */
import { type EntityList, readEntityList, requireRows } from "../../data/panel/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";
import { entityName } from "./find-entity.ts";

/** How an entity matches, best first. */
const ways = ["exact", "prefix", "infix", "attribute"] as const;

/** One entity that was found. */
export interface EntityHit {
  readonly dataset: DatasetRecord;
  readonly chunk: number;
  /** Its position in the chunk. */
  readonly position: number;
  readonly entity: string;
  readonly way: (typeof ways)[number];
  /** `Category: toys`; of ids in words. */
  readonly match: string;
}

/** A page of what was found. */
export interface FoundEntities {
  readonly total: number;
  readonly hits: readonly EntityHit[];
}

/** Which page. */
interface WantedPage {
  readonly offset: number;
  readonly limit: number;
}

/** The text as it is compared: composed, in small letters. */
function foldedText(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/**
 * Whole ids first, then those that begin so, then those that have it somewhere, then attributes; within each the datasets as given, then the panel's
 * order. Every dataset is looked through to its end, so that the count is right; only the hits of the page are described.
 * Cost: the keys of all entities; the codes of an attribute only where one of its values matches.
 */
export function searchEntities(datasets: readonly DatasetRecord[], typed: string, { offset, limit }: WantedPage): FoundEntities {
  const wanted = foldedText(typed.trim());
  const found: Record<(typeof ways)[number], EntityHit[]> = { exact: [], prefix: [], infix: [], attribute: [] };
  const counts = { exact: 0, prefix: 0, infix: 0, attribute: 0 };
  const most = offset + limit;
  for (const dataset of datasets) {
    const { schema, chunks } = dataset.manifest;
    const values = valuesWith(dataset, wanted);
    requireRows(dataset.manifest);
    for (const chunk of chunks.keys()) {
      const list = readEntityList(dataset.folder, schema, chunk);
      const described = describedBy(list, values);
      for (const [position, key] of list.entities.entries()) {
        const entity = entityName(key);
        const way = wayOf(foldedText(entity), wanted) ?? (described(position) === undefined ? undefined : "attribute");
        if (way === undefined) continue;
        counts[way]++;
        // No page reaches further into one way than its own end.
        if (found[way].length >= most) continue;
        found[way].push({
          dataset,
          chunk,
          position,
          entity,
          way,
          match: way === "attribute" ? (described(position) ?? "") : idWords[way],
        });
      }
    }
  }
  const total = ways.reduce((sum, way) => sum + counts[way], 0);
  return {
    total,
    hits: pageOver(
      ways.map((way) => ({ kept: found[way], count: counts[way] })),
      { offset, limit },
    ),
  };
}

const idWords = { exact: "its id", prefix: "its id begins so", infix: "its id has it" } as const;

function wayOf(key: string, wanted: string): Exclude<(typeof ways)[number], "attribute"> | undefined {
  const at = key.indexOf(wanted);
  if (at < 0) return undefined;
  if (at > 0) return "infix";
  return key.length === wanted.length ? "exact" : "prefix";
}

/** One attribute that has values with the text in them. */
interface MatchingValues {
  readonly attribute: number;
  readonly title: string;
  readonly texts: ReadonlyMap<number, string>;
}

function valuesWith({ manifest: { schema } }: DatasetRecord, wanted: string): readonly MatchingValues[] {
  return schema.attributes.flatMap(({ title, values = [], type }, attribute) => {
    if (type !== "text") return [];
    const texts = new Map([...values.entries()].filter(([, value]) => foldedText(value).includes(wanted)));
    return texts.size === 0 ? [] : [{ attribute, title, texts }];
  });
}

/** Of each entity of a chunk, the first attribute whose value matches, in words. */
function describedBy(list: EntityList, values: readonly MatchingValues[]): (position: number) => string | undefined {
  const columns = values.map(({ attribute, title, texts }) => ({ codes: list.codesOf(attribute), title, texts }));
  return (position) => {
    for (const { codes, title, texts } of columns) {
      const value = texts.get(codes[position] ?? -1);
      if (value !== undefined) return `${title}: ${value}`;
    }
    return undefined;
  };
}

/** A stretch of several lists one behind the other, each counted whole and kept as far as any page reaches. */
function pageOver(
  lists: readonly { readonly kept: readonly EntityHit[]; readonly count: number }[],
  { offset, limit }: WantedPage,
): readonly EntityHit[] {
  const hits: EntityHit[] = [];
  let skipped = 0;
  for (const { kept, count } of lists) {
    const from = Math.max(0, offset - skipped);
    hits.push(...kept.slice(from, from + limit - hits.length));
    skipped += count;
    if (hits.length >= limit) break;
  }
  return hits;
}
