/** What few entities bear: they are counted, and no finding is made of their shares. */
import { countOf, formatCount, formatNumber } from "../formats/index.ts";
import type { Facts } from "./facts.ts";

/** Below this many no share is a finding; the cell that groups need as well. */
export const fewEntities = 20;

/** A group with fewer than this is drawn, and not put into a title. */
export const fewInGroup = 10;

/** Below this many the page says how much a single one weighs. */
const smallFrame = 100;

/** One sentence under the answer of a small panel; empty for others. */
export function smallDataWords({ inFrame, one, many }: Facts): string {
  if (inFrame === 0 || inFrame >= smallFrame) return "";
  if (inFrame === 1) return `Only 1 ${one} is in the frame: this page tells what happens to it, and nothing of other ${many}.`;
  const points = `${formatNumber(100 / inFrame, 1)} points`;
  const few = inFrame < fewEntities;
  return `Only ${countOf(inFrame, one, many)} are in the frame, so that one of them is ${points} of every share: ${few ? "read counts; nothing here speaks of other" : "read intervals before shares, and be slow to speak of other"} ${many}.`;
}

/** A share in brackets beside its count, where there are enough for one: ` (13.9 %; ...)`. */
export function shareBeside(whole: number, words: string): string {
  return whole < fewEntities || words === "" ? "" : ` (${words})`;
}

/** `12 of 14`, or the share that is given where there are enough for one. */
export function partOrShare(part: number, whole: number, share: string): string {
  return whole < fewEntities ? `${formatCount(part)} of ${formatCount(whole)}` : share;
}
