/** Files that a caller names for a result: looked at before the work, written whole or not at all. */
import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "the file system can only be read",
  ENOSPC: "no space is left on the device",
  EDQUOT: "this user's share of the device is used up",
  EFBIG: "the file would be larger than the system allows",
  EIO: "the device fails",
  ENOENT: "the folder does not exist",
  ENOTDIR: "a part of the path is no folder",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is longer than the file system allows",
  ELOOP: "its links lead round in a circle",
};

/**
 * The ending of a path without its dot, in small letters. @throws InputRefused `output-unwritable` when it is none of the known ones.
 */
export function endingOf<Ending extends string>(path: string, known: readonly Ending[]): Ending {
  const ending = known.find((one) => `.${one}` === extname(path).toLowerCase());
  if (ending !== undefined) return ending;
  const expected = known.map((one) => `.${one}`).join(", ");
  throw new InputRefused([diagnose("output-unwritable", { message: `'${path}' does not end in ${expected}`, found: path, expected })]);
}

/**
 * Looks whether a file can be written, before work is done that would be in vain. Gives the path of the file itself where it is a link.
 * Devices are refused: a file that is put in its place whole would replace them.
 *
 * @throws InputRefused `output-unwritable`.
 */
export function requireWritable(path: string): string {
  return writing(path, () => {
    accessSync(dirname(path), constants.W_OK);
    if (!statSync(dirname(path)).isDirectory()) throw unwritable(path, reasons["ENOTDIR"] ?? "");
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined) return path;
    if (status.isDirectory()) throw unwritable(path, reasons["EISDIR"] ?? "");
    if (!status.isFile()) throw unwritable(path, "it is a device, not a file");
    accessSync(path, constants.W_OK);
    return realpathSync(path);
  });
}

/** Writes a text, or bytes, whole or not at all. @throws InputRefused `output-unwritable`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const place = requireWritable(path);
  const part = `${place}.${process.pid}.part`;
  writing(path, () => {
    try {
      writeFileSync(part, content);
      renameSync(part, place);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

/** Does work that writes; what the system refuses becomes a fault of the path. @throws InputRefused `output-unwritable`. */
export function writing<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw writeFault(path, error);
  }
}

/** The fault of the path when the system refused to write, else the error itself. */
export function writeFault(path: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const reason = "code" in error && typeof error.code === "string" ? reasons[error.code] : undefined;
  if (reason !== undefined) return unwritable(path, reason);
  // DuckDB passes the system's words on.
  return /no space left/i.test(error.message) ? unwritable(path, reasons["ENOSPC"] ?? "") : error;
}

function unwritable(path: string, reason: string): InputRefused {
  return new InputRefused([diagnose("output-unwritable", { message: `'${path}' cannot be written: ${reason}`, found: path })]);
}
