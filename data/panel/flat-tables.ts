/** Writes FlatBuffers: tables of numbered fields, what a field points at always behind it. Source: the FlatBuffers binary format. */

/** What a table holds: fields by number, absent ones as undefined. */
export interface FlatTableForm {
  readonly fields: readonly (FlatField | undefined)[];
}

/** A number of so many bytes, or something that stands elsewhere. */
export type FlatField =
  | { readonly bytes: 1 | 2 | 4 | 8; readonly value: number }
  | { readonly text: string }
  | { readonly table: FlatTableForm }
  | { readonly tables: readonly FlatTableForm[] }
  /** Structs one behind the other, of 64-bit words. */
  | { readonly words: BigInt64Array; readonly wordsEach: number };

/** The bytes of a table and all that it points at, in whole groups of eight. */
export function flatBytes(root: FlatTableForm): Uint8Array {
  const writer = new FlatWriter();
  const rootPointer = writer.reserve(4, 4);
  writer.table(root, rootPointer);
  return writer.finish();
}

class FlatWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** A place of so many zeros whose address is a multiple of `align`. */
  reserve(bytes: number, align: number): number {
    const at = this.#length + ((align - (this.#length % align)) % align);
    this.#length = at + bytes;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  /** Writes a table, and its address into the pointer. Fields lie by size, so that each is aligned; where they lie stands before the table. */
  table({ fields }: FlatTableForm, pointer: number): void {
    const sizes = fields.map((field) => (field === undefined ? 0 : "bytes" in field ? field.bytes : 4));
    const offsets = sizes.map(() => 0);
    let size = 4;
    for (const bytes of [4, 8, 2, 1]) {
      for (const [index, each] of sizes.entries()) {
        if (each !== bytes) continue;
        size += (bytes - (size % bytes)) % bytes;
        offsets[index] = size;
        size += bytes;
      }
    }
    const layout = this.reserve(4 + 2 * fields.length, 2);
    const at = this.reserve(size, 8);
    this.#view.setUint16(layout, 4 + 2 * fields.length, true);
    this.#view.setUint16(layout + 2, size, true);
    for (const [index, offset] of offsets.entries()) this.#view.setUint16(layout + 4 + 2 * index, offset, true);
    this.#view.setInt32(at, at - layout, true);
    this.#point(pointer, at);
    for (const [index, field] of fields.entries()) if (field !== undefined) this.#field(field, at + (offsets[index] as number));
  }

  finish(): Uint8Array {
    this.reserve(0, 8);
    return this.#bytes.subarray(0, this.#length);
  }

  #field(field: FlatField, at: number): void {
    if ("bytes" in field) this.#number(field, at);
    else if ("table" in field) this.table(field.table, at);
    else if ("text" in field) this.#text(field.text, at);
    else if ("tables" in field) {
      const list = this.#list(field.tables.length, 4 * field.tables.length, 4, at);
      for (const [index, table] of field.tables.entries()) this.table(table, list + 4 * index);
    } else {
      const list = this.#list(field.words.length / field.wordsEach, field.words.byteLength, 8, at);
      for (const [index, word] of field.words.entries()) this.#view.setBigInt64(list + 8 * index, word, true);
    }
  }

  #number({ bytes, value }: { readonly bytes: 1 | 2 | 4 | 8; readonly value: number }, at: number): void {
    if (bytes === 8) this.#view.setBigInt64(at, BigInt(value), true);
    else if (bytes === 4) this.#view.setInt32(at, value, true);
    else if (bytes === 2) this.#view.setInt16(at, value, true);
    else this.#view.setUint8(at, value);
  }

  #text(text: string, pointer: number): void {
    const bytes = new TextEncoder().encode(text);
    // A zero ends it, which does not count.
    const list = this.#list(bytes.length, bytes.length + 1, 1, pointer);
    this.#bytes.set(bytes, list);
  }

  /** Room for a list behind its length; gives where its items begin. */
  #list(length: number, bytes: number, align: number, pointer: number): number {
    // The length stands in the four bytes before the items.
    let at = this.reserve(4, 4);
    if ((at + 4) % align !== 0) at = this.reserve(4, 4);
    this.#view.setUint32(at, length, true);
    this.#point(pointer, at);
    return this.reserve(bytes, 1);
  }

  #point(pointer: number, at: number): void {
    this.#view.setUint32(pointer, at - pointer, true);
  }
}
