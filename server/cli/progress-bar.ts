/** A bar that shows how far long work is; on a terminal only. */
import type { JobProgress } from "../../data/store/index.ts";
import type { TextSink } from "./streams.ts";

const barCells = 24;

/** Draws on one line of the stream, over and over; draws nothing when the stream is no terminal. */
export function progressBar(stream: TextSink): { readonly show: (progress: JobProgress) => void; readonly clear: () => void } {
  const isTerminal = stream.isTTY === true;
  return {
    show: (progress) => {
      if (isTerminal) stream.write(`\r${progressLine(progress, stream.columns ?? 80)}\u001b[K`);
    },
    clear: () => {
      if (isTerminal) stream.write("\r\u001b[K");
    },
  };
}

/**
 * One line: bar, share, what is done.
 *
 * @example
 * progressLine({ stage: "Replaying", done: 6, total: 12 }, 80)
 * // => "[############            ]  50 %  Replaying"
 */
export function progressLine({ stage, done, total }: JobProgress, columns: number): string {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const filled = Math.floor(share * barCells);
  const percent = total > 0 ? `${String(Math.floor(share * 100)).padStart(3)} %` : "     ";
  return `[${"#".repeat(filled)}${" ".repeat(barCells - filled)}] ${percent}  ${stage}`.slice(0, columns - 1);
}
