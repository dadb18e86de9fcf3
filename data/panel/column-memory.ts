/** Memory for columns of files, one file after another. */
import { present } from "../foundation/index.ts";

/** Memory that files are read into again and again: the system need not give and clear it anew each time. */
export class ColumnMemory {
  readonly #free: ArrayBuffer[] = [];
  readonly #used: ArrayBuffer[] = [];

  /** So many bytes, with whatever was in them. */
  take(bytes: number): Uint8Array {
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    // A little more than is asked for, since files of a table differ a little in size.
    const buffer = at < 0 ? new ArrayBuffer(bytes + (bytes >> 4)) : present(this.#free.splice(at, 1)[0], "memory");
    this.#used.push(buffer);
    return new Uint8Array(buffer, 0, bytes);
  }

  /** Gives up everything that was read. */
  reset(): void {
    this.#free.push(...this.#used.splice(0));
    this.#free.sort((a, b) => a.byteLength - b.byteLength);
  }
}
