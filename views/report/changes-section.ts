/** What changed in the policy: each change in words, from and to. */
import { capitalise, countInWords } from "../formats/index.ts";
import type { Facts } from "./facts.ts";
import type { PolicyChangeInWords, Section } from "./report.ts";

/** The list of changes, titled by how many there are and which way they lean. */
export function changesSection(facts: Facts): Section {
  const diff = facts.context.diffs[facts.candidateVersion];
  const changes = diff?.changes ?? [];
  const modes = ["brief", "full", "method"] as const;
  const subtitle = `${facts.baselineVersion} to ${facts.candidateVersion}; what is not listed is the same in both.${diff === undefined || diff.summary === "" ? "" : ` ${diff.summary}`}`;
  const rows = changes.map((change) => ({
    words: change.words,
    path: change.path,
    kind: change.kind,
    from: change.from ?? "",
    to: change.to ?? "",
    direction: change.direction === undefined || change.direction === "neutral" ? "" : change.direction,
  }));
  const list = rows.length === 0 ? [] : [{ modes, kind: "changes" as const, changes: rows }];
  return {
    id: "changes",
    name: "What changed in the policy",
    blocks: [{ modes, kind: "finding", title: changesTitle(changes, diff === undefined), subtitle }, ...list],
  };
}

function changesTitle(changes: readonly PolicyChangeInWords[], isUnknown: boolean): string {
  if (isUnknown) return "The two files were not compared";
  if (changes.length === 0) return "Nothing changes: both versions say the same";
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
