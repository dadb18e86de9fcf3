/** Content digests: the identity of policies, datasets and runs. */
import { createHash, webcrypto } from "node:crypto";
import { createReadStream } from "node:fs";

/** SHA-256 of text (as UTF-8) or bytes, in lower-case hexadecimal (64 digits). */
export function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The same of a file's bytes, read block by block: of any size. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(block as Buffer);
  return hash.digest("hex");
}

/** The same of bytes that are copied at once and digested beside this thread. Cost here: the copy. */
export async function digestBeside(content: ArrayBufferView<ArrayBuffer>): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", content)).toString("hex");
}

/**
 * JSON with object keys sorted at every depth, so that equal values give equal bytes. Undefined fields are left out.
 *
 * @example
 * canonicalJson({ b: 1, a: [2, { d: undefined, c: 3 }] })
 * // => '{"a":[2,{"c":3}],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sortKeys(value));
}

/** The digest of a value's canonical JSON. */
export function digestOfValue(value: unknown): string {
  return digestOf(canonicalJson(value));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, child]) => child !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}
