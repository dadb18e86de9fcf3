/** What changed between two policies, as a heading, a list and the rest: the same on a report and on a policy's page. */
import { capitalise, countInWords, listInWords } from "../formats/index.ts";
import type { PolicyChangeInWords } from "./report.ts";

/** Changes parted by whether they can decide anything. */
export interface ChangesInWords<Change> {
  /** `Nine settings change: two stricter, one gentler, six either way`. Its count is that of `settings`. */
  readonly title: string;
  readonly settings: readonly Change[];
  /** A sentence that names what changed without effect on any tier; empty when nothing did. */
  readonly others: string;
}

/**
 * Titles, rationales and the ranges of parameters move nobody: they are named in one sentence, apart from the list.
 *
 * @example
 * changesInWords([{ path: "rationale", kind: "changed" }, { path: "movement.demote.after", kind: "changed", direction: "gentler" }])
 * // => { title: "One setting changes: it is gentler", settings: [{ path: "movement.demote.after", kind: "changed", direction: "gentler" }], others: "Also changed, without effect on any tier: the rationale." }
 */
export function changesInWords<Change extends Pick<PolicyChangeInWords, "path" | "direction">>(
  changes: readonly Change[],
): ChangesInWords<Change> {
  const settings = changes.filter(({ path }) => !textOnly.test(path));
  const others = [...new Set(changes.filter(({ path }) => textOnly.test(path)).map(({ path }) => nameOf(path)))];
  return {
    title: titleOf(settings),
    settings,
    others: others.length === 0 ? "" : `Also changed, without effect on any tier: ${listInWords(others)}.`,
  };
}

const textOnly = /(^|\.)(rationale|title|range)$/;

function nameOf(path: string): string {
  const [, owner, field] = path.split(".");
  if (owner === undefined) return `the ${path}`;
  return `the ${field === "range" ? "range that may be tried" : (field ?? "words")} of ‘${owner.replaceAll("_", " ")}’`;
}

function titleOf(settings: readonly Pick<PolicyChangeInWords, "direction">[]): string {
  const all = settings.length;
  if (all === 0) return "No setting changes: both versions decide alike";
  const count = `${capitalise(countInWords(all))} ${all === 1 ? "setting changes" : "settings change"}`;
  const stricter = settings.filter(({ direction }) => direction === "stricter").length;
  const gentler = settings.filter(({ direction }) => direction === "gentler").length;
  const idle = settings.filter(({ direction }) => direction === "neutral").length;
  const open = all - stricter - gentler - idle;
  if (open === all) return all === 1 ? `${count}; it can go either way` : `${count}; each can go either way`;
  if (all === 1) return `${count}: it ${idle === 1 ? "moves nobody by itself" : stricter === 1 ? "is stricter" : "is gentler"}`;
  const parts = [
    stricter > 0 ? `${countInWords(stricter)} stricter` : "",
    gentler > 0 ? `${countInWords(gentler)} gentler` : "",
    open > 0 ? `${countInWords(open)} either way` : "",
    idle > 0 ? `${countInWords(idle)} without effect by itself` : "",
  ];
  return `${count}: ${listInWords(parts.filter((part) => part !== ""))}`;
}
