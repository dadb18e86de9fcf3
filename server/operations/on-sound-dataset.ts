/** Work that reads a frozen dataset: when it fails because the files are damaged, it says so instead of calling it our bug. */
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { DatasetRecord } from "../../data/store/index.ts";

/**
 * Does the work. When it fails, the dataset's files are held against their digest: when they are damaged, that is the fault.
 *
 * @throws InputRefused `damaged-dataset`; otherwise what the work threw. Cost of a failure: one read and one hash of the dataset.
 */
export async function onSoundDataset<Result>(record: DatasetRecord, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (record.manifest.liesIn !== undefined || !couldBeDamage(error)) throw error;
    const { verifyDataset } = await import("../../data/datasets/index.ts");
    const [damage] = verifyDataset(record.folder);
    if (damage === undefined) throw error;
    const { message: what } = damage;
    const message = what.includes(record.folder) ? what : `${what}; its files are in ${record.folder}`;
    throw new InputRefused([diagnose("damaged-dataset", { message, found: record.id })]);
  }
}

/** Numbers that are garbage pass limits that whole ones keep. */
function couldBeDamage(error: unknown): boolean {
  return !(error instanceof InputRefused) || error.diagnostics.some(({ code }) => code === "limit-exceeded");
}
