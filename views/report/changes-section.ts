/** What changed in the policy: each change in words, from and to. */
import { capitalise, countInWords, listInWords } from "../formats/index.ts";
import type { Facts } from "./facts.ts";
import type { Block, PolicyChangeInWords, Section } from "./report.ts";

const modes = ["brief", "full", "method"] as const;

/** The list of changes, titled by how many there are and which way they lean. Words and ranges that decide no tier are named apart. */
export function changesSection(facts: Facts): Section {
  const diff = facts.context.diffs[facts.candidateVersion];
  const changes = diff?.changes ?? [];
  const settings = changes.filter(isSetting);
  const others = changes.filter((change) => !isSetting(change)).map((change) => change.path);
  const rows = settings.map((change) => ({
    words: change.words,
    path: change.path,
    kind: change.kind,
    from: change.from ?? "",
    to: change.to ?? "",
    direction: change.direction === undefined || change.direction === "neutral" ? "" : change.direction,
  }));
  const title = changesTitle(settings, diff === undefined);
  const subtitle = `${facts.baselineVersion} to ${facts.candidateVersion}; what is not listed is the same in both.`;
  const list: readonly Block[] = rows.length === 0 ? [] : [{ modes, kind: "changes", changes: rows }];
  const rest: readonly Block[] =
    others.length === 0 ? [] : [{ modes, kind: "aside", text: `Also changed, without effect on any tier: ${listInWords(others)}.` }];
  return { id: "changes", name: "What changed in the policy", blocks: [{ modes, kind: "finding", title, subtitle }, ...list, ...rest] };
}

/** Titles, rationales and the ranges of parameters move nobody. */
function isSetting(change: PolicyChangeInWords): boolean {
  return !/(^|\.)(rationale|title|range)$/.test(change.path);
}

function changesTitle(changes: readonly PolicyChangeInWords[], isUnknown: boolean): string {
  if (isUnknown) return "The two files were not compared";
  if (changes.length === 0) return "No setting changes: both versions decide alike";
  const count = `${capitalise(countInWords(changes.length))} ${changes.length === 1 ? "setting changes" : "settings change"}`;
  const stricter = changes.filter((change) => change.direction === "stricter").length;
  const gentler = changes.filter((change) => change.direction === "gentler").length;
  if (stricter + gentler === 0) return count;
  if (changes.length === 1) return `${count}: it is ${stricter === 1 ? "stricter" : "gentler"}`;
  const parts = [stricter > 0 ? `${countInWords(stricter)} stricter` : "", gentler > 0 ? `${countInWords(gentler)} gentler` : ""].filter(
    (part) => part !== "",
  );
  return `${count}: ${parts.join(", ")}`;
}
