/** Who bears it: shares of everyone beside shares of the newly adverse, and each group's rate. */
import type { SegmentRow } from "../../simulations/comparison/index.ts";
import { bandClass } from "../charts/index.ts";
import {
  capitalise,
  countInWords,
  formatCount,
  formatMoney,
  formatMoneyExact,
  formatNumber,
  formatShare,
  formatShareInProse,
  roundParts,
  uncapitalise,
} from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, numberOf } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Block, Figure, KeyEntry, ReportTable, Section } from "./report.ts";
import {
  type Bearer,
  groupName,
  groupsLookedAt,
  newlyAdverseMin,
  ratedIn,
  segmentNames,
  segmentRows,
  segmentWords,
  unratedUnderBoth,
  whoBearsIt,
} from "./who-bears-it.ts";

const modes = ["brief", "full", "method"] as const;
const bandsMax = 5;

/** One row of the drawing: a group, or the rest together. */
interface Band {
  readonly name: string;
  readonly entities: number;
  readonly rated: number;
  readonly gmv: number;
  readonly newlyAdverse: number;
  readonly released: number;
}

/** Drawn for the segmentation that says most; all of them stand in a table. */
export function whoSection(facts: Facts): Section {
  const head = { id: "who", name: "Who bears it" };
  const bearer = whoBearsIt(facts);
  const segment = bearer?.segment ?? segmentNames(facts)[0];
  if (segment === undefined) {
    const subtitle = `Attributes of ${facts.many} (region, category) or an orders measure would make segments.`;
    return { ...head, blocks: [{ modes, kind: "finding", title: `The panel has nothing to part ${facts.many} by`, subtitle }] };
  }
  if (bearer === undefined) {
    const subtitle = `${capitalise(facts.many)} by segment, ${facts.when}; n\u00a0=\u00a0${formatCount(facts.inFrame)}; counts.`;
    return {
      ...head,
      blocks: [{ modes, kind: "finding", title: "Nobody is newly adverse, so nobody bears it", subtitle }, everySegment(facts)],
    };
  }
  return {
    ...head,
    blocks: [
      { modes, kind: "pair", isFirstWide: true, figures: [sharesFigure(facts, bearer), ratesFigure(facts, bearer)] },
      ...outOfReach(facts),
      everySegment(facts),
      methodNote(facts),
    ],
  };
}

function sharesFigure(facts: Facts, bearer: Bearer): Figure {
  const bands = bandsOf(segmentRows(facts, bearer.segment), bearer.value);
  const drawn = bands.map((band) => ({ name: band.name, isEmphasised: bearer.isClear && band.name === bearer.value }));
  const title = bearer.isClear
    ? `${bearer.name} are ${formatShare(bearer.shareOfAll, 0)} ${bearer.ofWhom} and ${formatShare(bearer.shareOfNewly, 0)} of the newly adverse`
    : noneIsClear(facts, bearer);
  const currency = facts.comparison.panel.currency;
  const rows = [
    row(
      capitalise(facts.many),
      formatCount(total(bands, "entities")),
      bands.map((band) => band.entities),
    ),
    ...(total(bands, "rated") === total(bands, "entities")
      ? []
      : [
          row(
            "Rated",
            formatCount(total(bands, "rated")),
            bands.map((band) => band.rated),
          ),
        ]),
    ...(currency === undefined
      ? []
      : [
          {
            ...row(
              "Sales",
              formatMoney(total(bands, "gmv"), currency),
              bands.map((band) => band.gmv),
            ),
            exact: formatMoneyExact(total(bands, "gmv"), currency),
          },
        ]),
    row(
      "Newly adverse",
      formatCount(total(bands, "newlyAdverse")),
      bands.map((band) => band.newlyAdverse),
    ),
    row(
      "Released",
      formatCount(total(bands, "released")),
      bands.map((band) => band.released),
    ),
  ].filter((entry) => entry.shares.some((share) => share > 0));
  const key: readonly KeyEntry[] = drawn.map((band, index) => ({ mark: bandClass({ bands: drawn }, index), words: band.name }));
  return {
    id: "who-shares",
    title,
    subtitle: `Per cent of each total by ${segmentWords(bearer.segment)}, ${facts.when}; n\u00a0=\u00a0${formatCount(total(bands, "entities"))}; counts, no interval; each row sums to 100 %.${lookedAtWords(facts, bearer)}`,
    chart: { kind: "shares", label: title, bands: drawn, rows },
    key,
    table: {
      columns: [
        { title: segmentWords(bearer.segment), format: "text" },
        { title: facts.many, format: "count" },
        { title: "rated under either", format: "count" },
        ...(currency === undefined ? [] : [{ title: "GMV", format: "money" as const }]),
        { title: "newly adverse", format: "count" },
        { title: "released", format: "count" },
      ],
      rows: bands.map((band) => [
        band.name,
        band.entities,
        band.rated,
        ...(currency === undefined ? [] : [band.gmv]),
        band.newlyAdverse,
        band.released,
      ]),
      currency: currency ?? "",
    },
    links: figureLinks(facts, "who-shares"),
  };
}

/** Among how many groups it was looked for, where none is named as who bears it. */
function lookedAtWords(facts: Facts, { isAbove, isClear }: Bearer): string {
  if (isClear || facts.candidate.newlyAdverse < newlyAdverseMin || facts.candidate.noDraw !== undefined) return "";
  const groups = formatCount(groupsLookedAt(facts));
  return isAbove
    ? ` Of ${groups} groups looked at, one or another stands out by chance.`
    : ` None of the ${groups} groups looked at clearly bears it.`;
}

/** The largest bands, the named one always among them, the rest together. */
function bandsOf(rows: readonly SegmentRow[], named: string): readonly Band[] {
  const bands = rows.map((entry) => ({ ...entry, name: entry.value, rated: ratedIn(entry) }));
  if (bands.length <= bandsMax) return bands;
  const bySize = bands.toSorted((a, b) => Number(b.name === named) - Number(a.name === named) || b.entities - a.entities);
  const kept = new Set(bySize.slice(0, bandsMax - 1));
  const rest = bands.filter((band) => !kept.has(band));
  const sum = (field: "entities" | "rated" | "gmv" | "newlyAdverse" | "released") => total(rest, field);
  return [
    ...bands.filter((band) => kept.has(band)),
    {
      name: `${rest.length} others`,
      entities: sum("entities"),
      rated: sum("rated"),
      gmv: sum("gmv"),
      newlyAdverse: sum("newlyAdverse"),
      released: sum("released"),
    },
  ];
}

function row(label: string, note: string, values: readonly number[]) {
  const all = values.reduce((sum, value) => sum + value, 0);
  const rounded = roundParts(values);
  return {
    label,
    note,
    shares: values.map((value) => (all === 0 ? 0 : value / all)),
    texts: rounded.map((value) => `${formatNumber(value, 0)}\u00a0%`),
  };
}

function ratesFigure(facts: Facts, bearer: Bearer): Figure {
  const all = segmentRows(facts, bearer.segment);
  const rows = all.toSorted((a, b) => b.entities - a.entities).slice(0, 6);
  const shown = all.length <= 6 ? all : all.filter((entry) => rows.includes(entry));
  const title = ratesTitle(facts, shown, bearer);
  const least = facts.comparison.provenance.cellEntitiesMin;
  const marks = shown.map((entry) => {
    const value = numberOf(entry.newlyAdverseRate);
    return {
      label: entry.value,
      note: `n\u00a0=\u00a0${formatCount(ratedIn(entry))}`,
      mark: markOf(entry.newlyAdverseRate, 100),
      estimateText: value === undefined ? "too few" : formatShare(value),
      intervalText: "",
      isTotal: false,
      isEmphasised: entry.value === bearer.value && bearer.isClear,
    };
  });
  const bars = barsOf(facts, marks);
  return {
    id: "who-rates",
    title,
    subtitle: `Newly adverse per 100 ${facts.many} of the group${unratedUnderBoth(facts) === 0 ? "" : " that are rated under either version"}, ${facts.when}; ${bars.words}; n in the table${least === undefined ? "" : `; no rate below ${formatCount(least)} ${facts.many}`}${all.length > shown.length ? `; the ${shown.length} largest of ${all.length} groups` : ""}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "",
      columns: ["", ""],
      isCompact: true,
      axis: { prefix: "", suffix: "", isChange: false },
      rows: marks,
    },
    key: [],
    table: {
      columns: [
        { title: segmentWords(bearer.segment), format: "text" },
        { title: facts.many, format: "count" },
        { title: "rated under either", format: "count" },
        { title: "newly adverse", format: "count" },
        { title: "rate", format: "share" },
        { title: "lower", format: "share" },
        { title: "upper", format: "share" },
      ],
      rows: all.map((entry) => [entry.value, entry.entities, ratedIn(entry), entry.newlyAdverse, ...estimateCells(entry.newlyAdverseRate)]),
      currency: "",
    },
    links: figureLinks(facts, "who-rates"),
  };
}

/** From this share on the unrated shape who can bear anything. */
const unratedShareMin = 0.1;

/** Whoever is unrated under both versions cannot turn adverse: set against everyone, a group that holds many of them would look spared. */
function outOfReach(facts: Facts): readonly Block[] {
  const entities = unratedUnderBoth(facts);
  if (facts.inFrame === 0 || entities / facts.inFrame < unratedShareMin) return [];
  const text = `${formatCount(entities)} of ${formatCount(facts.inFrame)} ${facts.many} (${formatShareInProse(entities / facts.inFrame)}) are unrated under both versions and cannot turn adverse. Rates and shares of groups are therefore of those who are rated.`;
  return [{ modes, kind: "aside", text }];
}

/** What is true of every group of every segmentation; of one that is above the rate of all but bears little, that. */
function noneIsClear(facts: Facts, bearer: Bearer): string {
  const { newlyAdverse } = facts.candidate;
  if (newlyAdverse === 1) return `One ${facts.one} is newly adverse: too few to say who bears it`;
  if (newlyAdverse < newlyAdverseMin) return `${capitalise(countInWords(newlyAdverse))} are newly adverse: too few to say who bears it`;
  if (facts.candidate.noDraw !== undefined) return `${formatCount(newlyAdverse)} are newly adverse; which group bears it is not tested`;
  if (bearer.isAbove)
    return `${bearer.name} turn adverse more often than all, and are ${formatShareInProse(bearer.shareOfNewly)} of the newly adverse`;
  return "No group turns adverse clearly more often than all";
}

/** Two rates are set against each other only where their intervals do not meet: the pair with the widest gap. */
function ratesTitle(facts: Facts, rows: readonly SegmentRow[], bearer: Bearer): string {
  const rated = rows.flatMap((entry) =>
    entry.newlyAdverseRate.kind === "estimate" && entry.newlyAdverseRate.interval !== undefined
      ? [{ value: entry.value, rate: entry.newlyAdverseRate.value, ...entry.newlyAdverseRate.interval }]
      : [],
  );
  if (facts.candidate.noDraw !== undefined) return "How often each group turns adverse, without intervals";
  const few = rows.length - rated.length;
  if (rated.length < 2) return `${rated.length === 0 ? "No group is" : "Only one group is"} large enough for a rate`;
  const high = rated.toSorted((a, b) => b.lower - a.lower)[0];
  const low = rated.toSorted((a, b) => a.upper - b.upper)[0];
  if (high === undefined || low === undefined || high.lower <= low.upper)
    return `The intervals of all groups${few === 0 ? "" : " that are large enough"} overlap`;
  const name = groupName(facts, bearer.segment, high.value);
  const isMost = rated.every((entry) => entry.rate <= high.rate);
  if (few > 0)
    return `Of groups large enough for a rate, ${uncapitalise(name)} turn adverse ${isMost ? "most often" : "more often than others"}: ${formatShare(high.rate)}, against ${formatShare(low.rate)} for ${low.value}`;
  return `${name} turn adverse ${isMost ? "most often" : "more often than others"}: ${formatShare(high.rate)}, against ${formatShare(low.rate)} for ${low.value}`;
}

function everySegment({ candidate, many, comparison }: Facts): Block {
  const table = segmentsTable(candidate.segments, { many, currency: comparison.panel.currency });
  return { modes: ["full", "method"], kind: "table", name: "Every segment", table, isOpen: false };
}

/** Every group of every segmentation; `currency` where there are sales. */
export function segmentsTable(
  segments: readonly SegmentRow[],
  { many, currency }: { readonly many: string; readonly currency: string | undefined },
): ReportTable {
  const column = (title: string, format: "text" | "count" | "share" | "money" = "count") => ({ title, format });
  return {
    columns: [
      column("segment", "text"),
      column("group", "text"),
      column(many),
      column("rated under either"),
      ...(currency === undefined ? [] : [column("GMV", "money")]),
      column("movers"),
      column("up"),
      column("down"),
      column("newly adverse"),
      column("released"),
      column("newly adverse rate", "share"),
      column("lower", "share"),
      column("upper", "share"),
    ],
    rows: segments.map((entry) => [
      segmentWords(entry.segment),
      entry.value,
      entry.entities,
      ratedIn(entry),
      ...(currency === undefined ? [] : [entry.gmv]),
      entry.movers,
      entry.up,
      entry.down,
      entry.newlyAdverse,
      entry.released,
      ...estimateCells(entry.newlyAdverseRate),
    ]),
    currency: currency ?? "",
  };
}

function methodNote(facts: Facts): Block {
  const rate = facts.candidate.segments.find((entry) => entry.newlyAdverseRate.kind === "estimate")?.newlyAdverseRate;
  const method = rate?.kind === "estimate" ? `Interval of a rate: ${rate.method}. ` : "";
  return {
    modes: ["method"],
    kind: "note",
    title: "When a group is named",
    paragraphs: [
      `${method}A group is said to bear the change only when at least ${newlyAdverseMin} ${facts.many} are newly adverse, 10 and a third of them in the group, which exceeds its share of those rated under either version by 10 points, and the interval of its rate lies above the rate of all who are rated. Groups were not chosen beforehand: the one that stands out most is named.`,
    ],
  };
}

function total(bands: readonly Band[], field: "entities" | "rated" | "gmv" | "newlyAdverse" | "released"): number {
  return bands.reduce((sum, band) => sum + band[field], 0);
}
