/** Who moves from where to where: the matrix keeps everyone, the flow draws movers; then the range, and what a static replay means. */
import type { FlowStream, MovementMatrixSpec } from "../charts/index.ts";
import { capitalise, countInWords, countOf, formatCount, formatDate, formatShare, formatShareInProse } from "../formats/index.ts";
import { pagePaths } from "../pages/page-paths.ts";
import { directionClause } from "./answer.ts";
import { courseBlocks } from "./course-blocks.ts";
import { shareInterval } from "./estimate-words.ts";
import { chartTier, type Facts, figureLinks } from "./facts.ts";
import type { Block, Figure, ReportTable, Section } from "./report.ts";
import { fewEntities, shareBeside } from "./small-data.ts";

type Direction = "down" | "up" | "same" | "other";

/** Shown in every mode. */
export function movementSection(facts: Facts): Section {
  const modes = ["brief", "full", "method"] as const;
  const matrix = matrixFigure(facts);
  const figures = facts.candidate.movement.movers === 0 ? [matrix] : [matrix, flowFigure(facts)];
  const drawn: Block = { modes, kind: "pair", isFirstWide: false, figures };
  return {
    id: "movement",
    name: "Movement",
    blocks: [
      drawn,
      ...waitingWords(facts),
      rangeWords(facts),
      staticReplayWords(facts),
      rangeTable(facts),
      ...courseBlocks(facts),
      methodNote(facts),
    ],
  };
}

function matrixFigure(facts: Facts): Figure {
  const { movement } = facts.candidate;
  const interval = shareInterval(movement.moversShare);
  const share =
    movement.moversShare.kind === "estimate" && interval !== ""
      ? `; movers ${formatShare(movement.movers / Math.max(1, facts.inFrame))}, ${facts.level} interval ${interval}`
      : "; counts, no interval";
  const cells = movement.matrix.map((row, i) =>
    row.map((entities, j) => ({ entities, direction: directionOf(facts, movement.rows[i] ?? "", movement.columns[j] ?? "") })),
  );
  const title =
    movement.movers === 0
      ? "Nobody ends in another tier"
      : `${formatCount(movement.movers)} ${movement.movers === 1 ? `${facts.one} ends` : `${facts.many} end`} in another tier; ${directionClause(facts)}`;
  const chart: MovementMatrixSpec = {
    kind: "movement-matrix",
    label: `${title}. Rows: tier under ${facts.baselineVersion}; columns: tier under ${facts.candidateVersion}.`,
    baseline: facts.baselineVersion,
    candidate: facts.candidateVersion,
    rows: movement.rows.map((name) => chartTier(facts, name)),
    columns: movement.columns.map((name) => chartTier(facts, name)),
    cells,
    ...(facts.context.hasLinks === false ? {} : { linkQuery: candidateQuery(facts) }),
  };
  return {
    id: "movement",
    title,
    subtitle: `${capitalise(facts.many)} by held tier under both versions, ${facts.when}; n\u00a0=\u00a0${formatCount(facts.inFrame)}${share}.`,
    chart,
    key: [
      { mark: "down", words: "▼ lower tier" },
      { mark: "up", words: "▲ higher tier" },
      ...(movement.intoUnrated + movement.outOfUnrated > 0 ? [{ mark: "grey-2" as const, words: "◇ into or out of unrated" }] : []),
      { mark: "same", words: "same tier" },
    ],
    table: matrixTable(facts),
    links: figureLinks(facts, "movement"),
  };
}

function matrixTable(facts: Facts): ReportTable {
  const { movement } = facts.candidate;
  const { hasLinks, runId } = facts.context;
  const link = (from: string, to: string) => pagePaths.movementCell(runId, from, to) + candidateQuery(facts);
  const rowLinks = movement.rows.flatMap((row, i) =>
    movement.columns.flatMap((column, j) => (movement.matrix[i]?.[j] === 0 ? [] : [link(row, column)])),
  );
  return {
    ...(hasLinks === false ? {} : { rowLinks }),
    columns: [
      { title: `tier under ${facts.baselineVersion}`, format: "text" },
      { title: `tier under ${facts.candidateVersion}`, format: "text" },
      { title: "direction", format: "text" },
      { title: facts.many, format: "count" },
    ],
    rows: movement.rows.flatMap((row, i) =>
      movement.columns.flatMap((column, j) => {
        const entities = movement.matrix[i]?.[j] ?? 0;
        return entities === 0 ? [] : [[row, column, directionOf(facts, row, column), entities]];
      }),
    ),
    currency: "",
  };
}

/** The candidate, where it is not the first, that pages show when none is named. */
function candidateQuery({ comparison, candidateVersion }: Facts): string {
  return comparison.candidates[0]?.version === candidateVersion ? "" : `?candidate=${encodeURIComponent(candidateVersion)}`;
}

function directionOf({ tiers }: Facts, from: string, to: string): Direction {
  return directionBetween(tiers, from, to);
}

/** Down and up by the ladder of the union; into or out of unrated is neither. */
export function directionBetween(tiers: Facts["tiers"], from: string, to: string): Direction {
  if (from === to) return "same";
  const tier = (name: string) => tiers.findIndex((entry) => entry.name === name);
  const isOff = (name: string) => tiers.some((entry) => entry.name === name && entry.unrated);
  if (isOff(from) || isOff(to)) return "other";
  return tier(to) > tier(from) ? "down" : "up";
}

function streamsOf(facts: Facts): readonly FlowStream[] {
  const { movement } = facts.candidate;
  const place = (name: string) => facts.tiers.findIndex((tier) => tier.name === name);
  return movement.rows.flatMap((row, i) =>
    movement.columns.flatMap((column, j) => {
      const entities = movement.matrix[i]?.[j] ?? 0;
      const direction = directionOf(facts, row, column);
      return entities === 0 || direction === "same" ? [] : [{ from: place(row), to: place(column), entities, direction }];
    }),
  );
}

function flowFigure(facts: Facts): Figure {
  const { movement } = facts.candidate;
  const streams = streamsOf(facts);
  const title = flowTitle(facts, streams);
  const stay = formatCount(facts.inFrame - movement.movers);
  return {
    id: "flow",
    title,
    subtitle: `Movers only, ${facts.when}; n\u00a0=\u00a0${formatCount(movement.movers)}; height is the number of ${facts.many}; counts, no interval.`,
    chart: {
      kind: "flow",
      label: `${title}. Not drawn: ${stay} who stay.`,
      baseline: facts.baselineVersion,
      candidate: facts.candidateVersion,
      tiers: facts.tiers.map((tier) => chartTier(facts, tier.name)),
      streams,
      notDrawn: stay,
    },
    key: [
      { mark: "down", words: `▼ down ${formatCount(movement.down)}` },
      { mark: "up", words: `▲ up ${formatCount(movement.up)}` },
      ...(movement.intoUnrated + movement.outOfUnrated > 0
        ? [{ mark: "grey-2" as const, words: `◇ unrated ${formatCount(movement.intoUnrated + movement.outOfUnrated)}` }]
        : []),
      { mark: "none", words: `not drawn: ${stay} who stay` },
    ],
    table: {
      columns: [
        { title: `leaves, under ${facts.baselineVersion}`, format: "text" },
        { title: `enters, under ${facts.candidateVersion}`, format: "text" },
        { title: "direction", format: "text" },
        { title: facts.many, format: "count" },
        { title: "share of movers", format: "share" },
      ],
      rows: streams.map((stream) => [
        facts.tiers[stream.from]?.name ?? "",
        facts.tiers[stream.to]?.name ?? "",
        stream.direction,
        stream.entities,
        stream.entities / Math.max(1, movement.movers),
      ]),
      currency: "",
    },
    links: figureLinks(facts, "flow"),
  };
}

/** The fewest largest streams that carry at least half. */
function flowTitle(facts: Facts, streams: readonly FlowStream[]): string {
  const total = facts.candidate.movement.movers;
  const sizes = streams.map((stream) => stream.entities).toSorted((a, b) => b - a);
  let carried = 0;
  let count = 0;
  while (count < sizes.length && carried < total * 0.6) carried += sizes[count++] ?? 0;
  if (count === sizes.length)
    return `${capitalise(countInWords(count))} ${count === 1 ? "stream carries" : "streams carry"} all of the movement`;
  return `${capitalise(countInWords(count))} of ${countInWords(sizes.length)} streams ${count === 1 ? "carries" : "carry"} ${total < fewEntities ? `${formatCount(carried)} of the ${countOf(total, "mover")}` : `${formatShareInProse(carried / total)} of the movement`}`;
}

/** Whom only the movement rules of the candidate keep where they are: they follow at one of the next evaluations if nothing changes. */
function waitingWords(facts: Facts): readonly Block[] {
  const { newlyAdverse, released, waiting } = facts.candidate;
  const parts = [
    { all: released, some: waiting?.released ?? 0, name: "released", tier: "an adverse tier" },
    { all: newlyAdverse, some: waiting?.newlyAdverse ?? 0, name: "newly adverse", tier: "one that is not adverse" },
  ].filter(({ some }) => some > 0);
  if (parts.length === 0) return [];
  const words = parts.map(
    ({ all, some, name, tier }) =>
      `${all === 1 ? `the one ${facts.one}` : `${formatCount(some)} of the ${formatCount(all)} ${facts.many}`} ${name} already ${some === 1 ? "merits" : "merit"} ${tier} and ${some === 1 ? "waits" : "wait"} for it`,
  );
  const text = `${capitalise(words.join("; "))}. The movement rules of ${facts.candidateVersion} (evaluations in a row, shields, holds) keep them where they are in ${facts.when}.`;
  return [{ modes: ["brief", "full", "method"], kind: "aside", text }];
}

function rangeWords(facts: Facts): Block {
  const { range } = facts.candidate;
  const { periods } = facts.comparison.panel;
  const share = range.entities === 0 ? 0 : range.everDiffered / range.entities;
  const interval = range.shares === undefined ? "" : shareInterval(range.shares.everDiffered);
  const ever =
    range.everDiffered === 0
      ? `In none of the ${countOf(periods, facts.period)} does anybody stand in a different tier under the two versions.`
      : `${periods === 1 ? "" : `The last ${facts.period} is one of ${formatCount(periods)}. `}In at least one ${periods === 1 ? facts.period : "of them"} ${countOf(range.everDiffered, facts.one, facts.many)} of ${formatCount(range.entities)}${shareBeside(range.entities, `${formatShare(share)}${interval === "" ? "" : `; ${facts.level} interval ${interval}`}`)} stood in a different tier under the two versions; in the last ${facts.period} ${formatCount(range.differAtEnd)} do, and who has closed counts as not.`;
  return { modes: ["brief", "full", "method"], kind: "prose", spans: [{ text: ever, strong: false }] };
}

/** Every range figure says this. */
export function staticReplayWords(facts: Facts): Block {
  const { range } = facts.candidate;
  const share = range.entityPeriods === 0 ? 0 : range.afterFirstDivergence / range.entityPeriods;
  const text = `This is a static replay: what ${facts.many} did stays as it was observed, lived under the policy that was really in force. Past the first ${facts.period} in which the two versions treat a ${facts.one} differently, its later figures are hypothetical: that holds for ${formatCount(range.afterFirstDivergence)} of ${formatCount(range.entityPeriods)} ${facts.one}-${facts.periods} (${formatShareInProse(share)}).`;
  return { modes: ["brief", "full", "method"], kind: "aside", text };
}

function rangeTable(facts: Facts): Block {
  const { range } = facts.candidate;
  const text = (title: string, format: "text" | "count" = "count") => ({ title, format });
  const rows: (readonly (string | number)[])[] = [
    [`${facts.many} ever in the frame`, range.entities, range.entities],
    ["changes of tier", range.changes.baseline, range.changes.candidate],
    [`of these undone within ${range.whiplash.periods} ${facts.periods} (whiplash)`, range.whiplash.baseline, range.whiplash.candidate],
  ];
  if (range.everAdverse !== undefined)
    rows.push([`${facts.many} ever in an adverse tier`, range.everAdverse.baseline, range.everAdverse.candidate]);
  if (range.entries !== undefined)
    rows.push(["entries into an adverse tier", range.entries.baseline.entries, range.entries.candidate.entries]);
  if (range.entries !== undefined)
    rows.push(["evaluations that found no adverse tier held", range.entries.baseline.evaluations, range.entries.candidate.evaluations]);
  const table = {
    columns: [
      text(`${formatDate(range.from)} to ${formatDate(range.to)}`, "text"),
      text(facts.baselineVersion),
      text(facts.candidateVersion),
    ],
    rows,
    currency: "",
  };
  return { modes: ["full", "method"], kind: "table", name: "Over the range, under each version", table, isOpen: true };
}

function methodNote(facts: Facts): Block {
  const { movement, range } = facts.candidate;
  const method = movement.moversShare.kind === "estimate" ? movement.moversShare.method : `not determined: ${movement.moversShare.reason}`;
  return {
    modes: ["method"],
    kind: "note",
    title: "How movement is counted",
    paragraphs: [
      `Movers = up + down + into unrated + out of unrated = ${formatCount(movement.up)} + ${formatCount(movement.down)} + ${formatCount(movement.intoUnrated)} + ${formatCount(movement.outOfUnrated)} = ${formatCount(movement.movers)}. The share of movers: ${method}, ${formatCount(facts.comparison.provenance.replicates)} replicates, seed ${facts.comparison.provenance.seed}.`,
      `Three range figures have three names: ever differed (${formatCount(range.everDiffered)}), ${facts.one}-${facts.periods} that differ (${formatCount(range.differingEntityPeriods)} of ${formatCount(range.entityPeriods)}), differ at the end (${formatCount(range.differAtEnd)}). ${capitalise(facts.many)} that close stay in their denominator.`,
    ],
  };
}
