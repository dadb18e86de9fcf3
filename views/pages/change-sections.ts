/** Changes of a policy by the section of the language that they stand in, and the mark of their direction. */
import type { ChangeRow } from "./summaries.ts";

/** A heading with its changes. */
export interface ChangeSection {
  readonly title: string;
  readonly changes: readonly ChangeRow[];
}

/** In the order of the language; sections without changes are left out. Title and rationale, which decide nothing, come last. */
export function changesBySection(changes: readonly ChangeRow[]): readonly ChangeSection[] {
  const titled = changes
    .map((change) => ({ title: titleOf(change.path), change }))
    .toSorted((a, b) => Number(a.title === ownTitle) - Number(b.title === ownTitle));
  return [...new Set(titled.map(({ title }) => title))].map((title) => ({
    title,
    changes: titled.filter((one) => one.title === title).map(({ change }) => change),
  }));
}

const titles: ReadonlyMap<string, string> = new Map([
  ["parameters", "Parameters"],
  ["windows", "Windows"],
  ["metrics", "Metrics"],
  ["scores", "Scores"],
  ["ledgers", "Ledgers"],
  ["conditions", "Conditions"],
  ["tiers", "Tiers"],
  ["otherwise", "Tiers"],
  ["caps", "Caps"],
  ["movement", "Movement"],
]);

const ownTitle = "The policy itself";

function titleOf(path: string): string {
  return titles.get(path.split(".")[0] ?? "") ?? ownTitle;
}

/** A sign, which screens colour and paper does not need to, and its word. */
export interface DirectionMark {
  readonly name: string;
  readonly sign: string;
  readonly word: string;
}

/** What a change does to everyone it reaches; `either way` when that cannot be told. */
export function directionMark(direction: ChangeRow["direction"]): DirectionMark {
  switch (direction) {
    case "stricter":
      return { name: "stricter", sign: "▼", word: "stricter" };
    case "gentler":
      return { name: "gentler", sign: "▲", word: "gentler" };
    case "neutral":
      return { name: "neutral", sign: "○", word: "moves nobody by itself" };
    case undefined:
      return { name: "open", sign: "◆", word: "either way" };
  }
}
