/** Four designs on one market whose truth is known: how far off each is on average, and how precise. */
import { type RandomStream, randomStream } from "../../../data/foundation/index.ts";
import { expectedBias, type Parts, unitsApart, unitsBy } from "./expected-bias.ts";
import { movable } from "./exposure.ts";
import { loneGroups, type Market, sumsBy } from "./market.ts";

export type DesignKind = "units" | "clusters" | "switchback" | "buyers";

/** One design. Numbers in sales of a unit over the window. */
export interface DesignTried {
  readonly kind: DesignKind;
  /** What is dealt to arms. */
  readonly dealt: string;
  /** How many of them there are. */
  readonly parts: number;
  /** By formula: mean of the estimate minus the truth. */
  readonly bias: number;
  /** The same over the seeds, with its standard error. */
  readonly simulatedBias: number;
  readonly monteCarloError: number;
  /** Standard deviation of the estimate over the ways of dealing. */
  readonly standardError: number;
  /** Root of the mean squared error: bias and precision in one. */
  readonly rootMeanSquare: number;
  /** What must hold for the row to be so; may be empty. */
  readonly holdsIf: string;
  /** Whether the candidate can be dealt so at all. */
  readonly isPossible: boolean;
}

/** The market, and how designs are tried on it. */
export interface DesignTrial {
  readonly market: Market;
  readonly displacement: number;
  /** The candidate's share of the two arms. */
  readonly share: number;
  /** What clusters are made of: subsets of the market's `groupBy`. */
  readonly clusterings: readonly (readonly string[])[];
  /** What a period is called: `week`. */
  readonly periodName: string;
  /** Share of a period's effect that answers the period before, for a second row of the switchback. */
  readonly carryOver: number;
  readonly seeds: number;
  readonly seed: number;
}

/** Buyers are dealt in so many random groups, which has the mean and the variance of dealing them one by one. */
const buyerGroups = 1_000;

/**
 * Each design is dealt anew for every seed, over fixed sales: those that were really made in the window, with what the candidate changes of them and where that goes (`expectedBias`). So means and standard
 * errors are those of the randomisation. Units and clusters: fixed numbers in each arm, totals adjusted by the sales before the window (one slope, from the sales of all). Switchback: of two neighbouring
 * periods one, by a coin, for the whole market; not tried on an odd number of them. Buyers: each order is a buyer of its own, who sees one policy everywhere and goes from one unit to another under it. Cost: units x seeds.
 */
export function tryDesigns(trial: DesignTrial): readonly DesignTried[] {
  const { market, clusterings, carryOver } = trial;
  return [
    unitsRow(trial, { kind: "units", dealt: "units", parts: unitsApart(market), holdsIf: "" }),
    ...clusterings.flatMap((names) => {
      const parts = unitsBy(market, names);
      if (parts.count < 4) return [];
      return [
        unitsRow(trial, { kind: "clusters", dealt: `clusters by ${names.join(" and ")}`, parts, holdsIf: "buyers stay within a cluster" }),
      ];
    }),
    ...(market.periods % 2 === 1 ? [] : [switchbackRow(trial, 0), switchbackRow(trial, carryOver)]),
    ...(market.orders === undefined ? [] : [buyersRow(trial, market.orders)]),
  ];
}

function unitsRow(
  { market, displacement, share, seeds, seed }: DesignTrial,
  { kind, dealt, parts, holdsIf }: { readonly kind: DesignKind; readonly dealt: string; readonly parts: Parts; readonly holdsIf: string },
): DesignTried {
  const { sales, earlier, change, group, groups } = market;
  const { bias, truth } = expectedBias(market, displacement, parts);
  const random = randomStream(seed, "dealing", dealt);
  const treatedCount = Math.min(parts.count - 1, Math.max(1, Math.round(share * parts.count)));
  const sold = sumsBy(sales, parts.of, parts.count);
  const adjusted = withoutEarlier(sold, sumsBy(earlier, parts.of, parts.count));
  // Of each unit: what it passes on for each unit of a receiver's sales.
  const ofGroup = sumsBy(sales, group, groups.length);
  const passedOn = movable(market).map((moves, unit) =>
    moves === 0 ? 0 : moves / ((ofGroup[group[unit] as number] as number) - (sales[unit] as number)),
  );
  const order = Int32Array.from({ length: parts.count }, (_, part) => part);
  const isTreated = new Uint8Array(parts.count);
  return summary({ kind, dealt, parts: parts.count, bias, truth, holdsIf, isPossible: true }, seeds, () => {
    dealInto(isTreated, order, treatedCount, random);
    const passed = new Float64Array(groups.length);
    for (let unit = 0; unit < sales.length; unit++) {
      const at = group[unit] as number;
      if (isTreated[parts.of[unit] as number] === 1) passed[at] = (passed[at] as number) + (passedOn[unit] as number);
    }
    const contrast = (treated: number, control: number): number =>
      ((treated / treatedCount - control / (parts.count - treatedCount)) * parts.count) / sales.length;
    let [withIt, without] = [0, 0];
    for (let part = 0; part < parts.count; part++) {
      if (isTreated[part] === 1) withIt += adjusted[part] as number;
      else without += adjusted[part] as number;
    }
    let [treated, control] = [0, 0];
    for (let unit = 0; unit < sales.length; unit++) {
      const own = isTreated[parts.of[unit] as number] as number;
      const received = (passed[group[unit] as number] as number) - own * (passedOn[unit] as number);
      const moved = displacement * (sales[unit] as number) * received;
      if (own === 1) treated += (change[unit] as number) - moved;
      else control -= moved;
    }
    return { chance: contrast(withIt, without), effect: contrast(treated, control) };
  });
}

/** Totals less what those of before say: their slope over all parts. */
function withoutEarlier(sold: Float64Array, earlier: Float64Array): Float64Array {
  const mean = (column: Float64Array): number => column.reduce((sum, value) => sum + value, 0) / column.length;
  const [centre, before] = [mean(sold), mean(earlier)];
  let [cross, square] = [0, 0];
  for (const [part, value] of earlier.entries()) {
    cross += (value - before) * ((sold[part] as number) - centre);
    square += (value - before) ** 2;
  }
  const slope = square > 0 ? cross / square : 0;
  return sold.map((value, part) => value - slope * ((earlier[part] as number) - before));
}

/** Marks a number of parts, all choices alike; `order` is shuffled as far as needed (Fisher and Yates). */
function dealInto(isTreated: Uint8Array, order: Int32Array, count: number, random: RandomStream): void {
  isTreated.fill(0);
  for (let place = 0; place < count; place++) {
    const other = place + random.below(order.length - place);
    [order[place], order[other]] = [order[other] as number, order[place] as number];
    isTreated[order[place] as number] = 1;
  }
}

/**
 * Of every two neighbouring periods one is the candidate's, with the same chance for either. With a share k of an effect carried over from the period before, a pair with
 * effects a and b gives (1 - k) a + (1 - 2 k) b on average: the second period's contrast loses its own part and takes the first one's. After Bojinov, Simchi-Levi and Zhao (2023).
 */
function switchbackRow({ market, displacement, periodName, seeds, seed }: DesignTrial, carryOver: number): DesignTried {
  const { periods, groupSales, groupChange, sales } = market;
  const lone = loneGroups(market);
  const [sold, effect] = [new Float64Array(periods), new Float64Array(periods)];
  for (let at = 0; at < groupSales.length; at++) {
    const [group, period] = [Math.floor(at / periods), at % periods];
    sold[period] = (sold[period] as number) + (groupSales[at] as number);
    effect[period] = (effect[period] as number) + (lone[group] === 1 ? 1 : 1 - displacement) * (groupChange[at] as number);
  }
  const units = sales.length;
  const truth = effect.reduce((sum, value) => sum + value, 0) / units;
  const bias = effect.reduce((sum, value, period) => sum - (carryOver * (1 + (period % 2)) * value) / units, 0) + 0;
  const random = randomStream(seed, "switchback");
  const dealt = `${periodName}s of the whole market${carryOver === 0 ? "" : `, where ${Math.round(100 * carryOver)} % of an effect comes a ${periodName} late`}`;
  const holdsIf = carryOver === 0 ? `an effect comes and goes within its ${periodName}` : "";
  return summary({ kind: "switchback", dealt, parts: periods, bias, truth, holdsIf, isPossible: true }, seeds, () => {
    let [chance, sum, before] = [0, 0, 0];
    for (let first = 0; first < periods; first += 2) {
      const chosen = random.below(2);
      for (let period = first; period < first + 2; period++) {
        const now = period - first === chosen ? 1 : 0;
        const [sign, made] = [now === 1 ? 1 : -1, ((1 - carryOver) * now + carryOver * before) * (effect[period] as number)];
        chance += sign * (sold[period] as number);
        sum += sign * made;
        before = now;
      }
    }
    // Half of the periods are treated: the sum of differences is half of all periods' effect.
    return { chance: (2 * chance) / units, effect: (2 * sum) / units };
  });
}

function buyersRow({ market, displacement, share, seeds, seed }: DesignTrial, orders: Float64Array): DesignTried {
  const { sales, change, group, differing } = market;
  const lone = loneGroups(market);
  const [sold, effect] = [new Float64Array(buyerGroups), new Float64Array(buyerGroups)];
  const random = randomStream(seed, "buyers");
  let buyers = 0;
  for (const [unit, at] of group.entries()) {
    const count = Math.max(Math.round(orders[unit] as number), (sales[unit] as number) > 0 ? 1 : 0);
    const net = (lone[at] === 1 ? 1 : 1 - displacement) * (change[unit] as number);
    buyers += count;
    for (let order = 0; order < count; order++) {
      const place = random.below(buyerGroups);
      sold[place] = (sold[place] as number) + (sales[unit] as number) / count;
      effect[place] = (effect[place] as number) + net / count;
    }
  }
  const truth = effect.reduce((sum, value) => sum + value, 0) / sales.length;
  const treatedCount = Math.min(buyerGroups - 1, Math.max(1, Math.round(share * buyerGroups)));
  const order = Int32Array.from({ length: buyerGroups }, (_, place) => place);
  const isTreated = new Uint8Array(buyerGroups);
  const sellersOnly = [...differing].some((kind) => kind !== "traffic");
  const holdsIf = sellersOnly
    ? "not possible: caps, fees and payouts are the same for all buyers of a unit"
    : "units can serve whoever comes, and a buyer sees one policy everywhere";
  return summary({ kind: "buyers", dealt: "buyers", parts: buyers, bias: 0, truth, holdsIf, isPossible: !sellersOnly }, seeds, () => {
    dealInto(isTreated, order, treatedCount, random);
    let [withIt, without, changed] = [0, 0, 0];
    for (const [place, made] of sold.entries()) {
      if (isTreated[place] === 1) {
        withIt += made;
        changed += effect[place] as number;
      } else without += made;
    }
    const scale = buyerGroups / sales.length;
    return { chance: scale * (withIt / treatedCount - without / (buyerGroups - treatedCount)), effect: (scale * changed) / treatedCount };
  });
}

/** An estimate in two parts: what the arms would have differed by anyway, which is 0 on average in every design here, and what the candidate did. */
interface Dealt {
  readonly chance: number;
  readonly effect: number;
}

/** Bias and precision over the seeds, in one pass (Welford 1962). The mean is taken of the effects alone: the rest has mean 0 and would only add noise (a control variate). */
function summary(
  { truth, ...row }: Pick<DesignTried, "kind" | "dealt" | "parts" | "bias" | "holdsIf" | "isPossible"> & { readonly truth: number },
  seeds: number,
  deal: () => Dealt,
): DesignTried {
  const [errors, effects] = [new Spread(), new Spread()];
  for (let index = 0; index < seeds; index++) {
    const { chance, effect } = deal();
    errors.add(chance + effect - truth);
    effects.add(effect - truth);
  }
  const standardError = errors.deviation();
  // What is left of sums that cancel is nothing.
  const bias = Math.abs(row.bias) < 1e-9 * Math.abs(truth) ? 0 : row.bias;
  return {
    ...row,
    bias,
    simulatedBias: effects.mean,
    monteCarloError: effects.deviation() / Math.sqrt(seeds),
    standardError,
    rootMeanSquare: Math.hypot(bias, standardError),
  };
}

class Spread {
  mean = 0;
  #count = 0;
  #square = 0;

  add(value: number): void {
    this.#count++;
    const step = value - this.mean;
    this.mean += step / this.#count;
    this.#square += step * (value - this.mean);
  }

  deviation(): number {
    return Math.sqrt(this.#square / Math.max(1, this.#count - 1));
  }
}

/** Fewer parts than this give an interval hardly anything to rest on. */
const partsLeast = 10;

/** The possible design without bias that is most precise, among those with parts enough for an interval: what to do instead of dealing units. Undefined where there is none. */
export function bestWithoutBias(rows: readonly DesignTried[]): DesignTried | undefined {
  return rows
    .filter(({ kind, bias, isPossible, parts }) => kind !== "units" && bias === 0 && isPossible && parts >= partsLeast)
    .toSorted((a, b) => a.standardError - b.standardError)[0];
}
