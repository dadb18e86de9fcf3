/** A file that a page sends as the whole body of a request: written to disk, and gone when the work on it is done. */
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Request, Response } from "express";
import { checkLimit, diagnose, InputRefused } from "../../data/foundation/index.ts";
import { Withdrawn } from "../jobs/index.ts";

/** The kind of such a body. */
const kind = "application/octet-stream";

/**
 * Does something with the file: where it lies, and the name that it had where it came from, by the query's `called`. @throws InputRefused `unsupported-media-type`,
 * `limit-exceeded` as soon as the body is longer than `uploadBytes`.
 */
export async function withUploadedFile<T>(
  request: Request,
  response: Response,
  use: (file: { readonly path: string; readonly called: string }) => Promise<T>,
): Promise<T> {
  const type = request.headers["content-type"];
  if (request.is(kind) === false) {
    const details = { message: `the body is '${type ?? "of no kind"}'`, found: type ?? "", expected: kind };
    throw new InputRefused([diagnose("unsupported-media-type", details)]);
  }
  // What is not read to its end leaves a connection that cannot serve another request.
  const refuse = (breach: ReturnType<typeof checkLimit>): InputRefused | undefined => {
    if (breach === undefined) return undefined;
    response.set("connection", "close");
    return new InputRefused([breach]);
  };
  const announced = refuse(checkLimit("uploadBytes", Number(request.headers["content-length"] ?? 0)));
  if (announced !== undefined) throw announced;
  const folder = mkdtempSync(join(tmpdir(), "counterweight-upload-"));
  try {
    const path = join(folder, "sent");
    let bytes = 0;
    const counted = new Transform({
      transform(block: Buffer, _encoding, done) {
        bytes += block.length;
        done(refuse(checkLimit("uploadBytes", bytes)) ?? null, block);
      },
    });
    await pipeline(request, counted, createWriteStream(path)).catch((error: unknown) => {
      const code = error instanceof Error && "code" in error ? error.code : "";
      throw code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" ? new Withdrawn() : error;
    });
    return await use({ path, called: nameOf(request.query["called"]) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without folders and without signs that nobody sees. */
function nameOf(called: unknown): string {
  const name = typeof called === "string" ? basename(called.replaceAll("\\", "/")).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "") : "";
  return name.trim() === "" ? "observations" : name.slice(0, 200);
}
