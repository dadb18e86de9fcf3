/** Worlds in which proportions and tables are studied. */
import type { Study, World } from "../studies/study.ts";
import { binomial, type Draw, multinomial, together } from "../studies/worlds.ts";
import { tableStudies } from "./table-studies.ts";

/** Worlds of one share: `fewest` successes or failures are what the statistic's assumptions ask for. */
function oneShare(statistic: string, options: { readonly fewest?: number; readonly tested?: boolean } = {}): Study {
  const { fewest = 0, tested = true } = options;
  const world = (name: string, share: number, trials: number, nullValue?: number): World => ({
    name,
    holds: Math.min(share, 1 - share) * trials >= fewest,
    truth: share,
    ...(tested && nullValue !== undefined ? { isNull: nullValue === share } : {}),
    draw: together({ sample: binomial(trials, share), ...(tested && nullValue !== undefined ? { nullValue: () => nullValue } : {}) }),
  });
  return {
    name: statistic,
    statistic,
    worlds: [
      world("share 0.3, 200 units", 0.3, 200, 0.3),
      world("share 0.4 against 0.3, 200 units", 0.4, 200, 0.3),
      world("tiny: share 0.3, 8 units", 0.3, 8, 0.3),
      world("rare: share 0.002, 1000 units", 0.002, 1000, 0.002),
    ],
  };
}

/** What the truth of a comparison is, from the control's and the treatment's share. */
type Effect = (control: number, treatment: number) => number;
const difference: Effect = (control, treatment) => treatment - control;
const ratio: Effect = (control, treatment) => treatment / control;
const odds: Effect = (control, treatment) => (treatment / (1 - treatment)) * ((1 - control) / control);

interface Compared {
  readonly effect?: Effect;
  /** Fewest expected successes and failures of an arm that the assumptions ask for. */
  readonly fewest?: number;
  /** Only small arms are within the statistic's reach. */
  readonly small?: boolean;
  readonly seeds?: number;
  readonly name?: string;
  readonly more?: Readonly<Record<string, unknown>>;
}

function twoShares(statistic: string, { effect, fewest = 0, small = false, seeds, name, more = {} }: Compared): Study {
  const rest = Object.fromEntries(Object.entries(more).map(([key, value]) => [key, () => value]));
  const world = (label: string, control: readonly [number, number], treatment: readonly [number, number]): World => ({
    name: label,
    holds: [control, treatment].every(([trials, share]) => Math.min(share, 1 - share) * trials >= fewest),
    isNull: control[1] === treatment[1],
    ...(effect === undefined ? {} : { truth: effect(control[1], treatment[1]) }),
    draw: together({ control: binomial(...control), treatment: binomial(...treatment), ...rest }),
    ...(seeds === undefined ? {} : { seeds }),
  });
  const tiny = world("tiny: shares 0.4, 8 a group", [8, 0.4], [8, 0.4]);
  const worlds = small
    ? [
        world("shares 0.4, 25 a group", [25, 0.4], [25, 0.4]),
        world("0.2 against 0.6, 25 a group", [25, 0.2], [25, 0.6]),
        tiny,
        world("unequal: shares 0.1, 8 against 60", [8, 0.1], [60, 0.1]),
      ]
    : [
        world("shares 0.1, 500 a group", [500, 0.1], [500, 0.1]),
        world("0.1 against 0.16, 500 a group", [500, 0.1], [500, 0.16]),
        tiny,
        world("unequal: shares 0.1, 20 against 1000", [20, 0.1], [1000, 0.1]),
        world("rare: shares 0.002, 1000 a group", [1000, 0.002], [1000, 0.002]),
      ];
  return { name: name ?? statistic, statistic, worlds };
}

/** Both answers of the same entities: yes twice, only the second time, only the first time, never. */
const answers = (n: number, [both, second, first]: readonly [number, number, number]): Draw<Record<string, number>> => {
  const draw = multinomial(n, [both, second, first, 1 - both - second - first]);
  return (random) => {
    const [twice, onlySecond, onlyFirst, neither] = draw(random) as [number, number, number, number];
    return { both: twice, onlySecond, onlyFirst, neither };
  };
};

function pairs(
  statistic: string,
  truth: (first: number, second: number, both: number) => number,
  { tested, large }: { readonly tested: boolean; readonly large: boolean },
): Study {
  const world = (name: string, n: number, cells: readonly [number, number, number]): World => ({
    name,
    holds: !large || n * (cells[1] + cells[2]) >= 10,
    truth: truth(cells[2], cells[1], cells[0]),
    ...(tested ? { isNull: cells[1] === cells[2] } : {}),
    draw: answers(n, cells),
  });
  return {
    name: statistic,
    statistic,
    worlds: [
      world("200 pairs, 12 % change each way", 200, [0.2, 0.12, 0.12]),
      world("200 pairs, 18 % change to yes, 8 % to no", 200, [0.2, 0.18, 0.08]),
      world("8 pairs, 20 % change each way", 8, [0.3, 0.2, 0.2]),
      world("rare: 500 pairs, 0.4 % change each way", 500, [0.005, 0.004, 0.004]),
    ],
  };
}

export const proportionStudies: readonly Study[] = [
  oneShare("wilson-proportion"),
  oneShare("wald-proportion", { fewest: 15 }),
  oneShare("agresti-coull-proportion", { tested: false }),
  oneShare("jeffreys-proportion", { tested: false }),
  oneShare("clopper-pearson-proportion"),
  oneShare("exact-binomial"),
  twoShares("score-difference", { effect: difference }),
  twoShares("newcombe-difference", { effect: difference }),
  twoShares("agresti-caffo-difference", { effect: difference }),
  twoShares("wald-difference", { effect: difference, fewest: 10 }),
  twoShares("wald-difference", { effect: difference, fewest: 10, name: "wald-difference, pooled", more: { pooled: true } }),
  twoShares("fisher-exact", { effect: odds, small: true, seeds: 1000 }),
  twoShares("barnard-exact", { effect: difference, small: true, seeds: 40 }),
  twoShares("boschloo-exact", { small: true, seeds: 200 }),
  twoShares("score-risk-ratio", { effect: ratio }),
  twoShares("log-risk-ratio", { effect: ratio, fewest: 5 }),
  twoShares("score-odds-ratio", { effect: odds }),
  twoShares("log-odds-ratio", { effect: odds, fewest: 5 }),
  ...tableStudies,
  pairs("mcnemar", (first, second) => second - first, { tested: true, large: false }),
  pairs("mcnemar-exact", (first, second) => second / (first + second), { tested: true, large: false }),
  pairs("newcombe-paired-difference", (first, second) => second - first, { tested: false, large: false }),
  pairs("paired-risk-ratio", (first, second, both) => (both + second) / (both + first), { tested: false, large: true }),
  pairs("score-paired-risk-ratio", (first, second, both) => (both + second) / (both + first), { tested: true, large: false }),
];
