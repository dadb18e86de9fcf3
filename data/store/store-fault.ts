/** From what the system says of a home that cannot be used to a fault with its place and cure. */
import { type Diagnostic, diagnose, InputRefused } from "../foundation/index.ts";

const systemFaults: Readonly<Record<string, string>> = {
  EACCES: "this user may not use it",
  EPERM: "this user may not use it",
  EROFS: "it is on a file system that can only be read",
  ENOSPC: "no space is left on the device",
  EDQUOT: "this user's share of the device is used up",
  EIO: "the device fails",
  ENOENT: "a folder on the way to it cannot be made",
  ENOTDIR: "a file stands where a folder is needed",
  EEXIST: "a file stands where a folder is needed",
};

const sqliteFaults: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: "it cannot be opened",
  SQLITE_READONLY: "it cannot be written",
  SQLITE_PERM: "this user may not use it",
  SQLITE_FULL: "no space is left on the device",
  SQLITE_IOERR: "the device fails, or no space is left on it",
  SQLITE_BUSY: "another program has held it for more than ten seconds",
  SQLITE_LOCKED: "another program has held it for more than ten seconds",
};

/**
 * The diagnostic of an error that a store gave: `catalogue-damaged` or `home-unusable`, the file first. Undefined when the error says
 * nothing of the home: then it is our bug.
 */
export function storeFault(error: unknown, file: string): Diagnostic | undefined {
  const code = codeOf(error);
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT"))
    return diagnose("catalogue-damaged", { message: `${file} cannot be read: ${messageOf(error)}`, found: code });
  const sqlite = Object.keys(sqliteFaults).find((known) => code === known || code.startsWith(`${known}_`));
  const reason = sqlite === undefined ? undefined : sqliteFaults[sqlite];
  return reason === undefined ? undefined : diagnose("home-unusable", { message: `${file}: ${reason}`, found: code });
}

/** Does what touches the folder of a home. @throws InputRefused `home-unusable` when the system refuses it. */
export function onHomeFolder<Result>(home: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error);
    const reason = systemFaults[code];
    if (reason === undefined) throw error;
    throw new InputRefused([diagnose("home-unusable", { message: `the home ${home} cannot be used: ${reason}`, found: code })]);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
