/** A file that a page sends as the whole body of a request: written to the home's disk, and gone when the work on it is done. */
import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { diagnose, InputRefused, type LimitName, limits } from "../../data/foundation/index.ts";
import { Withdrawn } from "../jobs/index.ts";
import { withWorkFolder } from "../operations/index.ts";
import { tooLargeBody } from "./guards.ts";

/** The kind of such a body. */
const kind = "application/octet-stream";

/** Files that are being sent or worked on. */
let taken = 0;

/**
 * Does something with the file: where it lies, and the name that it had where it came from, by the query's `called`. @throws InputRefused `unsupported-media-type`,
 * `limit-exceeded` as soon as the body is longer than the limit, `queue-full` where as many are taken as may be at once, `cannot-write`.
 */
export async function withUploadedFile<T>(
  request: Request,
  response: Response,
  { home, limit }: { readonly home: string; readonly limit: LimitName },
  use: (file: { readonly path: string; readonly called: string }) => Promise<T>,
): Promise<T> {
  const type = request.headers["content-type"];
  if (request.is(kind) === false) {
    const details = { message: `the body is '${type ?? "of no kind"}'`, found: type ?? "", expected: kind };
    throw new InputRefused([diagnose("unsupported-media-type", details)]);
  }
  const requireWithin = (bytes: number): void => {
    const tooLarge = tooLargeBody(response, limit, bytes);
    if (tooLarge !== undefined) throw tooLarge;
  };
  requireWithin(Number(request.headers["content-length"] ?? 0));
  requirePlace(response);
  taken++;
  try {
    return await withWorkFolder(home, async (folder) => {
      const path = join(folder, "sent");
      await writeBody(request, path, requireWithin);
      return await use({ path, called: nameOf(request.query["called"]) });
    });
  } finally {
    taken--;
  }
}

/** @throws InputRefused `queue-full`, before a byte of the body is read. */
function requirePlace(response: Response): void {
  if (taken < limits.uploadsAtOnce.value) return;
  response.set({ connection: "close", "retry-after": "30" });
  const message = `${taken} files are being sent or read, and the server takes ${limits.uploadsAtOnce.value} at once (limit 'uploadsAtOnce')`;
  throw new InputRefused([diagnose("queue-full", { message, cure: "Wait until one of them is read, then send the file again." })]);
}

/** `heed` hears how long the body is so far, and may throw. */
async function writeBody(request: Request, path: string, heed: (bytes: number) => void): Promise<void> {
  const counted = async function* (blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const block of blocks) {
      bytes += block.length;
      heed(bytes);
      yield block;
    }
  };
  await pipeline(request, counted, createWriteStream(path)).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : "";
    throw code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" ? new Withdrawn() : error;
  });
}

/** Most characters of a name that are kept. */
const nameCharactersMax = 200;

/** Without folders and without signs that nobody sees; what is cut off may leave half a character, which nobody sees either. */
function nameOf(called: unknown): string {
  const name = typeof called === "string" ? basename(called.replaceAll("\\", "/")).slice(0, nameCharactersMax) : "";
  return name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "").trim() || "observations";
}
