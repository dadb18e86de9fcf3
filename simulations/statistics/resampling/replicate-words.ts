/** Random words for the replicates of a resampling: each replicate has a stream of its own, read in blocks. */
import { randomStream } from "../../../data/foundation/index.ts";

/**
 * The start of the streams of replicates `from` to `to` - 1 under a seed: four words each, one after the other. A stream depends on
 * seed and replicate only, so that any split of the replicates reads the same words. The words of a start are the replicate's number,
 * scrambled by keys that the seed's own stream gives.
 */
export function replicateStreams(options: { readonly seed: number; readonly from: number; readonly to: number }): Int32Array {
  const stream = randomStream(options.seed, "entity bootstrap");
  const keys = Int32Array.from({ length: 8 }, () => stream.below(4_294_967_296));
  const starts = new Int32Array(4 * (options.to - options.from));
  for (let at = 0; at < starts.length; at++) {
    const replicate = options.from + (at >>> 2);
    const word = at & 3;
    starts[at] = scramble((keys[word] as number) ^ scramble((keys[4 + word] as number) + replicate));
    // All four words 0 would stay 0 for ever.
    if (word === 3) starts[at] = (starts[at] as number) | 1;
  }
  return starts;
}

/**
 * Writes the next `count` words of the stream whose four words begin at `at`, and moves the stream on. xoshiro128** (Blackman and
 * Vigna 2018), as in `randomStream`; here the
 * state stays in registers for a whole block.
 */
export function readWords(streams: Int32Array, at: number, words: Int32Array, count: number): void {
  let a = streams[at] as number;
  let b = streams[at + 1] as number;
  let c = streams[at + 2] as number;
  let d = streams[at + 3] as number;
  for (let i = 0; i < count; i++) {
    const x = Math.imul(b, 5);
    words[i] = Math.imul((x << 7) | (x >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
  }
  streams[at] = a;
  streams[at + 1] = b;
  streams[at + 2] = c;
  streams[at + 3] = d;
}

/** A permutation of the 32-bit words in which every bit of the result hangs on every bit given (Appleby 2011, MurmurHash3's finaliser). */
function scramble(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85eb_ca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2_ae35);
  return x ^ (x >>> 16);
}
