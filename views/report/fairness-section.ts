/** Fairness: each group against everyone else, corrected for how many were looked at; rates under both versions; flips from noise. */
import type { ComparedFigure, Fairness, FairnessGroup, PairedShare } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { IntervalRow, PairedRow } from "../charts/index.ts";
import { capitalise, formatCount, formatDate, formatPoints, formatShare, listInWords, uncapitalise } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, notDetermined, numberOf, pointsInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { noiseBlocks, noiseParagraphs } from "./noise-figures.ts";
import { pairedKey, pairedShares } from "./paired-shares.ts";
import type { Block, Cell, Figure, ReportTable, Section } from "./report.ts";
import { groupName, ratedIn, segmentWords } from "./who-bears-it.ts";

const modes = ["full", "method"] as const;
/** Rows of a drawing, and of a table on the page, which stays light; the CSV of the whole comparison holds all. */
const drawnMax = 8;
const tableMax = 8;
const pairsMax = 5;

/** One group with where it stands. */
interface Placed {
  readonly segment: string;
  readonly group: FairnessGroup;
}

/** Undefined where the comparison was made without it. */
export function fairnessSection(facts: Facts): Section | undefined {
  const { fairness } = facts.candidate;
  if (fairness === undefined) return undefined;
  const placed = fairness.segmentations.flatMap(({ segment, groups }) => groups.map((group) => ({ segment, group })));
  return {
    id: "fairness",
    name: "Fairness",
    blocks: [
      ...againstRestBlocks(facts, fairness, placed),
      { modes, kind: "list", items: readings(facts, fairness) },
      ...cautionBlocks(facts, fairness),
      ...(isLarge(fairness) ? [{ modes, kind: "figure", figure: adverseFigure(facts, fairness) } as const] : []),
      {
        modes: ["method"],
        kind: "table",
        name: "Rates of the largest groups, by version",
        table: ratesTable(facts, placed),
        isOpen: false,
      },
      ...noiseBlocks(facts, fairness),
      methodNote(facts, fairness),
    ],
  };
}

/** Who cannot be rated can neither move nor be adverse, and is left out wherever groups are set against each other. */
function ratedOnly({ all }: Fairness): string {
  return ratedIn(all) < all.entities ? ", among those rated under either version" : "";
}

/** Whether anybody has a rate: everyone is at least as large as any group. */
function isLarge({ all }: Fairness): boolean {
  return all.rates !== undefined;
}

function againstRestBlocks(facts: Facts, fairness: Fairness, placed: readonly Placed[]): readonly Block[] {
  const compared = placed.filter(({ group }) => group.againstRest["newly-adverse"] !== undefined);
  if (compared.length === 0) {
    const reason =
      fairness.all.counts.newlyAdverse === 0
        ? "Nobody is newly adverse, so that no group bears more than another"
        : facts.candidate.noDraw !== undefined
          ? "No group is set against the rest"
          : `No group of ${facts.many} is large enough to be set against the rest`;
    const why = facts.candidate.noDraw === undefined ? "" : ` ${capitalise(facts.candidate.noDraw)}, so that no test holds.`;
    const subtitle = `Groups of at least ${fairness.cellEntitiesMin} ${facts.many}, ${facts.when}; counts.${why}`;
    return [{ modes, kind: "finding", title: reason, subtitle }];
  }
  return [{ modes, kind: "figure", figure: againstRestFigure(facts, fairness, compared) }];
}

function againstRestFigure(facts: Facts, fairness: Fairness, compared: readonly Placed[]): Figure {
  const alpha = 1 - facts.comparison.provenance.level;
  const entryOf = ({ group }: Placed) => group.againstRest["newly-adverse"];
  const isOut = (one: Placed): boolean => (entryOf(one)?.benjaminiHochberg ?? 1) < alpha;
  const size = (one: Placed): number => Math.abs(numberOf(entryOf(one)?.difference ?? noEstimate) ?? 0);
  const sorted = compared.toSorted((a, b) => Number(isOut(b)) - Number(isOut(a)) || size(b) - size(a));
  const title = againstRestTitle(facts, fairness);
  const shown = sorted.slice(0, drawnMax);
  const table: ReportTable = {
    columns: [
      { title: "segment", format: "text" },
      { title: "group", format: "text" },
      { title: facts.many, format: "count" },
      { title: "rated under either", format: "count" },
      { title: "newly adverse rate", format: "share" },
      { title: "less the rest", format: "points" },
      { title: "lower", format: "points" },
      { title: "upper", format: "points" },
      { title: "corrected lower", format: "points" },
      { title: "corrected upper", format: "points" },
      { title: "corrected reading", format: "text" },
      { title: "p, Benjamini-Hochberg", format: "number" },
      { title: "p, Holm", format: "number" },
      { title: "times the rate of all", format: "number" },
      { title: "from", format: "number" },
      { title: "to", format: "number" },
      { title: "pooled rate", format: "share" },
      { title: "pooled lower", format: "share" },
      { title: "pooled upper", format: "share" },
    ],
    rows: sorted.slice(0, tableMax).map((one): readonly Cell[] => {
      const { segment, group } = one;
      const entry = entryOf(one);
      const pooled = group.pooled["newly-adverse"];
      const covering = entry?.falseCoverage;
      return [
        segmentWords(segment),
        group.value,
        group.entities,
        ratedIn(group),
        rounded(numberOf(group.rates?.newlyAdverse ?? noEstimate) ?? notDetermined),
        ...estimateCells(entry?.difference ?? noEstimate).map(rounded),
        rounded(covering?.lower ?? ""),
        rounded(covering?.upper ?? ""),
        covering === undefined ? "may be chance" : covering.mayIncludeZero ? "beyond chance; interval includes 0" : "beyond chance",
        rounded(entry?.benjaminiHochberg ?? ""),
        rounded(entry?.holm ?? ""),
        ...estimateCells(entry?.ratioToAll ?? noEstimate).map(rounded),
        rounded(pooled?.value ?? ""),
        rounded(pooled?.lower ?? ""),
        rounded(pooled?.upper ?? ""),
      ];
    }),
    currency: "",
  };
  return {
    id: "fairness-groups",
    title,
    subtitle: `Newly adverse rate of a group less that of all other ${facts.many}${ratedOnly(fairness)}, percentage points, ${facts.when}; n\u00a0=\u00a0${formatCount(ratedIn(fairness.all))}; ${facts.level} intervals, each by itself; bold where beyond chance after correction for ${formatCount(compared.length)} groups${shown.length < compared.length ? `; ${shown.length} of them drawn` : ""}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "Group less the rest, percentage points",
      columns: ["difference", facts.level],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: true },
      rows: shown.map((one): IntervalRow => {
        const difference = entryOf(one)?.difference ?? noEstimate;
        const value = numberOf(difference);
        return {
          label: `${segmentWords(one.segment)} ${one.group.value}, n\u00a0=\u00a0${formatCount(ratedIn(one.group))}`,
          note: "",
          mark: markOf(difference, 100),
          estimateText: value === undefined ? notDetermined : formatPoints(value),
          intervalText: pointsInterval(difference).replace("\u00a0pp", ""),
          isTotal: false,
          isEmphasised: isOut(one),
        };
      }),
    },
    key: [
      { mark: "candidate-point", words: "difference" },
      { mark: "interval", words: `${facts.level} interval` },
    ],
    table,
    links: figureLinks(facts, "fairness-groups"),
  };
}

const noEstimate: Estimated = { kind: "undetermined", reason: "", wouldDetermine: "" };

function againstRestTitle(facts: Facts, fairness: Fairness): string {
  const found = beyondTheRest(facts, fairness);
  return found === undefined
    ? "No group turns adverse more often than the rest by more than chance would make it"
    : `${capitalise(found.group)} turn adverse more often than the rest, beyond chance: ${found.rate} against ${found.rest}`;
}

/** The group that turns adverse more often than the rest by more than chance would make it, with both rates; undefined where none does. */
export function beyondTheRest(
  facts: Facts,
  fairness: Fairness | undefined = facts.candidate.fairness,
): { readonly group: string; readonly rate: string; readonly rest: string } | undefined {
  const worst = fairness?.worst.find(({ figure }) => figure === "newly-adverse");
  if (fairness === undefined || worst?.isBeyondChance !== true) return undefined;
  const group = groupOf(fairness, worst.segment, worst.value);
  const difference = numberOf(group?.againstRest["newly-adverse"]?.difference ?? noEstimate) ?? 0;
  const rate = numberOf(group?.rates?.newlyAdverse ?? noEstimate) ?? 0;
  return {
    group: uncapitalise(groupName(facts, worst.segment, worst.value)),
    rate: formatShare(rate),
    rest: formatShare(rate - difference),
  };
}

const figureWords: Readonly<Record<ComparedFigure, string>> = {
  "newly-adverse": "Newly adverse",
  "moved-down": "Moved down",
  adverse: "Held adverse",
  "false-positive": "False-positive rate",
  "false-share": "False share",
  "net-benefit": "Up less down",
};

/** The worst group of every figure, and whether that may be chance. */
function readings(facts: Facts, fairness: Fairness): readonly string[] {
  return fairness.worst.map(({ figure, segment, value, isBeyondChance, isBeyondChanceHolm }) => {
    const entry = groupOf(fairness, segment, value)?.againstRest[figure];
    const difference = entry?.difference ?? noEstimate;
    const size = numberOf(difference);
    const verdict = isBeyondChance
      ? isBeyondChanceHolm
        ? "beyond chance"
        : "beyond chance by Benjamini-Hochberg, not by Holm"
      : "may be chance";
    const isOfLabels = figure === "false-positive" || figure === "false-share";
    const under = isOfLabels
      ? ` under ${facts.candidateVersion}, among the labelled`
      : figure === "adverse"
        ? ` under ${facts.candidateVersion}`
        : "";
    return `${figureWords[figure]}${under}: worst off are ${uncapitalise(groupName(facts, segment, value))}, ${size === undefined ? notDetermined : formatPoints(size)} (${pointsInterval(difference)}) against the rest; after correction for ${formatCount(fairness.family[figure] ?? 0)} groups, ${verdict}.`;
  });
}

/** Where base rates differ visibly, what no version can do. */
function cautionBlocks(facts: Facts, fairness: Fairness): readonly Block[] {
  const alpha = 1 - facts.comparison.provenance.level;
  const differing = fairness.segmentations.flatMap(({ segment, groups, baseRates }) => {
    if (baseRates === undefined || baseRates.adjusted >= alpha) return [];
    const rate = (value: string): string => {
      const counts = groups.find((group) => group.value === value)?.counts;
      return counts === undefined ? "" : formatShare(counts.harmful / (counts.fine + counts.harmful));
    };
    return [
      `${segmentWords(segment)} (${rate(baseRates.lowest)} in ${baseRates.lowest}, ${rate(baseRates.highest)} in ${baseRates.highest})`,
    ];
  });
  if (differing.length === 0) return [];
  const text = `How many of those labelled are harmful differs by ${listInWords(differing)}: where groups differ so, no version that errs at all can give them the same false-positive rate, the same false share and the same miss rate at once, so that one has to be chosen.`;
  return [{ modes, kind: "honest", title: "Not everything can be equal", paragraphs: [text] }];
}

/** Held adverse under both versions, by the groups of one segmentation. */
function adverseFigure(facts: Facts, fairness: Fairness): Figure {
  const segment = drawnSegment(fairness);
  const worst = fairness.worst.find(({ figure }) => figure === "newly-adverse")?.value;
  const able = segment.groups.filter(({ rates }) => rates !== undefined && rates.adverse.change.kind === "estimate");
  const first = new Set(able.toSorted((a, b) => Number(b.value === worst) - Number(a.value === worst)).slice(0, pairsMax));
  const groups = able.filter((group) => first.has(group));
  const title = adverseTitle(facts, segment.segment, able);
  const everyone: readonly PairedRow[] =
    fairness.all.rates === undefined ? [] : [pairedRow("All", ratedIn(fairness.all), fairness.all.rates.adverse)];
  const rows = [
    ...groups.map((group) => pairedRow(group.value, ratedIn(group), (group.rates as NonNullable<typeof group.rates>).adverse)),
    ...everyone,
  ];
  const bars = barsOf(facts, rows, `of a rate, and of the change over the same ${facts.many}`);
  return {
    id: "fairness-adverse",
    title,
    subtitle: `Share held in an adverse tier${ratedOnly(fairness)}, per cent, by ${segmentWords(segment.segment)}, ${facts.when}; ${bars.words}${groups.length < segment.groups.length ? `; ${groups.length} of ${segment.groups.length} groups` : ""}; no rate below ${fairness.cellEntitiesMin} ${facts.many}.`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "Held adverse, %",
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: bars.level,
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: pairedKey(facts, bars),
    table: {
      columns: [
        { title: segmentWords(segment.segment), format: "text" },
        { title: `${facts.many}${ratedOnly(fairness)}`, format: "count" },
        ...pairColumns("adverse"),
      ],
      rows: groups.map((group) => [group.value, ratedIn(group), ...pairCells(group.rates?.adverse)]),
      currency: "",
    },
    links: figureLinks(facts, "fairness-adverse"),
  };
}

/** That of the worst group by newly adverse, else the size bands, else the first. */
function drawnSegment(fairness: Fairness): Fairness["segmentations"][number] {
  const worst = fairness.worst.find(({ figure, isBeyondChance }) => figure === "newly-adverse" && isBeyondChance);
  const named = (name: string | undefined) => fairness.segmentations.find(({ segment }) => segment === name);
  return named(worst?.segment) ?? named("size") ?? (fairness.segmentations[0] as Fairness["segmentations"][number]);
}

function adverseTitle(facts: Facts, segment: string, groups: readonly FairnessGroup[]): string {
  const changes = groups.flatMap(({ value, rates }) => {
    const change = rates?.adverse.change;
    return change?.kind === "estimate" && change.interval !== undefined ? [{ value, ...change.interval }] : [];
  });
  if (facts.candidate.noDraw !== undefined) return `How many are held adverse by ${segmentWords(segment)}, without intervals`;
  if (changes.length === 0) return `No group by ${segmentWords(segment)} is large enough for a rate`;
  const [up, down] = [changes.filter(({ lower }) => lower > 0), changes.filter(({ upper }) => upper < 0)];
  const among = (count: number): string =>
    count === changes.length
      ? `all ${changes.length} groups by ${segmentWords(segment)}`
      : `${count} of ${changes.length} groups by ${segmentWords(segment)}`;
  if (up.length > 0 && down.length > 0)
    return `Under ${facts.candidateVersion} clearly more are held adverse in ${among(up.length)}, and clearly fewer in ${down.length}`;
  if (up.length > 0) return `Under ${facts.candidateVersion} clearly more are held adverse in ${among(up.length)}`;
  if (down.length > 0) return `Under ${facts.candidateVersion} clearly fewer are held adverse in ${among(down.length)}`;
  return `In no group by ${segmentWords(segment)} does the share held adverse clearly change`;
}

function pairedRow(label: string, n: number, pair: PairedShare): PairedRow {
  return pairedShares(label, [`n\u00a0=\u00a0${formatCount(n)}`], pair);
}

function pairColumns(name: string): ReportTable["columns"] {
  return [
    { title: `${name} before`, format: "share" },
    { title: "after", format: "share" },
    { title: "change", format: "points" },
    { title: "lower", format: "points" },
    { title: "upper", format: "points" },
  ];
}

function pairCells(pair: PairedShare | undefined): readonly Cell[] {
  const of = (estimate: Estimated | undefined): Cell => (estimate === undefined ? "too few" : rounded(numberOf(estimate) ?? notDetermined));
  return [of(pair?.baseline), of(pair?.candidate), ...estimateCells(pair?.change ?? noEstimate).map(rounded)];
}

function ratesTable(facts: Facts, placed: readonly Placed[]): ReportTable {
  const able = placed.filter(({ group }) => group.rates !== undefined);
  const largest = able.toSorted((a, b) => b.group.entities - a.group.entities).slice(0, tableMax);
  const shown = able.filter((one) => largest.includes(one));
  const hasSales = facts.comparison.panel.currency !== undefined;
  return {
    columns: [
      { title: "segment", format: "text" },
      { title: "group", format: "text" },
      { title: facts.many, format: "count" },
      ...pairColumns("adverse"),
      ...pairColumns("demoted in 12 weeks"),
      ...pairColumns("false-positive rate"),
      ...pairColumns("false share"),
      { title: "up less down", format: "points" },
      { title: "lower", format: "points" },
      { title: "upper", format: "points" },
      ...(hasSales
        ? [
            { title: "the same by GMV", format: "points" as const },
            { title: "lower", format: "points" as const },
            { title: "upper", format: "points" as const },
          ]
        : []),
      { title: "harmful of labelled", format: "share" },
    ],
    rows: shown.map(({ segment, group }) => [
      segmentWords(segment),
      group.value,
      group.entities,
      ...pairCells(group.rates?.adverse),
      ...pairCells(group.rates?.demoted),
      ...pairCells(group.rates?.falsePositive),
      ...pairCells(group.rates?.falseShare),
      ...estimateCells(group.rates?.netBenefit ?? noEstimate).map(rounded),
      ...(hasSales ? estimateCells(group.rates?.netBenefitGmv ?? noEstimate).map(rounded) : []),
      rounded(numberOf(group.rates?.harmful ?? noEstimate) ?? notDetermined),
    ]),
    currency: "",
  };
}

function methodNote(facts: Facts, fairness: Fairness): Block {
  const families = Object.entries(fairness.family).map(
    ([figure, count]) => `${figureWords[figure as ComparedFigure].toLowerCase()} ${count}`,
  );
  const labels =
    fairness.labels === undefined ? "" : ` Rates that need labels: at ${formatDate(fairness.labels.at)}, source ${fairness.labels.source}.`;
  return {
    modes: ["method"],
    kind: "note",
    title: "How groups are set against the rest",
    paragraphs: [
      `Groups are set against each other among those who are rated under either version: who is unrated under both can neither move nor be adverse, and a group that holds many of them would look spared. A false-positive rate is over all who are labelled fine, the unrated among them. A group and all others of its segmentation share nobody: the difference has the Miettinen-Nurminen score interval and its test (Welch's t for up less down); a change is paired by ${facts.one} (Tango 1998); a rate is Wilson's. One family a figure over all segmentations (${listInWords(families)}): Benjamini-Hochberg with the false-coverage intervals of Benjamini and Yekutieli (2005), which may include 0, and Holm. The ratio to all is the score ratio to the rest put over all; pooled rates are a normal model of logits with half a case added (REML, or full Bayes below five groups).${labels}`,
      `${capitalise(fairness.assumptions.join("; "))}. Groups below ${fairness.cellEntitiesMin} ${facts.many} have counts only. Source of what cannot all be equal: Chouldechova (2017), Big Data 5, 153-163.`,
      ...noiseParagraphs(fairness),
    ],
  };
}

function groupOf(fairness: Fairness, segment: string, value: string): FairnessGroup | undefined {
  return fairness.segmentations.find((one) => one.segment === segment)?.groups.find((one) => one.value === value);
}

/** Six digits are more than any interval here bears; the CSV of the comparison has them all. */
function rounded(cell: Cell): Cell {
  return typeof cell === "number" ? Number(cell.toPrecision(6)) : cell;
}
