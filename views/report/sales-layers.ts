/** The layers above at stake: what consequences do by arithmetic, what behaviour may do, what that is made of, and who wins and loses. */
import type { SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { capitalise, currencySign, formatCount, formatMoneyExact, formatRange, formatShareInProse } from "../formats/index.ts";
import {
  estimateCells,
  exactAmounts,
  haveIntervals,
  markOf,
  moneyScale,
  notDetermined,
  numberOf,
  signedMoney,
  signedMoneyExact,
  signedMoneyInterval,
} from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Figure } from "./report.ts";
import { bandsFigure, varianceFigure } from "./sales-parts.ts";
import { assumptionsBlock, mechanicalBlock, stepsTable } from "./sales-tables.ts";
import { about, aboutAmounts, scenarioWords, windowOf } from "./sales-words.ts";

const modes = ["brief", "full", "method"] as const;
const fullModes = ["full", "method"] as const;

/** The blocks of the layers; nothing without scenarios but what arithmetic gives. */
export function layerBlocks(facts: Facts, sales: SalesImpact): readonly Block[] {
  const central = scenarioOf(sales, "central");
  const scenarios = central === undefined ? [] : scenarioBlocks(facts, sales, central);
  return [...scenarios, inForceWords(facts, sales), ...mechanicalBlock(facts, sales), ...assumptionsBlock(sales)];
}

function scenarioBlocks(facts: Facts, sales: SalesImpact, central: SalesScenario): readonly Block[] {
  const revenue = sales.scenarios.some((scenario) => scenario.revenue !== undefined) ? [revenueFigure(facts, sales)] : [];
  return [
    { modes, kind: "figure", figure: changeFigure(facts, sales, central) },
    { modes: fullModes, kind: "table", name: "What each change is made of", table: stepsTable(sales), isOpen: true },
    ...revenue.map((figure): Block => ({ modes: fullModes, kind: "figure", figure })),
    ...pairBlock([
      ...(central.variance.length === 0 ? [] : [varianceFigure(facts, sales, central)]),
      ...(central.bands.length === 0 ? [] : [bandsFigure(facts, sales, central, central.variance.length > 0)]),
    ]),
  ];
}

function pairBlock(figures: readonly Figure[]): readonly Block[] {
  const [figure] = figures;
  if (figure === undefined) return [];
  return figures.length === 1
    ? [{ modes: fullModes, kind: "figure", figure }]
    : [{ modes: fullModes, kind: "pair", isFirstWide: true, figures }];
}

/** One of the scenarios, by name. */
export function scenarioOf(sales: SalesImpact, name: SalesScenario["name"]): SalesScenario | undefined {
  return sales.scenarios.find((scenario) => scenario.name === name);
}

function changeFigure(facts: Facts, sales: SalesImpact, central: SalesScenario): Figure {
  const title = changeTitle(facts, sales, central);
  const first = capsRow(sales);
  return rowsFigure(facts, sales, {
    id: "sales-change",
    title,
    amounts: aboutAmounts([central.lost, numberOf(central.change) ?? 0], sales.currency),
    heading: "change of sales, candidate less baseline",
    subtitle: `GMV in ${sales.currency}, ${windowOf(sales)}, ${facts.candidateVersion} less ${facts.baselineVersion}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; what all ${facts.many} would sell under each set of assumptions; dots at the means of the assumptions, ${barsWords(facts, sales, ({ change }) => change)}${first === undefined ? "" : "; hatched: limits of what caps change by themselves"}.`,
    first,
    valueOf: ({ change }) => change,
  });
}

function capsRow(sales: SalesImpact): FirstRow | undefined {
  const { caps } = sales.mechanical;
  if (caps?.kind !== "range") return undefined;
  const [lowest, highest] = [numberOf(caps.change.lowest), numberOf(caps.change.highest)];
  return lowest === undefined || highest === undefined ? undefined : { label: "Order caps alone", lowest, highest };
}

function revenueFigure(facts: Facts, sales: SalesImpact): Figure {
  const { revenue } = sales.mechanical;
  const central = scenarioOf(sales, "central")?.revenue;
  const [value, isClear] = [central === undefined ? undefined : numberOf(central), central !== undefined && direction(central) !== 0];
  const title =
    value === undefined || value === 0
      ? "The platform's fees do not change"
      : isClear
        ? `The platform's fees ${value < 0 ? "fall" : "rise"} by ${about(value, sales.currency)} under central assumptions`
        : "Whether the platform's fees rise or fall is not clear";
  return rowsFigure(facts, sales, {
    id: "sales-revenue",
    title,
    amounts: aboutAmounts([value ?? 0], sales.currency),
    heading: "change of the platform's fees",
    subtitle: `Fees in ${sales.currency}, ${windowOf(sales)}, ${facts.candidateVersion} less ${facts.baselineVersion}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; ${barsWords(facts, sales, (scenario) => scenario.revenue)}.`,
    first: revenue === undefined ? undefined : { label: "Fees alone", ...revenue.total },
    valueOf: (scenario) => scenario.revenue,
  });
}

/** What the bars are, where there are any. */
function barsWords(facts: Facts, { scenarios }: SalesImpact, changeOf: ValueOf): string {
  if (haveIntervals(scenarios.flatMap((scenario) => changeOf(scenario) ?? [])))
    return `bars are ${facts.level} intervals (${facts.many} resampled, assumptions drawn)`;
  const { noDraw } = facts.candidate;
  return noDraw === undefined ? `too few ${facts.many} for intervals` : `no intervals: ${noDraw}`;
}

type ValueOf = (scenario: SalesScenario) => SalesScenario["change"] | undefined;

interface FirstRow {
  readonly label: string;
  readonly lowest: number;
  readonly highest: number;
}

/** A row for the arithmetic, as limits, and one a scenario. */
function rowsFigure(
  facts: Facts,
  sales: SalesImpact,
  given: {
    readonly id: string;
    readonly title: string;
    readonly amounts: NonNullable<Figure["amounts"]>;
    readonly subtitle: string;
    readonly heading: string;
    readonly first: FirstRow | undefined;
    readonly valueOf: ValueOf;
  },
): Figure {
  const { currency } = sales;
  const rows = sales.scenarios.flatMap((scenario) => {
    const estimated = given.valueOf(scenario);
    return estimated === undefined ? [] : [{ name: scenario.name, label: scenarioWords[scenario.name], estimated }];
  });
  const { first } = given;
  const hasIntervals = haveIntervals(rows.map(({ estimated }) => estimated));
  const ends = rows.flatMap(({ estimated }) => Object.values(markOf(estimated)));
  const { scale, ...money } = moneyScale([...ends, ...(first === undefined ? [] : [first.lowest, first.highest])], currency);
  return {
    id: given.id,
    title: given.title,
    amounts: given.amounts,
    subtitle: given.subtitle,
    chart: {
      kind: "interval-rows",
      label: given.title,
      heading: given.heading,
      columns: ["Estimate", "Interval or limits"],
      isCompact: false,
      axis: { prefix: currencySign(currency), ...money, isChange: true },
      rows: [
        ...(first === undefined ? [] : [limitsRow(first, scale, currency)]),
        ...rows.map(({ name, label, estimated }) => {
          const value = numberOf(estimated);
          return {
            label,
            note: "",
            mark: markOf(estimated, scale),
            estimateText: value === undefined ? notDetermined : signedMoney(value, currency),
            intervalText: signedMoneyInterval(estimated, currency),
            ...exactAmounts(estimated, currency, true),
            isTotal: name === "central",
            isEmphasised: false,
          };
        }),
      ],
    },
    key: [
      { mark: "candidate-dot", words: "at the means of the assumptions" },
      ...(hasIntervals ? [{ mark: "interval" as const, words: `${facts.level} interval` }] : []),
      ...(first === undefined || first.lowest === first.highest ? [] : [{ mark: "limits" as const, words: "limits, by arithmetic" }]),
    ],
    table: {
      columns: [
        { title: "scenario", format: "text" },
        { title: "change", format: "money" },
        { title: "lower", format: "money" },
        { title: "upper", format: "money" },
      ],
      rows: [
        ...(first === undefined ? [] : [[`${first.label}, limits`, "", first.lowest, first.highest]]),
        ...rows.map(({ label, estimated }) => [label, ...estimateCells(estimated)]),
      ],
      currency,
    },
    links: figureLinks(facts, given.id),
  };
}

function limitsRow({ label, lowest, highest }: FirstRow, scale: number, currency: string) {
  const isExact = lowest === highest;
  return {
    label,
    note: "",
    mark: isExact ? { value: lowest * scale } : { lower: lowest * scale, upper: highest * scale },
    estimateText: isExact ? signedMoney(lowest, currency) : "",
    intervalText: isExact ? "exact" : `${signedMoney(lowest, currency)} to ${signedMoney(highest, currency)}`,
    exact: isExact
      ? { estimate: signedMoneyExact(lowest, currency), interval: "" }
      : { estimate: "", interval: formatRange(signedMoneyExact(lowest, currency), signedMoneyExact(highest, currency)) },
    isTotal: false,
    isEmphasised: false,
  };
}

/** Which way an interval points; 0 where it holds 0, or there is none. */
function direction(estimated: SalesScenario["change"]): number {
  if (estimated.kind === "undetermined" || estimated.interval === undefined) return 0;
  const { lower, upper } = estimated.interval;
  return lower > 0 ? 1 : upper < 0 ? -1 : 0;
}

/** Whether sales in all rise (1) or fall (-1) once people react; claimed only where the intervals of all three scenarios say the same, else 0. */
export function claimedDirection({ scenarios }: SalesImpact): number {
  const ways = scenarios.filter(({ name }) => name !== "none").map(({ change }) => direction(change));
  return new Set(ways).size === 1 ? (ways[0] ?? 0) : 0;
}

/** Why no direction is claimed: the central interval holds 0, or the other assumptions say otherwise. */
export function unclearWords({ change }: SalesScenario): string {
  const way = direction(change);
  return way === 0 ? "whether sales rise or fall is not clear" : `whether sales ${way < 0 ? "fall" : "rise"} depends on the assumptions`;
}

function changeTitle(facts: Facts, sales: SalesImpact, central: SalesScenario): string {
  const value = numberOf(central.change) ?? 0;
  const moved = -central.lost;
  if (moved === 0 && central.gained === 0) return `Under central assumptions no ${facts.one} sells more or less`;
  const way = claimedDirection(sales);
  const hands = moved > 0 ? `some ${facts.many} lose ${about(moved, sales.currency)} of sales` : "";
  if (way === 0) return hands === "" ? capitalise(unclearWords(central)) : `Under central assumptions ${hands}; ${unclearWords(central)}`;
  const part = sales.total > 0 ? Math.abs(value) / sales.total : 0;
  const share = part === 0 ? "" : part < 0.0005 ? ", less than 0.1\u00a0% of all" : `, ${formatShareInProse(part)} of all`;
  return `Under central assumptions sales ${way < 0 ? "fall" : "rise"} by ${about(value, sales.currency)}${share}`;
}

function inForceWords(facts: Facts, { inForce, mechanical, currency }: SalesImpact): Block {
  const { entities, unknown, capped, lifted } = inForce;
  const known =
    unknown === entities
      ? `Which tier was really in force is not known, so no consequence is taken to have been.`
      : unknown > 0
        ? `Of ${formatCount(unknown)} of ${formatCount(entities)} ${facts.many} the tier really in force is not known all the way, and no consequence is taken to have been in force then.`
        : `What was really in force is known, and is inside the observed sales.`;
  const under = capped.entities === 1 ? `One ${facts.one} was` : `${formatCount(capped.entities)} ${facts.many} were`;
  const censored =
    capped.entities === 0
      ? ""
      : ` ${under} really under a cap of orders: what it turned away is not in the panel. A cap that is lifted (for ${formatCount(lifted.baseline)} under ${facts.baselineVersion}, ${formatCount(lifted.candidate)} under ${facts.candidateVersion}) sets free an unknown amount, counted as nothing.`;
  const cash = mechanical.holds === undefined ? undefined : numberOf(mechanical.holds.change);
  const holds =
    cash === undefined || cash === 0
      ? ""
      : ` Payout holds move cash, not sales: ${formatMoneyExact(Math.abs(cash), currency)} of cash-days ${cash > 0 ? "more" : "less"} (what is held, times the days that it is held).`;
  const text = `At stake is not lost: it is what ${facts.many} sold whose consequences would differ. ${known}${censored}${holds} Caps and fees are arithmetic; traffic is a scenario. Parts sum to the total; their intervals do not add.`;
  return { modes, kind: "aside", text };
}
