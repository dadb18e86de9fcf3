/** What changed between two policies, in the words of the policy, and which way it pulls. */

import { type Direction, directionOf } from "./diff-direction.ts";
import { Influence } from "./polarity.ts";
import type { Policy } from "./policy.ts";
import { type Fact, factsOf } from "./policy-facts.ts";

/** One line of a policy that differs. */
export interface PolicyChange {
  /** As `set` would name it: `scores.overall.weighted.reviews`. */
  readonly path: string;
  readonly kind: "changed" | "added" | "removed";
  readonly from?: string;
  readonly to?: string;
  /** One plain sentence. */
  readonly words: string;
  /** Absent when it cannot be told; `neutral` when it moves nobody. */
  readonly direction?: Direction;
}

/** The difference between two versions. */
export interface PolicyDiff {
  /** One line. */
  readonly summary: string;
  /** In the order of the language's sections. */
  readonly changes: readonly PolicyChange[];
}

/**
 * Compares the meaning of two checked policies, parents folded in; spelling, comments and file order do not count, and the
 * version itself is no change. A policy compared with itself has no changes.
 */
export function diffPolicies(a: Policy, b: Policy): PolicyDiff {
  const [before, after] = [factsOf(a), factsOf(b)];
  const compared = { a, b, influenceA: new Influence(a), influenceB: new Influence(b) };
  const changes: PolicyChange[] = [];
  for (const path of mergedPaths(before, after)) {
    const [old, young] = [before.get(path), after.get(path)];
    if (old?.text === young?.text) continue;
    const direction = directionOf(path, compared);
    changes.push({
      path,
      kind: old === undefined ? "added" : young === undefined ? "removed" : "changed",
      ...(old === undefined ? {} : { from: old.text }),
      ...(young === undefined ? {} : { to: young.text }),
      words: wordsOf(old, young),
      ...(direction === undefined ? {} : { direction }),
    });
  }
  return { summary: summarise(a, b, changes), changes };
}

/** All paths, those of the second policy in its order, with what is gone where it stood. */
function mergedPaths(before: ReadonlyMap<string, Fact>, after: ReadonlyMap<string, Fact>): readonly string[] {
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const section = (path: string): number => sectionOrder.indexOf(path.split(".")[0] ?? "");
  const paths = [...after.keys()];
  for (const path of gone) {
    const old = [...before.keys()];
    const previous = old
      .slice(0, old.indexOf(path))
      .findLast((candidate) => paths.includes(candidate) && section(candidate) === section(path));
    const at = previous === undefined ? paths.findIndex((candidate) => section(candidate) >= section(path)) : paths.indexOf(previous) + 1;
    paths.splice(at < 0 ? paths.length : at, 0, path);
  }
  return paths;
}

const sectionOrder = [
  "programme",
  "title",
  "entity",
  "rationale",
  "parameters",
  "metrics",
  "scores",
  "conditions",
  "tiers",
  "otherwise",
  "movement",
];

function wordsOf(old: Fact | undefined, young: Fact | undefined): string {
  const subject = (young ?? old)?.subject ?? "";
  if (old === undefined) return `${subject} is new: ${young?.text ?? ""}.`;
  if (young === undefined)
    return old.unsaid === undefined ? `${subject} is gone (was ${old.text}).` : `${subject} is ${old.unsaid} instead of ${old.text}.`;
  return young.isLong === true ? `${subject} changed.` : `${subject} is ${young.text} instead of ${old.text}.`;
}

function summarise(a: Policy, b: Policy, changes: readonly PolicyChange[]): string {
  const name =
    a.programme === b.programme
      ? `${a.programme} ${a.version} -> ${b.version}`
      : `${a.programme} ${a.version} -> ${b.programme} ${b.version}`;
  const meant = changes.filter((change) => change.direction !== "neutral");
  if (meant.length === 0) return changes.length === 0 ? `${name}: no change.` : `${name}: nothing that moves anybody (${listed(changes)}).`;
  const count = (direction: Direction): number => meant.filter((change) => change.direction === direction).length;
  const told = [
    [count("stricter"), "stricter"],
    [count("gentler"), "gentler"],
    [meant.filter((change) => change.direction === undefined).length, "either way"],
  ] as const;
  const parts = told.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `${name}: ${meant.length} change${meant.length === 1 ? "" : "s"} (${parts.join(", ")}): ${listed(meant)}.`;
}

function listed(changes: readonly PolicyChange[]): string {
  const names = [
    ...new Set(
      changes.map(({ path }) =>
        path
          .split(".")
          .slice(0, 2)
          .join(" ")
          .replace(/^(?:parameter|metric|score|condition|tier)s /, "")
          .replaceAll("_", " "),
      ),
    ),
  ];
  return names.length <= 5 ? names.join(", ") : `${names.slice(0, 4).join(", ")} and ${names.length - 4} more`;
}
