/** A home in a folder of its own, and a clock that ticks a second at every look. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../data/store/index.ts";

/** Makes an empty folder; `remove` takes it away with all that it holds. */
export function temporaryHome(): { readonly home: string; readonly remove: () => void } {
  const home = mkdtempSync(join(tmpdir(), "counterweight-"));
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** 2026-01-01 00:00:00, and one second more each time. */
export function tickingClock(): Clock {
  let seconds = 0;
  return () => `2026-01-01T00:${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds++ % 60).padStart(2, "0")}.000Z`;
}
