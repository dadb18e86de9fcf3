/** Texts as small integers, straight from the bytes of a file: keys and words that stand in many rows. */

/** Every text that was met, as bytes one behind the other: text i from starts[i] to starts[i + 1] - 1. */
export interface CodedTexts {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
}

/** Gives each text the next integer when it is first met. Open addressing; no string is made. */
export class TextCodes {
  #bytes = new Uint8Array(4096);
  #starts = new Int32Array(1024);
  #slots = new Int32Array(2048).fill(-1);
  #count = 0;

  /** The code of the text that stands in `source` from `from` to `to` - 1. */
  codeOf(source: Uint8Array, from: number, to: number): number {
    const length = to - from;
    const mask = this.#slots.length - 1;
    let slot = hashOf(source, from, to) & mask;
    for (let code = this.#slots[slot] as number; code >= 0; code = this.#slots[slot] as number) {
      const start = this.#starts[code] as number;
      if ((this.#starts[code + 1] as number) - start === length && isSame(source, from, this.#bytes, start, length)) return code;
      slot = (slot + 1) & mask;
    }
    return this.#add(source, from, to, slot);
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** All of them, by code. */
  finish(): CodedTexts {
    const end = this.#starts[this.#count] as number;
    return { bytes: this.#bytes.slice(0, end), starts: this.#starts.slice(0, this.#count + 1) };
  }

  #add(source: Uint8Array, from: number, to: number, slot: number): number {
    const code = this.#count++;
    const start = this.#starts[code] as number;
    const end = start + to - from;
    if (end > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(end, 2 * this.#bytes.length)));
    if (code + 2 > this.#starts.length) this.#starts = grown(this.#starts, new Int32Array(2 * this.#starts.length));
    this.#bytes.set(source.subarray(from, to), start);
    this.#starts[code + 1] = end;
    this.#slots[slot] = code;
    if (2 * this.#count > this.#slots.length) this.#spread();
    return code;
  }

  #spread(): void {
    const slots = new Int32Array(2 * this.#slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let code = 0; code < this.#count; code++) {
      let slot = hashOf(this.#bytes, this.#starts[code] as number, this.#starts[code + 1] as number) & mask;
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
    this.#slots = slots;
  }
}

/** The texts by code, read as every other reading does it: doubled quotes are one, and spaces at either end go. */
export function textsOfCodes({ bytes, starts }: CodedTexts): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = view.toString("utf8");
  const isAscii = whole.length === bytes.length;
  const mayBeTrimmed = !isAscii || /[ "]/.test(whole);
  return Array.from({ length: starts.length - 1 }, (_, code) => {
    const [start, end] = [starts[code] as number, starts[code + 1] as number];
    const text = isAscii ? whole.slice(start, end) : view.toString("utf8", start, end);
    return mayBeTrimmed ? trimmed(text.replaceAll('""', '"')) : text;
  });
}

/** Without spaces of any kind (Unicode Zs) at either end. */
export function trimmed(text: string): string {
  return text.replace(/^\p{Zs}+|\p{Zs}+$/gu, "");
}

/** FNV-1a, folded. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = -2_128_831_035;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 16_777_619);
  return hash ^ (hash >>> 15);
}

function isSame(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (left[leftAt + i] !== right[rightAt + i]) return false;
  return true;
}

function grown<Values extends Uint8Array | Int32Array>(values: Values, larger: Values): Values {
  larger.set(values);
  return larger;
}
