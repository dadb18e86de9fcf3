/** What a caller gives as the path of a text file, or as the text itself with the name to show for it. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { checkLimit, diagnose, InputRefused } from "../../data/foundation/index.ts";
import { readTextFile } from "../../policies/language/index.ts";
import type { OperationContext } from "./operation.ts";

/** A text with the name that places in it bear. */
export interface GivenText {
  readonly file: string;
  readonly text: string;
}

/**
 * The text that is meant. What is no text comes with signs that whoever reads it refuses, with their place. @throws InputRefused `path-refused`, `file-not-found`, `unreadable-file`, `limit-exceeded`.
 */
export function readGiven(source: string | GivenText, context: Pick<OperationContext, "reads">): GivenText {
  if (typeof source !== "string") return source;
  requireFile(source, context);
  const breach = checkLimit("policyFileBytes", statSync(source).size, { file: source, line: 1, column: 1 });
  if (breach !== undefined) throw new InputRefused([breach]);
  return { file: source, text: (readTextFile(source) ?? "").replace(/^\uFEFF/, "") };
}

/** Leaves when a file may be named, is there and can be read. @throws InputRefused `path-refused`, `file-not-found`, `unreadable-file`. */
export function requireFile(path: string, { reads }: Pick<OperationContext, "reads">): void {
  if (reads !== "any file")
    throw new InputRefused([diagnose("path-refused", { message: `'${path}' names a file of the server`, found: path })]);
  const place = { file: path, line: 1, column: 1 };
  if (!existsSync(path))
    throw new InputRefused([
      diagnose("file-not-found", { message: `there is no file '${path}'`, found: path, place, cure: "Check the path." }),
    ]);
  const refuse = (what: string, cure: string) =>
    new InputRefused([diagnose("unreadable-file", { message: `'${path}' ${what}`, found: path, place, cure })]);
  const status = statSync(path);
  if (status.isDirectory()) throw refuse("is a folder", "Name a file in it.");
  if (!status.isFile()) throw refuse("is no ordinary file", "Name a file.");
  if (!mayRead(path)) throw refuse("may not be read by this program", "Give it the right to read the file, or name a copy.");
}

/** Whether this program has the right to read a file. */
export function mayRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
