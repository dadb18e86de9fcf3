/** What a plain difference between arms gives on average, against what it is meant to give. */
import { movable } from "./exposure.ts";
import { type Market, sumsBy } from "./market.ts";

/** In sales of a unit over the window. */
export interface ExpectedBias {
  /** Share of what a unit loses that others of its group make instead. */
  readonly displacement: number;
  /** All under the candidate minus all under the baseline. */
  readonly truth: number;
  /** The mean of the plain difference over all ways of dealing. */
  readonly expected: number;
  /** `expected` minus `truth`: below 0, the test makes the candidate look worse for sales than it is. */
  readonly bias: number;
  /** `bias` over `truth`: above 0, the test exaggerates the effect; absent where there is none. */
  readonly relative?: number;
}

/** What is dealt to arms as one: a label for each unit. */
export interface Parts {
  readonly count: number;
  readonly of: Int32Array;
}

/** Every unit for itself. */
export function unitsApart({ entities }: Market): Parts {
  return { count: entities.length, of: Int32Array.from(entities, (_, unit) => unit) };
}

/**
 * Units by their values of some of the market's attributes, in the order in which they come.
 *
 * @example
 * unitsBy({ groupBy: ["region"], groups: [["north"], ["south"]], group: Int32Array.of(0, 1, 0) }, ["region"])
 * // => { count: 2, of: Int32Array.of(0, 1, 0) }
 */
export function unitsBy({ groupBy, groups, group }: Pick<Market, "groupBy" | "groups" | "group">, names: readonly string[]): Parts {
  const positions = names.map((name) => groupBy.indexOf(name));
  const labels = new Map<string, number>();
  const ofGroup = groups.map((values) => {
    const key = JSON.stringify(positions.map((position) => values[position]));
    const label = labels.get(key) ?? labels.size;
    labels.set(key, label);
    return label;
  });
  return { count: labels.size, of: Int32Array.from(group, (at) => ofGroup[at] as number) };
}

/**
 * Unit i sells s(i) under the baseline. Under the candidate it sells c(i) more, and a share d of that comes from (below 0: goes to) the others of its group in proportion to their sales:
 *
 *   Y(i) = s(i) + Z(i) c(i) - d sum over j of Z(j) c(j) s(i) / (S(group) - s(j)),   j in i's group, not i itself
 *
 * All against none: truth = sum of (1 - d) c(j) / N; where j is alone in its group, c(j). G parts are dealt to arms, some to each; the difference of the arms' means (of parts of unequal
 * size: of their totals, times G / N) is on average
 *
 *   truth + d G / (G - 1) x sum over j of c(j) o(j) / N,
 *
 * o(j) the share of the others' sales in j's group that is dealt apart from j: a treated part keeps less of what it wins back, since of the others fewer (by 1 / (G - 1)) are treated, and one
 * that is not treated sees the more of them treated. Exact for any number of parts in each arm, but none. Units apart: o = 1, so that the bias is d / (1 - d) of the truth, whatever the candidate
 * does; clusters that hold whole groups: 0. Partial interference (Hudgens and Halloran 2008) through a linear exposure mapping (Aronow and Samii 2017).
 */
export function expectedBias(market: Market, displacement: number, parts: Parts): ExpectedBias {
  const { sales, change, group, groups } = market;
  const moves = movable(market);
  const units = sales.length;
  const ofGroup = sumsBy(sales, group, groups.length);
  const shared = salesOfPartInGroup(market, parts);
  let [own, moved, apart] = [0, 0, 0];
  for (let unit = 0; unit < units; unit++) {
    const all = ofGroup[group[unit] as number] as number;
    const rest = all - (sales[unit] as number);
    const outside = all - (shared.get(keyOf(market, parts, unit)) as number);
    own += change[unit] as number;
    moved += moves[unit] as number;
    if (moves[unit] !== 0) apart += ((moves[unit] as number) * outside) / rest;
  }
  const truth = (own - displacement * moved) / units;
  const bias = parts.count < 2 ? 0 : (displacement * apart * (parts.count / (parts.count - 1))) / units;
  return { displacement, truth, expected: truth + bias, bias, ...(truth === 0 ? {} : { relative: bias / truth }) };
}

/** Sales by part and group. */
function salesOfPartInGroup(market: Market, parts: Parts): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (let unit = 0; unit < market.sales.length; unit++) {
    const key = keyOf(market, parts, unit);
    sums.set(key, (sums.get(key) ?? 0) + (market.sales[unit] as number));
  }
  return sums;
}

function keyOf({ group, groups }: Market, { of }: Parts, unit: number): number {
  return (of[unit] as number) * groups.length + (group[unit] as number);
}
