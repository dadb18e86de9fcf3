/** Sales at stake: GMV of the 28 days whose consequences differ, with intervals; the layers above it; who holds it by tier. */
import type { GmvAtStake } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import {
  countOf,
  currencySign,
  formatDate,
  formatMoney,
  formatMoneyExact,
  formatMoneyInProse,
  formatPoints,
  formatShare,
  formatShareInProse,
  sharePair,
} from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, exactAmounts, markOf, methodWords, moneyInterval, moneyScale, notDetermined, numberOf } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { estimateKey } from "./paired-shares.ts";
import type { Block, Figure, Section } from "./report.ts";
import { harmBlocks } from "./sales-harm.ts";
import { layerBlocks } from "./sales-layers.ts";

const modes = ["brief", "full", "method"] as const;
const fullModes = ["full", "method"] as const;

/** Without a GMV measure the section says so, and stops. */
export function salesSection(facts: Facts): Section {
  const { gmv, sales } = facts.candidate;
  const head = { id: "sales", name: "Sales at stake" };
  if (gmv === undefined) {
    const subtitle = "No column of the dataset is declared as GMV, so nothing is said about money.";
    return { ...head, blocks: [{ modes, kind: "finding", title: "This panel holds no sales", subtitle }] };
  }
  return {
    ...head,
    blocks: [
      { modes, kind: "figure", figure: atStakeFigure(facts, gmv) },
      ...fewHands(facts, gmv),
      ...(sales === undefined ? [notEstimated(facts)] : [...layerBlocks(facts, sales), ...harmBlocks(facts, sales)]),
      { modes: fullModes, kind: "figure", figure: byTierFigure(facts, gmv) },
      methodNote(facts, gmv),
    ],
  };
}

/** How much of it lies with few: an interval of a sum that one seller carries says little of the others. */
function fewHands(facts: Facts, { atStake, largest, entities = 0, currency }: GmvAtStake): readonly Block[] {
  const all = numberOf(atStake);
  if (largest === undefined || all === undefined || all === 0 || entities < 2) return [];
  const share = (part: number) => formatShareInProse(part / all);
  const ten = entities <= 10 ? "" : `, the ten largest ${share(largest.ten)}`;
  const text = `Of what is at stake one ${facts.one} holds ${share(largest.one)} (${formatMoneyExact(largest.one, currency)})${ten}; without that one it would be ${formatMoneyExact(all - largest.one, currency)}.`;
  return [{ modes, kind: "aside", text }];
}

/** What is at stake by the direction in which it goes, and in all. */
export function stakeParts(
  gmv: GmvAtStake,
): readonly { readonly name: string; readonly estimated: Estimated; readonly isTotal: boolean }[] {
  const other =
    gmv.other === undefined || numberOf(gmv.other) === 0
      ? []
      : [{ name: "Otherwise: unrated, or new terms", estimated: gmv.other, isTotal: false }];
  return [
    { name: "Held in a lower tier", estimated: gmv.lower, isTotal: false },
    { name: "Held in a higher tier", estimated: gmv.higher, isTotal: false },
    ...other,
    { name: "At stake in all", estimated: gmv.atStake, isTotal: true },
  ];
}

function atStakeFigure(facts: Facts, gmv: GmvAtStake): Figure {
  const parts = stakeParts(gmv);
  const { scale, ...money } = moneyScale(
    parts.flatMap(({ estimated }) => {
      const mark = markOf(estimated);
      return [mark.value, mark.upper].filter((end) => end !== undefined);
    }),
    gmv.currency,
  );
  const title = atStakeTitle(gmv);
  const who =
    gmv.entities === undefined
      ? `n\u00a0=\u00a0${countOf(facts.inFrame, facts.one, facts.many)} in the frame; `
      : `n\u00a0=\u00a0${countOf(gmv.entities, facts.one, facts.many)} whose consequences differ; `;
  const rows = parts.map(({ name, estimated, isTotal }) => {
    const value = numberOf(estimated);
    return {
      label: name,
      note: "",
      mark: markOf(estimated, scale),
      estimateText: value === undefined ? notDetermined : formatMoney(value, gmv.currency),
      intervalText: estimated.kind === "undetermined" ? "" : moneyInterval(estimated, gmv.currency),
      ...exactAmounts(estimated, gmv.currency),
      isTotal,
      isEmphasised: false,
    };
  });
  const bars = barsOf(facts, rows, `${facts.many} resampled`);
  return {
    id: "at-stake",
    title,
    amounts: atStakeAmounts(gmv),
    subtitle: `GMV in ${gmv.currency}, ${formatDate(gmv.windowFrom)} to ${formatDate(gmv.at)}${gmv.windowRule === undefined ? "" : ` (${gmv.windowRule})`}; ${who}all sales ${formatMoneyExact(gmv.total, gmv.currency)}; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "sales of those whose held consequences differ",
      columns: ["Estimate", bars.column],
      isCompact: false,
      axis: { prefix: currencySign(gmv.currency), ...money, isChange: false },
      rows,
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "part", format: "text" },
        { title: "GMV", format: "money" },
        { title: "lower", format: "money" },
        { title: "upper", format: "money" },
      ],
      rows: parts.map(({ name, estimated }) => [name, ...estimateCells(estimated)]),
      currency: gmv.currency,
    },
    links: figureLinks(facts, "at-stake"),
  };
}

function atStakeTitle(gmv: GmvAtStake): string {
  const [all, lower, higher] = [numberOf(gmv.atStake), numberOf(gmv.lower), numberOf(gmv.higher)];
  if (all === undefined) return `Sales at stake are not determined`;
  if (all === 0) return "No sales change treatment";
  const total = `${formatMoneyInProse(all, gmv.currency)} of sales change treatment`;
  if (lower === undefined || higher === undefined || lower + higher === 0) return total;
  if (lower > higher) return `${total}; ${partWords(lower, all)} of it is held in a lower tier`;
  return `${total}; ${partWords(higher, all)} of it is held in a higher tier`;
}

function atStakeAmounts(gmv: GmvAtStake): NonNullable<Figure["amounts"]> {
  const all = numberOf(gmv.atStake);
  return all === undefined ? [] : [{ text: formatMoneyInProse(all, gmv.currency), exact: formatMoneyExact(Math.round(all), gmv.currency) }];
}

function partWords(part: number, all: number): string {
  return part === all ? "all" : formatShareInProse(part / all);
}

/** Of a comparison that holds no layers. */
function notEstimated(facts: Facts): Block {
  const text = `At stake is not lost. It is what ${facts.many} sold in these 28 days whose consequences would differ, not what would have changed. Traffic is a scenario, not arithmetic; payout holds move cash, not sales. Parts sum to the total; their intervals do not add.`;
  return { modes, kind: "aside", text };
}

function byTierFigure(facts: Facts, gmv: GmvAtStake): Figure {
  const shares = gmv.byTier.map((row) => ({
    ...row,
    before: gmv.total === 0 ? 0 : row.baseline / gmv.total,
    after: gmv.total === 0 ? 0 : row.candidate / gmv.total,
  }));
  const most = shares.toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))[0];
  const [from, to] = most === undefined ? ["", ""] : sharePair(most.before, most.after);
  const title =
    most === undefined || from === to
      ? "Each tier keeps its share of sales"
      : `The share of sales in ${most.tier} goes from ${from} to ${to}`;
  return {
    id: "sales-by-tier",
    title,
    subtitle: `Per cent of GMV by held tier under each version, ${formatDate(gmv.windowFrom)} to ${formatDate(gmv.at)}; n\u00a0=\u00a0${countOf(facts.inFrame, facts.one, facts.many)} in the frame at the end; all sales ${formatMoneyExact(gmv.total, gmv.currency)}; sums of recorded history, no interval.`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "Share of sales, %",
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: "",
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows: shares.map((row) => ({
        label: row.tier,
        notes: [],
        isBounds: false,
        baseline: { value: row.before * 100 },
        candidate: { value: row.after * 100 },
        pairText: `${formatShare(row.before)} → ${formatShare(row.after)}`.replace(/\u00a0%(?= →)/, ""),
        change: { value: (row.after - row.before) * 100 },
        changeText: formatPoints(row.after - row.before),
        changeIntervalText: "",
      })),
    },
    key: [
      { mark: "baseline-point", words: facts.baselineVersion },
      { mark: "candidate-point", words: facts.candidateVersion },
    ],
    table: {
      columns: [
        { title: "tier", format: "text" },
        { title: `GMV, ${facts.baselineVersion}`, format: "money" },
        { title: `GMV, ${facts.candidateVersion}`, format: "money" },
      ],
      rows: gmv.byTier.map((row) => [row.tier, row.baseline, row.candidate]),
      currency: gmv.currency,
    },
    links: figureLinks(facts, "sales-by-tier"),
  };
}

function methodNote(facts: Facts, gmv: GmvAtStake): Block {
  const { atStake } = gmv;
  return {
    modes: ["method"],
    kind: "note",
    title: "How sales at stake are summed",
    paragraphs: [
      `GMV is item price without freight, by purchase date; cancelled orders apart. At stake = GMV over (${formatDate(gmv.at)} less 28 days, ${formatDate(gmv.at)}] of ${facts.many} whose held consequences differ at ${formatDate(gmv.at)}. Consequences that were really in force are inside the observed figures.`,
      `Interval: ${methodWords(atStake)}`,
    ],
  };
}
