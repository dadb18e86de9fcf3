/** The layers above at stake: what consequences do by arithmetic, what behaviour may do, what that is made of, and who wins and loses. */
import type { SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { bandClass } from "../charts/index.ts";
import {
  capitalise,
  currencySign,
  formatCount,
  formatDate,
  formatMoney,
  formatMoneyInProse,
  formatShare,
  formatShareInProse,
} from "../formats/index.ts";
import {
  estimateCells,
  markOf,
  methodWords,
  moneyScale,
  notDetermined,
  numberOf,
  signedMoney,
  signedMoneyInterval,
} from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Figure, ReportTable } from "./report.ts";
import { groupName } from "./who-bears-it.ts";

const modes = ["brief", "full", "method"] as const;
const fullModes = ["full", "method"] as const;
type Steps = SalesScenario["steps"][number]["step"];

const scenarioWords: Readonly<Record<SalesScenario["name"], string>> = {
  none: "Nobody reacts",
  low: "Low reaction",
  central: "Central reaction",
  high: "High reaction",
};

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
    heading: "change of sales, candidate less baseline",
    subtitle: `GMV in ${sales.currency}, ${window(sales)}, ${facts.candidateVersion} less ${facts.baselineVersion}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; what all ${facts.many} would sell under each set of assumptions; dots at the means of the assumptions, bars are ${facts.level} intervals (${facts.many} resampled, assumptions drawn)${first === undefined ? "" : "; hatched: limits of what caps change by themselves"}.`,
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
    heading: "change of the platform's fees",
    subtitle: `Fees in ${sales.currency}, ${window(sales)}, ${facts.candidateVersion} less ${facts.baselineVersion}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; bars are ${facts.level} intervals (${facts.many} resampled, assumptions drawn).`,
    first: revenue === undefined ? undefined : { label: "Fees alone", ...revenue.total },
    valueOf: (scenario) => scenario.revenue,
  });
}

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
    readonly subtitle: string;
    readonly heading: string;
    readonly first: FirstRow | undefined;
    readonly valueOf: (scenario: SalesScenario) => SalesScenario["change"] | undefined;
  },
): Figure {
  const { currency } = sales;
  const rows = sales.scenarios.flatMap((scenario) => {
    const estimated = given.valueOf(scenario);
    return estimated === undefined ? [] : [{ name: scenario.name, label: scenarioWords[scenario.name], estimated }];
  });
  const { first } = given;
  const ends = rows.flatMap(({ estimated }) => Object.values(markOf(estimated)));
  const { scale, suffix } = moneyScale([...ends, ...(first === undefined ? [] : [first.lowest, first.highest])]);
  return {
    id: given.id,
    title: given.title,
    subtitle: given.subtitle,
    chart: {
      kind: "interval-rows",
      label: given.title,
      heading: given.heading,
      columns: ["Estimate", "Interval or limits"],
      isCompact: false,
      axis: { prefix: currencySign(currency), suffix, isChange: true },
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
            isTotal: name === "central",
            isEmphasised: false,
          };
        }),
      ],
    },
    key: [
      { mark: "candidate-dot", words: "at the means of the assumptions" },
      { mark: "interval", words: `${facts.level} interval` },
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

/** A direction is claimed only where the central interval has one and no scenario points the other way. */
function changeTitle(facts: Facts, sales: SalesImpact, central: SalesScenario): string {
  const value = numberOf(central.change) ?? 0;
  const moved = -central.lost;
  if (moved === 0 && central.gained === 0) return `Under central assumptions no ${facts.one} sells more or less`;
  const way = direction(central.change);
  const agree = sales.scenarios.every(({ change }) => Math.sign(numberOf(change) ?? 0) * way >= 0);
  const hands = moved > 0 ? `some ${facts.many} lose ${about(moved, sales.currency)} of sales` : "";
  if (way === 0 || !agree)
    return hands === ""
      ? "Whether sales rise or fall in all is not clear"
      : `Under central assumptions ${hands}; whether sales in all rise or fall is not clear`;
  const part = sales.total > 0 ? Math.abs(value) / sales.total : 0;
  const share = part === 0 ? "" : part < 0.0005 ? ", less than 0.1\u00a0% of all" : `, ${formatShareInProse(part)} of all`;
  return `Under central assumptions sales ${way < 0 ? "fall" : "rise"} by ${about(value, sales.currency)}${share}`;
}

const stepWords: Readonly<Record<Steps, string>> = {
  caps: "Order caps",
  traffic: "More or less traffic",
  "total-traffic": "Total traffic held: what some lose others get",
  displacement: "Lost sales that others make",
  improvement: "Those near the line improve",
};

function stepsTable(sales: SalesImpact): ReportTable {
  const steps = sales.scenarios[0]?.steps.map(({ step }) => step) ?? [];
  const row = (words: string, read: (scenario: SalesScenario) => number | string) => [words, ...sales.scenarios.map(read)];
  return {
    columns: [
      { title: "step", format: "text" },
      ...sales.scenarios.map(({ name }) => ({ title: scenarioWords[name], format: "money" as const })),
    ],
    rows: [
      ...steps.map((step) => row(stepWords[step], (scenario) => scenario.steps.find((one) => one.step === step)?.value ?? "")),
      row("Change of sales, in all", ({ change }) => numberOf(change) ?? notDetermined),
      row("of it gained by some", ({ gained }) => gained),
      row("of it lost by others", ({ lost }) => lost),
    ],
    currency: sales.currency,
  };
}

function bandsFigure(facts: Facts, sales: SalesImpact, central: SalesScenario, isCompact: boolean): Figure {
  const { bands } = central;
  const { scale, suffix } = moneyScale(bands.map(({ change }) => change));
  const title = bandsTitle(facts, sales, central);
  return {
    id: "sales-bands",
    title,
    subtitle: `Change of GMV in ${sales.currency} by size (orders in the last 12 weeks) under central assumptions, ${window(sales)}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; at the means of the assumptions, no interval; bands sum to the change in all; who gains or loses 1\u00a0% or more is counted.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: isCompact ? `net change, ${currencySign(sales.currency)}${suffix}` : "net change of sales",
      columns: ["Net change", "gain, lose"],
      isCompact,
      axis: isCompact ? { prefix: "", suffix: "", isChange: true } : { prefix: currencySign(sales.currency), suffix, isChange: true },
      rows: bands.map((band) => ({
        label: capitalise(band.band),
        note: isCompact ? winnersAndLosers(band) : "",
        mark: { value: band.change * scale },
        estimateText: signedMoney(band.change, sales.currency),
        intervalText: winnersAndLosers(band),
        isTotal: false,
        isEmphasised: false,
      })),
    },
    key: [
      { mark: "candidate-dot", words: "net change" },
      { mark: "up", words: `${facts.many} that gain 1\u00a0% or more` },
      { mark: "down", words: `${facts.many} that lose 1\u00a0% or more` },
    ],
    table: {
      columns: [
        { title: "scenario", format: "text" },
        { title: "size", format: "text" },
        { title: facts.many, format: "count" },
        { title: "GMV", format: "money" },
        { title: "net change", format: "money" },
        { title: "gain", format: "count" },
        { title: "lose", format: "count" },
      ],
      rows: sales.scenarios.flatMap((scenario) =>
        scenario.bands.map((band) => [
          scenarioWords[scenario.name],
          band.band,
          band.entities,
          band.gmv,
          band.change,
          band.winners,
          band.losers,
        ]),
      ),
      currency: sales.currency,
    },
    links: figureLinks(facts, "sales-bands"),
  };
}

function winnersAndLosers({ winners, losers, entities }: SalesScenario["bands"][number]): string {
  return `${formatCount(winners)}\u00a0\u25b2 ${formatCount(losers)}\u00a0\u25bc of ${formatCount(entities)}`;
}

function bandsTitle(facts: Facts, sales: SalesImpact, { bands }: SalesScenario): string {
  const sorted = bands.toSorted((a, b) => a.change - b.change);
  const [worst, best] = [sorted[0], sorted.at(-1)];
  if (worst === undefined || best === undefined || (worst.change === 0 && best.change === 0))
    return `No size of ${facts.one} gains or loses`;
  const who = (band: string) => groupName(facts, "size", band);
  const money = (amount: number) => about(amount, sales.currency);
  if (worst.change >= 0) return `${who(best.band)} gain ${money(best.change)}, and no size loses`;
  if (best.change <= 0) return `${who(worst.band)} lose ${money(worst.change)}, and no size gains`;
  return `${who(worst.band)} lose ${money(worst.change)} in all, and those with ${best.band} gain ${money(best.change)}`;
}

const sourceGroups = [
  { words: "sellers drawn again", sources: ["sellers"] },
  { words: "how sales go with traffic", sources: ["traffic_elasticity"] },
  { words: "other assumptions", sources: ["displacement", "improvement", "day_spread"] },
  { words: "several together", sources: ["together"] },
] as const;

function varianceFigure(facts: Facts, sales: SalesImpact, central: SalesScenario): Figure {
  const shown = sales.scenarios.filter(({ variance }) => variance.length > 0);
  const groups = sourceGroups.map(({ words, sources }) => ({
    words: words.replace("sellers", facts.many),
    sources: sources as readonly string[],
  }));
  const shareOf = ({ variance }: SalesScenario, sources: readonly string[]) =>
    variance.reduce((sum, { source, share }) => sum + (sources.includes(source) ? share : 0), 0);
  const most = groups.toSorted((a, b) => shareOf(central, b.sources) - shareOf(central, a.sources))[0];
  const share = most === undefined ? 0 : shareOf(central, most.sources);
  const title = `Of what is uncertain under central assumptions, ${formatShare(share, 0)} comes from ${most?.words ?? ""}`;
  const bands = groups.map(({ words }) => ({ name: words, isEmphasised: words === most?.words }));
  return {
    id: "sales-variance",
    title,
    subtitle: `Per cent of the variance of the change of sales by its source, ${window(sales)}; first-order shares, known to about two points; each row sums to 100\u00a0%.`,
    chart: {
      kind: "shares",
      label: title,
      bands,
      rows: shown.map((scenario) => {
        const shares = groups.map(({ sources }) => shareOf(scenario, sources));
        return { label: scenarioWords[scenario.name], note: "", shares, texts: shares.map((one) => formatShare(one, 0)) };
      }),
    },
    key: bands.map((band, index) => ({ mark: bandClass({ bands }, index), words: band.name })),
    table: {
      columns: [
        { title: "source", format: "text" },
        ...shown.map(({ name }) => ({ title: scenarioWords[name], format: "share" as const })),
      ],
      rows: (central.variance ?? []).map(({ source }) => [
        source.replaceAll("_", " "),
        ...shown.map((scenario) => shareOf(scenario, [source])),
      ]),
      currency: "",
    },
    links: figureLinks(facts, "sales-variance"),
  };
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
      : ` Payout holds move cash, not sales: ${formatMoney(Math.abs(cash), currency)}\u00a0× days ${cash > 0 ? "more" : "less"}.`;
  const text = `At stake is not lost: it is what ${facts.many} sold whose consequences would differ. ${known}${censored}${holds} Caps and fees are arithmetic; traffic is a scenario. Parts sum to the total; their intervals do not add.`;
  return { modes, kind: "aside", text };
}

function mechanicalBlock(facts: Facts, { mechanical, currency }: SalesImpact): readonly Block[] {
  const { caps, revenue, holds } = mechanical;
  const value = (estimated: SalesScenario["change"]) => numberOf(estimated) ?? notDetermined;
  const rows = [
    ...(caps?.kind === "range"
      ? [
          ["Order caps, GMV: the least that they remove", caps.baseline.highest, caps.candidate.highest, value(caps.change.highest)],
          ["Order caps, GMV: the most that they remove", caps.baseline.lowest, caps.candidate.lowest, value(caps.change.lowest)],
        ]
      : caps === undefined
        ? []
        : [[`Order caps: ${caps.reason}`, "", "", notDetermined]]),
    ...(revenue === undefined
      ? []
      : [
          ["Fees on observed sales", revenue.baseline, revenue.candidate, value(revenue.fees)],
          ["Fees on what caps remove, lowest", "", "", revenue.capped.lowest],
          ["Fees on what caps remove, highest", "", "", revenue.capped.highest],
          ["Platform revenue, lowest", "", "", revenue.total.lowest],
          ["Platform revenue, highest", "", "", revenue.total.highest],
        ]),
    ...(holds === undefined ? [] : [["Payout holds, GMV times days", holds.baseline, holds.candidate, value(holds.change)]]),
  ];
  if (rows.length === 0) return [];
  const table: ReportTable = {
    columns: [
      { title: "consequence", format: "text" },
      { title: `${facts.baselineVersion} against what was in force`, format: "money" },
      { title: `${facts.candidateVersion} against what was in force`, format: "money" },
      { title: `${facts.candidateVersion} less ${facts.baselineVersion}`, format: "money" },
    ],
    rows,
    currency,
  };
  return [{ modes: fullModes, kind: "table", name: "What consequences do by their own arithmetic", table, isOpen: false }];
}

function assumptionsBlock({ assumptions, scenarios }: SalesImpact): readonly Block[] {
  if (assumptions === undefined) return [];
  const table: ReportTable = {
    columns: ["assumption", "low", "central", "high", "source"].map((title) => ({ title, format: "text" as const })),
    rows: assumptions.terms.map(({ about, low, central, high, source }) => [about, low, central, high, source]),
    currency: "",
  };
  const held =
    assumptions.totalTraffic === "held"
      ? "Total traffic is held: views that one loses are others' views."
      : "Total traffic is free: views that one loses are gone.";
  const method = scenarios.find(({ name }) => name === "central")?.change;
  return [
    { modes: ["method"], kind: "table", name: `Assumptions: ${assumptions.name}`, table, isOpen: true },
    {
      modes: ["method"],
      kind: "note",
      title: "How scenarios are computed",
      paragraphs: [
        "Sales under a policy = (observed sales - what its caps remove) x (its traffic / the traffic really in force) ^ elasticity. Of what caps turn away (and, when total traffic is free, of what less traffic loses) a share moves to those from whom nothing is taken. A share of the newly adverse near the line keeps what it had. Caps are taken of observed orders: at a tier that has less traffic as well, both together overstate the loss.",
        `${held} Near the line: within ${assumptions.nearPoints} points of the headline score. ${assumptions.title}.`,
        ...(method === undefined ? [] : [`Interval: ${methodWords(method)}`]),
      ],
    },
  ];
}

/** The size of an amount that nobody knows to the last digit. */
function about(minor: number, currency: string): string {
  return `about ${formatMoneyInProse(Number(Math.abs(minor).toPrecision(3)), currency)}`;
}

function window(sales: SalesImpact): string {
  return `${formatDate(sales.windowFrom)} to ${formatDate(sales.at)}`;
}
