/** The weights of a block of pooled rows in one replicate. */
import { type PoissonTable, poissonCount, poissonTable } from "./poisson-table.ts";
import { readWords } from "./replicate-words.ts";

/** Rows that are drawn together: as many as the nearest cache holds beside their weights. Part of the method: words are read by block. */
export const blockRowsMax = 2048;

/** A replicate's stream: four words of `streams`, from `at` on. */
export interface ReplicateStream {
  readonly streams: Int32Array;
  readonly at: number;
}

const words = new Int32Array(blockRowsMax);

/** Writes the weights of rows of several entities; gives their sum. */
export function drawCounts({ streams, at }: ReplicateStream, tables: readonly PoissonTable[], weights: Float64Array): number {
  readWords(streams, at, words, tables.length);
  let total = 0;
  for (let row = 0; row < tables.length; row++) {
    const weight = poissonCount(tables[row] as PoissonTable, words[row] as number);
    weights[row] = weight;
    total += weight;
  }
  return total;
}

const ofOne = poissonTable(1);
const unsettled = 128;

/** By leading byte of a word: its Poisson(1) count, or `unsettled` where the other bits decide. */
const countsByByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  const least = poissonCount(ofOne, byte << 24);
  return least === poissonCount(ofOne, (byte << 24) | 0xff_ffff) ? least : unsettled;
});

/**
 * Writes the weights of rows of one entity; gives their sum. The plain version: the bytes of the block's words, lowest first, are
 * leading bytes of draws; after the block's words each unsettled row, in order, reads one whose upper three bytes are the other bits.
 */
export function drawOnes(stream: ReplicateStream, length: number, weights: Float64Array): number {
  readWords(stream.streams, stream.at, words, (length + 3) >>> 2);
  let total = 0;
  for (let row = 0; row < length; row += 4) {
    const word = words[row >>> 2] as number;
    let first = countsByByte[word & 255] as number;
    let second = countsByByte[(word >>> 8) & 255] as number;
    let third = countsByByte[(word >>> 16) & 255] as number;
    let fourth = countsByByte[word >>> 24] as number;
    if ((first | second | third | fourth) >= unsettled || row + 4 > length) {
      first = settled(stream, first, word);
      second = row + 1 < length ? settled(stream, second, word >>> 8) : 0;
      third = row + 2 < length ? settled(stream, third, word >>> 16) : 0;
      fourth = row + 3 < length ? settled(stream, fourth, word >>> 24) : 0;
    }
    weights[row] = first;
    weights[row + 1] = second;
    weights[row + 2] = third;
    weights[row + 3] = fourth;
    total += first + second + third + fourth;
  }
  return total;
}

const otherBits = new Int32Array(1);

function settled({ streams, at }: ReplicateStream, count: number, byte: number): number {
  if (count !== unsettled) return count;
  readWords(streams, at, otherBits, 1);
  return poissonCount(ofOne, (byte << 24) | ((otherBits[0] as number) >>> 8));
}
