/** What the answering part of the what-if page says and draws: the figures of a report, made anew for every place of a slider. */
import type { ChartSpec, PairedRow } from "../charts/index.ts";
import { tierColours } from "../charts/index.ts";
import {
  capitalise,
  countOf,
  formatCount,
  formatMoney,
  formatMoneyExact,
  formatNumber,
  formatPoints,
  formatShare,
  formatSignificant,
  moneyParts,
  pluralOf,
  sharePair,
} from "../formats/index.ts";
import { periodWords, unionOfTiers } from "../report/facts.ts";
import { directionBetween } from "../report/movement-section.ts";
import { changesInWords } from "../report/policy-changes.ts";
import type { KeyEntry, ReportTable, StripFigure } from "../report/report.ts";
import { pointsMax, spanOf, thin } from "../report/tiers-section.ts";
import type { MatrixContext } from "./paired-context.ts";
import type { WhatIfAnswerContext } from "./what-if-context.ts";

/** A chart with its title, and the table behind it. */
interface WhatIfFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly chart: ChartSpec;
  readonly key: readonly KeyEntry[];
  readonly table: ReportTable;
}

/** Everything that the part shows. */
interface WhatIfFigures {
  /** The headline in one sentence, also for those who listen. */
  readonly said: string;
  readonly strip: readonly Omit<StripFigure, "isDetermined">[];
  readonly tiers: WhatIfFigure;
  readonly movement: WhatIfFigure;
  readonly overTime: WhatIfFigure;
  readonly changes: { readonly title: string; readonly settings: WhatIfAnswerContext["changes"]; readonly others: string };
  readonly took: string;
}

/** The words, figures and charts of an answer. */
export function whatIfFigures(answer: WhatIfAnswerContext): WhatIfFigures {
  const changes = changesInWords(answer.changes);
  return {
    said: saidOf(answer),
    strip: stripOf(answer),
    tiers: tiersFigure(answer),
    movement: movementFigure(answer),
    overTime: overTimeFigure(answer),
    changes: { ...changes, title: answer.isMoved ? changes.title : unmovedOf(answer), others: onTopOf(answer) },
    took: `${formatNumber(answer.milliseconds, answer.milliseconds < 10 ? 1 : 0)} ms of the server's time`,
  };
}

/** What else the figures hold: what the version itself changes, where it is not the baseline. */
function onTopOf({ baseline, candidate, isMoved }: WhatIfAnswerContext): string {
  const version = candidate.name.replace(/ moved$/, "");
  return isMoved && version !== baseline.name
    ? `The figures hold this and all that ${version} itself changes against ${baseline.name}.`
    : "";
}

/** What is set against what while every parameter stands where it stood. */
function unmovedOf({ baseline, candidate }: WhatIfAnswerContext): string {
  const stands = `No parameter is moved: ${candidate.name} as it stands`;
  return baseline.name === candidate.name ? `${stands}, against itself` : `${stands}, against ${baseline.name}`;
}

function saidOf({ entity, grain, movement, newlyAdverse, released, baseline }: WhatIfAnswerContext): string {
  const { movers, inFrame, down, up, at } = movement;
  if (movers === 0) return `Nobody ends in another tier than under ${baseline.name}, in ${periodWords(grain, at)}.`;
  const others = movers - down - up;
  const ways = [
    `${formatCount(down)} down`,
    `${formatCount(up)} up`,
    ...(others > 0 ? [`${formatCount(others)} into or out of unrated`] : []),
  ];
  return `${countOf(movers, entity)} (${formatShare(shareOf(movers, inFrame))}) ${movers === 1 ? "ends" : "end"} in another tier than under ${baseline.name}: ${ways.join(", ")}. ${formatCount(newlyAdverse)} newly adverse, ${formatCount(released)} released.`;
}

function stripOf(answer: WhatIfAnswerContext): WhatIfFigures["strip"] {
  const { entity, movement, newlyAdverse, released, gmv, baseline, candidate } = answer;
  const many = pluralOf(entity);
  const { movers, up, down, inFrame } = movement;
  const other = movers - up - down;
  const [before, after] = [adverseOf(answer, "baseline"), adverseOf(answer, "candidate")];
  const shares = sharePair(shareOf(before, inFrame), shareOf(after, inFrame));
  const bars = [before, after].map((entities, index) => ({
    share: shareOf(entities, Math.max(before, after)),
    text: formatCount(entities),
    isEmphasised: index === 1,
  }));
  const figures = [
    {
      id: "movers",
      name: `${pluralOf(entity)} that end in another tier`,
      value: formatCount(movers),
      unit: "",
      interval: `${formatShare(shareOf(movers, inFrame))} of ${formatCount(inFrame)}`,
      mini: { kind: "mini-split" as const, label: `${formatCount(down)} down, ${formatCount(up)} up.`, down, up, other },
      note: other === 0 ? "" : `${formatCount(other)} into or out of unrated`,
    },
    {
      id: "adverse",
      name: "in an adverse tier",
      value: formatCount(after),
      unit: "",
      interval: `${shares[0]} → ${shares[1]}`,
      mini: { kind: "mini-bars" as const, label: `${formatCount(before)} under ${baseline.name}, ${formatCount(after)} now.`, bars },
      note: `upper bar ${baseline.name}, lower bar ${candidate.name}`,
    },
    plain("newly-adverse", "newly adverse", newlyAdverse, `${many} in an adverse tier, and not under ${baseline.name}`),
    plain("released", "released", released, `${many} in an adverse tier under ${baseline.name}, and no longer`),
  ];
  if (gmv === undefined) return figures;
  const parts = moneyParts(gmv.atStake, gmv.currency);
  const most = Math.max(1, gmv.lower, gmv.higher);
  const share = formatShare(gmv.total === 0 ? 0 : gmv.atStake / gmv.total);
  const stakes = [
    { share: gmv.lower / most, text: formatMoney(gmv.lower, gmv.currency), isEmphasised: false },
    { share: gmv.higher / most, text: formatMoney(gmv.higher, gmv.currency), isEmphasised: true },
  ];
  return [
    ...figures,
    {
      id: "gmv",
      name: "sales at stake: under another consequence",
      value: parts.number,
      unit: parts.unit,
      interval: `${share} of ${formatMoney(gmv.total, gmv.currency)}`,
      exact: {
        estimate: formatMoneyExact(gmv.atStake, gmv.currency),
        interval: `${share} of ${formatMoneyExact(gmv.total, gmv.currency)}`,
      },
      mini: {
        kind: "mini-bars" as const,
        label: `${formatMoneyExact(gmv.lower, gmv.currency)} in a lower tier, ${formatMoneyExact(gmv.higher, gmv.currency)} in a higher one.`,
        bars: stakes,
      },
      note: `upper bar in a lower tier, lower bar in a higher one${gmv.other > 0 ? `; ${formatMoneyExact(gmv.other, gmv.currency)} in neither` : ""}`,
    },
  ];
}

function plain(id: string, name: string, entities: number, note: string): WhatIfFigures["strip"][number] {
  const mini = { kind: "mini-none" as const, label: `${formatCount(entities)} ${name}.` };
  return { id, name, value: formatCount(entities), unit: "", interval: "a count, no interval", mini, note };
}

function tiersFigure(answer: WhatIfAnswerContext): WhatIfFigure {
  const { entity, grain, movement, baseline, candidate } = answer;
  const many = pluralOf(entity);
  const rows = unionOfTiers(baseline.tiers, candidate.tiers).map((tier) => {
    const counts = [heldIn(answer, "baseline", tier.name), heldIn(answer, "candidate", tier.name)] as const;
    const [from, to] = [shareOf(counts[0], movement.inFrame), shareOf(counts[1], movement.inFrame)];
    const row: PairedRow = {
      label: tier.name,
      notes: [`${formatCount(counts[0])} → ${formatCount(counts[1])}`],
      isBounds: false,
      baseline: { value: from * 100 },
      candidate: { value: to * 100 },
      pairText: sharePair(from, to).join(" → ").replace("\u00a0%", ""),
      change: { value: (to - from) * 100 },
      changeText: formatPoints(to - from),
      changeIntervalText: "",
    };
    return { row, counts };
  });
  const title = tiersTitle(
    many,
    rows.map(({ row: { label }, counts: [from, to] }) => ({ tier: label, by: to - from })),
  );
  return {
    title,
    subtitle: `Per cent of the ${formatCount(movement.inFrame)} ${many} there in ${periodWords(grain, movement.at)}; counts of every ${entity}, no interval.`,
    chart: {
      kind: "paired-rows",
      label: `${title}: ${rows.map(({ row: { label }, counts: [from, to] }) => `${label} ${formatCount(from)}, then ${formatCount(to)}`).join("; ")}.`,
      valueHeading: `Share of ${many}`,
      pairHeading: "%",
      changeHeading: "Change",
      changeColumn: "pp",
      rows: rows.map(({ row }) => row),
      axis: { prefix: "", suffix: "\u00a0%", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
    },
    key: [
      { mark: "baseline-point", words: baseline.name },
      { mark: "candidate-point", words: candidate.name },
    ],
    table: {
      columns: [
        { title: "tier", format: "text" },
        { title: baseline.name, format: "count" },
        { title: candidate.name, format: "count" },
      ],
      rows: rows.map(({ row: { label }, counts: [from, to] }) => [label, from, to]),
      currency: "",
    },
  };
}

/** Counts sum to everyone under both, so that where a tier gains another loses. */
function tiersTitle(many: string, changes: readonly { readonly tier: string; readonly by: number }[]): string {
  const [most] = changes.toSorted((a, b) => b.by - a.by);
  const [least] = changes.toSorted((a, b) => a.by - b.by);
  if (most === undefined || least === undefined || most.by === 0) return `Each tier holds as many ${many} under both`;
  return `${capitalise(most.tier)} holds ${formatCount(most.by)} more, ${least.tier} ${formatCount(-least.by)} fewer`;
}

/** The matrix of an answer, or of a replay against a baseline. */
export function movementFigure(answer: MatrixContext): WhatIfFigure {
  const { entity, grain, movement, baseline, candidate } = answer;
  const tiers = unionOfTiers(baseline.tiers, candidate.tiers);
  const colours = tierColours(tiers);
  const drawn = (name: string) => ({ name, colour: colours.get(name) ?? "unrated" });
  const cells = movement.matrix.map((row, from) =>
    row.map((entities, to) => ({
      entities,
      direction: directionBetween(tiers, movement.rows[from] ?? "", movement.columns[to] ?? ""),
    })),
  );
  const title = movementTitle(movement, entity);
  return {
    title,
    subtitle: `${formatCount(movement.inFrame)} ${pluralOf(entity)} by held tier, ${periodWords(grain, movement.at)}.`,
    chart: {
      kind: "movement-matrix",
      label: `${title}. Rows: tier under ${baseline.name}; columns: tier under ${candidate.name}.`,
      baseline: baseline.name,
      candidate: candidate.name,
      rows: movement.rows.map(drawn),
      columns: movement.columns.map(drawn),
      cells,
    },
    key: [
      { mark: "down", words: "▼ lower tier" },
      { mark: "up", words: "▲ higher tier" },
      ...(movement.intoUnrated + movement.outOfUnrated > 0 ? [{ mark: "grey-2" as const, words: "◇ into or out of unrated" }] : []),
    ],
    table: {
      columns: [
        { title: `tier under ${baseline.name}`, format: "text" },
        { title: `tier under ${candidate.name}`, format: "text" },
        { title: pluralOf(entity), format: "count" },
      ],
      rows: movement.rows.flatMap((row, from) =>
        movement.columns.flatMap((column, to) => {
          const entities = movement.matrix[from]?.[to] ?? 0;
          return entities === 0 ? [] : [[row, column, entities]];
        }),
      ),
      currency: "",
    },
  };
}

/** The largest stream; where several are as large, one of them. */
function movementTitle({ movers, rows, columns, matrix }: MatrixContext["movement"], entity: string): string {
  const streams = matrix.flatMap((row, i) =>
    row.flatMap((entities, j) => (rows[i] === columns[j] ? [] : [{ from: rows[i] ?? "", to: columns[j] ?? "", entities }])),
  );
  const [largest] = streams.toSorted((a, b) => b.entities - a.entities);
  if (largest === undefined || movers === 0) return "Nobody ends in another tier";
  const { from, to, entities } = largest;
  if (movers === 1) return `One ${entity} goes from ${from} to ${to}`;
  return `${formatCount(entities)} of ${formatCount(movers)} movers ${entities === 1 ? "goes" : "go"} from ${from} to ${to}`;
}

function overTimeFigure({ entity, grain, periods, baseline, candidate }: WhatIfAnswerContext): WhatIfFigure {
  const tiers = unionOfTiers(baseline.tiers, candidate.tiers);
  const colours = tierColours(tiers);
  const series = tiers.map((tier) => {
    const shares = (side: typeof baseline) => side.held.map((held) => shareOf(held[tier.name] ?? 0, sum(Object.values(held))) * 100);
    return {
      tier: { name: tier.name, colour: colours.get(tier.name) ?? "unrated" },
      baseline: shares(baseline),
      candidate: shares(candidate),
    };
  });
  const every = Math.max(1, Math.ceil(periods.length / pointsMax));
  const span = spanOf(series);
  const title = overTimeTitle(series, { periods: periods.length, grain });
  return {
    title,
    subtitle: `Per cent of all ${pluralOf(entity)} held in each tier, by ${grain}. Every panel spans ${formatNumber(span, 0)} points; mind where each starts.`,
    chart: {
      kind: "tiers-over-time",
      label: `Share of ${pluralOf(entity)} by tier over time.`,
      periods: thin(periods, every),
      span,
      panels: series.map(({ tier, ...values }) => ({
        name: tier.name,
        tier,
        baseline: thin(values.baseline, every),
        candidate: thin(values.candidate, every),
        isSame: values.baseline.every((value, index) => value === values.candidate[index]),
      })),
    },
    key: [
      { mark: "baseline-line", words: baseline.name },
      { mark: "candidate-line", words: candidate.name },
    ],
    table: {
      columns: [
        { title: `${grain} to`, format: "text" },
        { title: "tier", format: "text" },
        { title: baseline.name, format: "count" },
        { title: candidate.name, format: "count" },
      ],
      rows: periods
        .flatMap((period, index) =>
          tiers.map(({ name }) => [period, name, baseline.held[index]?.[name] ?? 0, candidate.held[index]?.[name] ?? 0]),
        )
        .toReversed(),
      currency: "",
    },
  };
}

/** In how many periods any tier holds another share, and which one by how much at most. */
function overTimeTitle(
  series: readonly {
    readonly tier: { readonly name: string };
    readonly baseline: readonly number[];
    readonly candidate: readonly number[];
  }[],
  { periods, grain }: { readonly periods: number; readonly grain: string },
): string {
  const apart = series.flatMap(({ tier, baseline, candidate }) =>
    baseline.map((share, index) => ({ tier: tier.name, index, by: Math.abs((candidate[index] ?? share) - share) })),
  );
  const [most] = apart.toSorted((a, b) => b.by - a.by);
  if (most === undefined || most.by === 0) return `In every ${grain} each tier holds as many under both`;
  const differing = new Set(apart.filter(({ by }) => by > 0).map(({ index }) => index)).size;
  return `Shares differ in ${formatCount(differing)} of ${countOf(periods, grain)}; ${most.tier} most, by up to ${formatSignificant(most.by, 2)} points`;
}

/** Entities in adverse tiers at the date of the matrix, by each policy's own flags. */
function adverseOf(answer: WhatIfAnswerContext, side: "baseline" | "candidate"): number {
  return sum(answer[side].tiers.filter(({ adverse }) => adverse).map(({ name }) => heldIn(answer, side, name)));
}

function heldIn({ movement: { rows, columns, matrix } }: WhatIfAnswerContext, side: "baseline" | "candidate", tier: string): number {
  if (side === "baseline") return sum(matrix[rows.indexOf(tier)] ?? []);
  const column = columns.indexOf(tier);
  return sum(matrix.map((row) => row[column] ?? 0));
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
