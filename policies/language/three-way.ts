/** Two versions beside the one that both came from: who changed what. */
import { inSectionOrder, merged } from "./diff-policies.ts";
import type { Policy } from "./policy.ts";
import { type Fact, type Thing, thingsOf } from "./policy-facts.ts";

/** One line of a policy that is not the same in all three; absent where it does not stand. */
export interface ThreeWayRow {
  /** As in a difference of two. */
  readonly path: string;
  readonly ancestor?: string;
  readonly a?: string;
  readonly b?: string;
  /** Which of the two differs from the ancestor; both may have made the same change. */
  readonly changedBy: "a" | "b" | "both alike" | "both differently";
}

/**
 * Every line by which either policy differs from the ancestor, in the order of the language. What one of the three lacks as a whole, or has
 * of another kind, is one row. Names are taken as they stand: a thing that was renamed is gone under one name and new under the other.
 */
export function threeWayDiff(ancestor: Policy, a: Policy, b: Policy): readonly ThreeWayRow[] {
  const all = [ancestor, a, b].map(thingsOf);
  const ladders = [ancestor, a, b].map(({ tiers }) => tiers.map(({ name }) => name));
  return inSectionOrder(mergedKeys(all)).flatMap((path) =>
    rowsOf(
      path,
      all.map((things) => things.get(path)),
      isSameOrder(ladders),
    ),
  );
}

function rowsOf(path: string, things: readonly (Thing | undefined)[], isSameLadder: boolean): readonly ThreeWayRow[] {
  const [first] = things;
  if (first === undefined || things.some((thing) => thing?.kind !== first.kind))
    return rowOf(
      path,
      things.map((thing) => thing?.text),
    );
  const facts = things.map((thing) => thing?.facts ?? new Map<string, Fact>());
  return mergedKeys(facts)
    .filter((key) => key !== "tiers" || !isSameLadder)
    .flatMap((key) =>
      rowOf(
        key,
        facts.map((own) => own.get(key)?.text),
      ),
    );
}

function mergedKeys(maps: readonly ReadonlyMap<string, unknown>[]): readonly string[] {
  return maps.map((map): readonly string[] => [...map.keys()]).reduce((before, after) => merged(before, after));
}

function rowOf(path: string, texts: readonly (string | undefined)[]): readonly ThreeWayRow[] {
  const [ancestor, a, b] = texts;
  if (a === ancestor && b === ancestor) return [];
  const changedBy = b === ancestor ? "a" : a === ancestor ? "b" : a === b ? "both alike" : "both differently";
  const row = {
    path,
    ...(ancestor === undefined ? {} : { ancestor }),
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
  };
  return [{ ...row, changedBy }];
}

/** Whether the tiers that all ladders have stand in one order. */
function isSameOrder(ladders: readonly (readonly string[])[]): boolean {
  const common = ladders.map((ladder) => ladder.filter((name) => ladders.every((other) => other.includes(name))).join(", "));
  return new Set(common).size === 1;
}

/** A version with those that it extends, nearest first. */
interface Descent {
  readonly version: string;
  readonly extended: readonly string[];
}

/**
 * The version to hold two versions against: the nearest that both extend; else the nearest that one of them extends, other than the other
 * one. Undefined when there is none.
 *
 * @example
 * ancestorOf({ version: "1.1.0", extended: ["1.0.0"] }, { version: "2.0.0", extended: ["1.1.0", "1.0.0"] })
 * // => "1.0.0"
 */
export function ancestorOf(a: Descent, b: Descent): string | undefined {
  const isThird = (version: string): boolean => version !== a.version && version !== b.version;
  const common = a.extended.find((version) => isThird(version) && b.extended.includes(version));
  return common ?? b.extended.find(isThird) ?? a.extended.find(isThird);
}
