/** The five figures that matter; where one cannot exist for this panel, the next best takes its place. */
import type { Errors } from "../../simulations/comparison/index.ts";
import {
  formatCount,
  formatDate,
  formatMoney,
  formatNumber,
  formatPoints,
  formatRange,
  formatShare,
  formatShareInProse,
  formatSigned,
  moneyParts,
  sharePair,
} from "../formats/index.ts";
import { leadChange, leadIsPredictive, leadRate, primaryErrors } from "./errors-of.ts";
import {
  boundsMark,
  exactAmounts,
  markOf,
  moneyInterval,
  notDetermined,
  numberOf,
  pointsInterval,
  shareInterval,
} from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { StripFigure } from "./report.ts";
import { unratedUnderBoth, whoBearsIt } from "./who-bears-it.ts";

const noTicks = { prefix: "", suffix: "", isChange: false } as const;
const countOnly = "a count, no interval";

/** Five figures, in order of weight. */
export function stripOf(facts: Facts): readonly StripFigure[] {
  const bearer = bearerFigure(facts);
  const first = [moversFigure(facts), salesFigure(facts), falsePositiveFigure(facts), bearer ?? adverseFigure(facts), knownFigure(facts)];
  const spare = [
    bearer === undefined ? undefined : adverseFigure(facts),
    everFigure(facts),
    hypotheticalFigure(facts),
    changesFigure(facts),
  ];
  return [...first, ...spare].filter((figure) => figure !== undefined).slice(0, 5);
}

/** One line under the strip: what its ranges mean. */
export function stripNoteOf(facts: Facts): string {
  const { noDraw } = facts.candidate;
  if (noDraw !== undefined) return `No figure of tiers has an interval: ${noDraw}. Counts of recorded history are exact.`;
  return `Ranges are nominal ${facts.level} intervals (what they cover in simulation stands in Method): how far each figure would move had other ${facts.many} of the same kind been in the panel under the same calendar. Shocks that hit everyone at once are outside them; counts of recorded history are exact.`;
}

function moversFigure(facts: Facts): StripFigure {
  const { movement } = facts.candidate;
  const { movers, up, down } = movement;
  const other = movement.intoUnrated + movement.outOfUnrated;
  const share = facts.inFrame === 0 ? 0 : movers / facts.inFrame;
  const unrated = other === 0 ? "" : `; ${formatCount(other)} into or out of unrated`;
  return {
    id: "movers",
    name: `${plural(facts)} who change tier`,
    value: movers > 0 && share < 0.0005 ? "< 0.1" : formatNumber(share * 100, 1),
    unit: "%",
    interval:
      movement.moversShare.kind === "undetermined"
        ? `no interval: ${movement.moversShare.reason}`
        : shareInterval(movement.moversShare) || countOnly,
    mini: { kind: "mini-split", label: `${formatCount(down)} go down, ${formatCount(up)} go up${unrated}.`, down, up, other },
    note: `${formatCount(movers)} of ${formatCount(facts.inFrame)}${ofRated(facts)}, in ${facts.when}${unrated}`,
    isDetermined: true,
  };
}

/** Where fewer than this share of everyone can move, movers are set against those as well. */
const ratedShareMax = 0.8;

function ofRated(facts: Facts): string {
  const rated = facts.inFrame - unratedUnderBoth(facts);
  const { movers } = facts.candidate.movement;
  return movers > 0 && rated > 0 && rated / facts.inFrame < ratedShareMax
    ? ` (${formatShareInProse(movers / rated)} of the ${formatCount(rated)} rated under either)`
    : "";
}

function salesFigure(facts: Facts): StripFigure | undefined {
  const { gmv } = facts.candidate;
  if (gmv === undefined) return undefined;
  const value = numberOf(gmv.atStake);
  const name = "Sales at stake in 28 days";
  if (value === undefined) return undeterminedFigure("at-stake", name, gmv.atStake.kind === "undetermined" ? gmv.atStake.reason : "");
  const { number, unit } = moneyParts(value, gmv.currency);
  const scale = { "": 100, k: 1e5, M: 1e8, bn: 1e11 }[unit];
  const prefix = number.replace(/[\d.,−]+/g, "");
  const ofAll = gmv.total > 0 ? `${formatShare(value / gmv.total)} of all sales, ` : "";
  return {
    id: "at-stake",
    name,
    value: number,
    unit,
    interval: moneyInterval(gmv.atStake, gmv.currency) || countOnly,
    ...exactAmounts(gmv.atStake, gmv.currency),
    mini: {
      kind: "mini-interval",
      label: `${formatMoney(value, gmv.currency)}, ${intervalWords(moneyInterval(gmv.atStake, gmv.currency))}.`,
      rows: [markOf(gmv.atStake, 1 / scale)],
      ticks: { ...noTicks, prefix, ...(unit === "" ? {} : { suffix: ` ${unit}`, full: { prefix, times: scale / 100 } }) },
    },
    note: `${ofAll}${formatDate(gmv.windowFrom)} to ${formatDate(gmv.at)}`,
    isDetermined: true,
  };
}

function falsePositiveFigure(facts: Facts): StripFigure | undefined {
  const errors = primaryErrors(facts.candidate);
  if (errors === undefined) return undefined;
  const name = "Change of the false-positive rate";
  const { estimate: change, isLabelledOnly } = leadChange(errors);
  if (change.kind === "undetermined") return withLimits(undeterminedFigure("false-positive-change", name, change.reason), errors);
  const [before, after] = [leadRate(errors, "baseline"), leadRate(errors, "candidate")];
  const [from, to] = [before && numberOf(before.estimate), after && numberOf(after.estimate)];
  const rates =
    from !== undefined && to !== undefined
      ? `${rateWords(change.value === 0 ? to : from, to, `${isLabelledOnly ? "known " : ""}fine ${facts.many}`)}; `
      : isLabelledOnly
        ? "among the labelled alone; "
        : "";
  const rows = [boundsMark(errors.falsePositiveChangeBounds, 100), markOf(change, 100)];
  return {
    id: "false-positive-change",
    name,
    value: formatPoints(change.value),
    unit: "pp",
    interval: pointsInterval(change) || (facts.candidate.noDraw === undefined ? countOnly : "no interval"),
    mini: {
      kind: "mini-interval",
      label: `${formatPoints(change.value)} points, ${intervalWords(pointsInterval(change))}; hatched: limits without any assumption.`,
      rows,
      ticks: { ...noTicks, isChange: true },
    },
    note: `${rates}at ${formatDate(errors.at)}${leadIsPredictive(errors) ? "; predictive, not truth" : ""}`,
    isDetermined: true,
  };
}

function intervalWords(interval: string): string {
  return interval === "" ? "no interval" : `interval ${interval}`;
}

function rateWords(from: number, to: number, whom: string): string {
  const [before, after] = sharePair(from, to);
  return from === to ? `${after} of ${whom} under both` : `${before.replace(/\u00a0%$/, "")} to ${after} of ${whom}`;
}

/** No single figure, with the limits that need no assumption beside the reason. */
function withLimits(figure: StripFigure, errors: Errors): StripFigure {
  const limits = boundsMark(errors.falsePositiveChangeBounds, 100);
  if (limits.lower === undefined || limits.upper === undefined) return figure;
  const words = formatRange(formatPoints(limits.lower / 100), formatPoints(limits.upper / 100));
  return {
    ...figure,
    mini: {
      kind: "mini-interval",
      label: `Not determined; limits without any assumption ${words} points.`,
      rows: [limits],
      ticks: { ...noTicks, isChange: true },
    },
    note: `limits ${words}\u00a0pp, at ${formatDate(errors.at)}`,
  };
}

function bearerFigure(facts: Facts): StripFigure | undefined {
  const bearer = whoBearsIt(facts);
  if (bearer?.isClear !== true) return undefined;
  return {
    id: "bearer",
    name: `Newly adverse: ${bearer.name.slice(0, 1).toLowerCase()}${bearer.name.slice(1)}`,
    value: formatNumber(bearer.shareOfNewly * 100, 0),
    unit: "%",
    interval: countOnly,
    mini: {
      kind: "mini-bars",
      label: `${formatShare(bearer.shareOfAll, 0)} ${bearer.ofWhom}, ${formatShare(bearer.shareOfNewly, 0)} of the newly adverse.`,
      bars: [
        { share: bearer.shareOfAll, text: `${formatShare(bearer.shareOfAll, 0)} ${bearer.ofWhom}`, isEmphasised: false },
        { share: bearer.shareOfNewly, text: formatShare(bearer.shareOfNewly, 0), isEmphasised: true },
      ],
    },
    note: `${formatCount(bearer.newlyAdverse)} of ${formatCount(facts.candidate.newlyAdverse)} newly adverse, in ${facts.when}`,
    isDetermined: true,
  };
}

function adverseFigure(facts: Facts): StripFigure | undefined {
  if (facts.adverseWords === "") return undefined;
  const { newlyAdverse, released } = facts.candidate;
  const most = Math.max(1, newlyAdverse, released);
  return {
    id: "net-adverse",
    name: `More or fewer ${facts.many} in an adverse tier`,
    value: formatSigned(newlyAdverse - released, 0),
    unit: "",
    interval: countOnly,
    mini: {
      kind: "mini-bars",
      label: `${formatCount(newlyAdverse)} newly adverse, ${formatCount(released)} released.`,
      bars: [
        { share: newlyAdverse / most, text: `${formatCount(newlyAdverse)} newly`, isEmphasised: true },
        { share: released / most, text: `${formatCount(released)} out`, isEmphasised: false },
      ],
    },
    note: `newly adverse less released, in ${facts.when}`,
    isDetermined: true,
  };
}

function knownFigure(facts: Facts): StripFigure | undefined {
  const errors = primaryErrors(facts.candidate);
  if (errors === undefined || errors.inFrame === 0) return undefined;
  const share = errors.labelled / errors.inFrame;
  return {
    id: "known",
    name: `${plural(facts)} whose outcome we know`,
    value: formatNumber(share * 100, 1),
    unit: "%",
    interval: countOnly,
    mini: { kind: "mini-known", label: `${formatShare(share)} known, the rest not.`, share },
    note: `${formatCount(errors.labelled)} of ${formatCount(errors.inFrame)} at ${formatDate(errors.at)}${errors.labelled < errors.inFrame ? ", so false positives are estimates" : ""}`,
    isDetermined: true,
  };
}

function everFigure(facts: Facts): StripFigure {
  const { range } = facts.candidate;
  return rangeFigure(facts, {
    id: "ever-differed",
    name: `${plural(facts)} ever in another tier`,
    part: range.everDiffered,
    whole: range.entities,
    of: facts.many,
    interval: range.shares?.everDiffered,
  });
}

function hypotheticalFigure(facts: Facts): StripFigure {
  const { range } = facts.candidate;
  const shares = range.shares?.afterFirstDivergence;
  return rangeFigure(facts, {
    id: "hypothetical",
    name: "Part of the replay that is hypothetical",
    part: range.afterFirstDivergence,
    whole: range.entityPeriods,
    of: `${facts.one}-${facts.periods}`,
    interval: shares,
  });
}

function rangeFigure(
  facts: Facts,
  given: {
    readonly id: string;
    readonly name: string;
    readonly part: number;
    readonly whole: number;
    readonly of: string;
    readonly interval: Parameters<typeof shareInterval>[0] | undefined;
  },
): StripFigure {
  const share = given.whole === 0 ? 0 : given.part / given.whole;
  const { from, to } = facts.candidate.range;
  return {
    id: given.id,
    name: given.name,
    value: formatNumber(share * 100, 1),
    unit: "%",
    interval: (given.interval && shareInterval(given.interval)) || countOnly,
    mini: { kind: "mini-bars", label: `${formatShare(share)}.`, bars: [{ share, text: formatShare(share), isEmphasised: true }] },
    note: `${formatCount(given.part)} of ${formatCount(given.whole)} ${given.of}, ${formatDate(from)} to ${formatDate(to)}`,
    isDetermined: true,
  };
}

function changesFigure(facts: Facts): StripFigure {
  const { changes, from, to } = facts.candidate.range;
  const most = Math.max(1, changes.baseline, changes.candidate);
  return {
    id: "tier-changes",
    name: "Changes of tier over the range",
    value: formatSigned(changes.candidate - changes.baseline, 0),
    unit: "",
    interval: countOnly,
    mini: {
      kind: "mini-bars",
      label: `${formatCount(changes.baseline)} under the baseline, ${formatCount(changes.candidate)} under the candidate.`,
      bars: [
        { share: changes.baseline / most, text: formatCount(changes.baseline), isEmphasised: false },
        { share: changes.candidate / most, text: formatCount(changes.candidate), isEmphasised: true },
      ],
    },
    note: `${formatCount(changes.baseline)} before, ${formatCount(changes.candidate)} now, ${formatDate(from)} to ${formatDate(to)}`,
    isDetermined: true,
  };
}

function undeterminedFigure(id: string, name: string, reason: string): StripFigure {
  return {
    id,
    name,
    value: notDetermined,
    unit: "",
    interval: reason,
    mini: { kind: "mini-none", label: `Not determined: ${reason}` },
    note: "",
    isDetermined: false,
  };
}

function plural(facts: Facts): string {
  return facts.many.slice(0, 1).toUpperCase() + facts.many.slice(1);
}
