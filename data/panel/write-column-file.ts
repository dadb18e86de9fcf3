/** Writes column files: Apache Arrow IPC files of one record batch, uncompressed, which every tool reads. */
import { type FileHandle, open } from "node:fs/promises";
import { columnFileParts } from "./column-file-parts.ts";
import type { FileColumn } from "./file-column.ts";

/** Writes a column file and brings it to the disk (fsync). Rejects with the system's error when that fails. */
export async function writeColumnFile(path: string, rowCount: number, columns: readonly FileColumn[]): Promise<void> {
  const parts = columnFileParts(rowCount, columns);
  const file = await open(path, "w");
  try {
    await writeParts(file, parts);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes all parts, however many of them the system takes at once. */
async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = [...parts];
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    left = left.flatMap((part) => {
      const done = Math.min(bytesWritten, part.byteLength);
      bytesWritten -= done;
      return done === part.byteLength ? [] : [part.subarray(done)];
    });
  }
}
