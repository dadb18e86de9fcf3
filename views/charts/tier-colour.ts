/** Tiers are coloured by rank, not by name: blues that do not restrict, orange to rust (hatched) that do, grey (dotted) off the ladder. */
import { box, type Marks } from "./svg.ts";

/** Every class suffix of a tier's colour. */
export const tierColourNames = [...[0, 1, 2, 3].flatMap((place) => [`good-${place}`, `adverse-${place}`]), "unrated"] as const;

interface RankedTier {
  readonly name: string;
  readonly adverse: boolean;
  readonly unrated: boolean;
}

/** By tier name: the class suffix of its colour. Non-adverse: `good-0` (best, deepest) to `good-3`; adverse: `adverse-0` to `adverse-3` (worst, strongest). */
export function tierColours(tiers: readonly RankedTier[]): ReadonlyMap<string, string> {
  const good = tiers.filter((tier) => !tier.adverse && !tier.unrated);
  const adverse = tiers.filter((tier) => tier.adverse && !tier.unrated);
  const colours = new Map<string, string>();
  for (const tier of tiers) {
    if (tier.unrated) colours.set(tier.name, "unrated");
    else if (tier.adverse) colours.set(tier.name, `adverse-${rank(adverse.indexOf(tier), adverse.length, 2)}`);
    else colours.set(tier.name, `good-${rank(good.indexOf(tier), good.length, 0)}`);
  }
  return colours;
}

/** A tier's sign or bar: its fill, and the hatch or the dots that do not need colour. */
export function tierBox(at: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly title?: string;
}): Marks {
  const { colour, ...place } = at;
  const pattern = colour.startsWith("adverse") ? "hatched" : colour === "unrated" ? "dotted" : undefined;
  return [box({ ...place, class: `tier t-${colour}` }), pattern === undefined ? [] : box({ ...place, class: pattern, layer: "over" })];
}

function rank(index: number, length: number, alone: number): number {
  return length === 1 ? alone : Math.round((index * 3) / (length - 1));
}
