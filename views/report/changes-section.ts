/** What changed in the policy: each change in words, from and to. */
import type { Facts } from "./facts.ts";
import { changesInWords } from "./policy-changes.ts";
import type { Block, Section } from "./report.ts";

const modes = ["brief", "full", "method"] as const;

/** The list of changes, titled by how many there are and which way they lean. Words and ranges that decide no tier are named apart. */
export function changesSection(facts: Facts): Section {
  const diff = facts.context.diffs[facts.candidateVersion];
  const { title, settings, others } = changesInWords(diff?.changes ?? []);
  const rows = settings.map((change) => ({
    words: change.words.replaceAll(" %", "\u00a0%"),
    path: change.path,
    kind: change.kind,
    from: change.from ?? "",
    to: change.to ?? "",
    direction: change.direction === undefined || change.direction === "neutral" ? "" : change.direction,
  }));
  const finding: Block = {
    modes,
    kind: "finding",
    title: diff === undefined ? "The two files were not compared" : title,
    subtitle: `${facts.baselineVersion} to ${facts.candidateVersion}; what is not listed is the same in both.`,
  };
  const list: readonly Block[] = rows.length === 0 ? [] : [{ modes, kind: "changes", changes: rows }];
  const rest: readonly Block[] = others === "" ? [] : [{ modes, kind: "aside", text: others }];
  return { id: "changes", name: "What changed in the policy", blocks: [finding, ...list, ...rest] };
}
