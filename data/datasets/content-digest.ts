/** The identity of a dataset: a digest of its content, whatever the format, row order or chunking that it came in. */
import { createHash, type Hash } from "node:crypto";
import { digestOfValue, present } from "../foundation/index.ts";
import type { PanelSchema, RejectedReason, StoredChunk } from "../panel/index.ts";
import type { MeasureFindings } from "./measure-account.ts";

/** What the digest covers besides the rows: whatever a report may print about the dataset. */
export interface DigestedDescription {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly hasTruth: boolean;
  readonly rejected: readonly RejectedReason[];
  readonly setAside?: readonly RejectedReason[];
}

/** Takes chunks in order, column by column, so that where chunks are cut is irrelevant. */
export class ContentDigest {
  readonly #columns = new Map<string, Hash>();
  readonly #schema: PanelSchema;

  constructor(schema: PanelSchema) {
    this.#schema = schema;
  }

  /** Adds the next chunk, all but its measures. Cost: one hash of its bytes. */
  add(chunk: StoredChunk): void {
    const { draft, events, outcomes } = chunk;
    this.#texts("entity", draft.entities);
    this.#numbers("first period", draft.firstPeriod);
    this.#numbers("rows", lengthsOf(draft.rowStart));
    this.#numbers("reported", draft.reported);
    this.#numbers("assigned tier", draft.assignedTier);
    for (const [index, attribute] of this.#schema.attributes.entries()) {
      this.#numbers(`attribute ${attribute.name}`, present(draft.attributes[index], attribute.name));
    }
    this.#numbers("events", lengthsOf(events.start));
    this.#numbers("event kind", events.kind);
    this.#numbers("event day", events.day);
    this.#numbers("event known", events.knownDay);
    this.#numbers("event points", events.points);
    this.#texts("event id", events.id);
    for (const [name, texts] of events.fields) this.addEventField(name, texts);
    this.#numbers("outcomes", lengthsOf(outcomes.start));
    this.#numbers("outcome source", outcomes.source);
    this.#numbers("outcome day", outcomes.day);
    this.#numbers("outcome known", outcomes.knownDay);
    this.#numbers("outcome harmful", outcomes.harmful);
    this.#numbers("outcome probability", outcomes.probability);
  }

  /** Adds a column of kept versions, the next chunk's part. */
  addVersions(name: string, values: Float64Array | Int32Array): void {
    this.#numbers(`version ${name}`, values);
  }

  /** Adds a text field of the events, the next chunk's part. No field's name is that of another event column, so `event <name>` is free. */
  addEventField(name: string, texts: readonly string[]): void {
    this.#texts(`event ${name}`, texts);
  }

  /** The digest of all that was added, with the measures' own digests and the description. Call it once. */
  finish(description: DigestedDescription, measures: readonly Pick<MeasureFindings, "name" | "digest">[]): string {
    const columns = Object.fromEntries([...this.#columns].map(([name, hash]) => [name, hash.digest("hex")]));
    for (const { name, digest } of measures) columns[`measure ${name}`] = digest;
    return digestOfValue({ format: 1, ...description, schema: this.#schema, columns });
  }

  #numbers(name: string, values: Float64Array | Int32Array | Uint8Array | Int8Array): void {
    this.#hash(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  #texts(name: string, texts: readonly string[]): void {
    if (texts.length > 0) this.#hash(name).update(`${texts.map((text) => JSON.stringify(text)).join("\n")}\n`);
  }

  #hash(name: string): Hash {
    let hash = this.#columns.get(name);
    if (hash === undefined) {
      hash = createHash("sha256");
      this.#columns.set(name, hash);
    }
    return hash;
  }
}

function lengthsOf(start: Int32Array): Int32Array {
  return Int32Array.from({ length: start.length - 1 }, (_, i) => (start[i + 1] as number) - (start[i] as number));
}
