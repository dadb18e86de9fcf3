/** Why the share of adverse entities changed between two dates: parts that sum to the whole. */
import type { ChangeExplained, FactorShare } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import type { IntervalRow } from "../charts/chart-spec.ts";
import { capitalise, countOf, formatCount, formatDate, formatNumber, formatPoints, formatSigned, sharePair } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, methodWords, pointsInterval } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { estimateKey } from "./paired-shares.ts";
import type { Block, Figure, Section } from "./report.ts";
import { fewEntities } from "./small-data.ts";

const modes = ["full", "method"] as const;

const factorWords: Readonly<Record<FactorShare["factor"], string>> = {
  rule: "The rule",
  own: "Own metrics",
  peers: "Peers",
  state: "Carried state",
};

/** One part of the change; those that are counted have no interval. */
interface Part {
  readonly label: string;
  readonly note: string;
  readonly change: number;
  readonly estimated?: Estimated;
}

/** Full and Method; none for a run that was kept before changes were explained. */
export function changeSection(facts: Facts): readonly Section[] {
  const change = facts.candidate.changeExplained;
  if (change === undefined) return [];
  const figure: Block = { modes, kind: "figure", figure: changeFigure(facts, change) };
  return [{ id: "why-changed", name: "Why it changed", blocks: [figure, ...scoreBlock(facts, change), methodNote(facts, change)] }];
}

function changeFigure(facts: Facts, change: ChangeExplained): Figure {
  const { from, to, both, explained } = change;
  const parts = partsOf(facts, change);
  const printed = roundedPoints(
    parts.map((part) => part.change),
    change.change,
  );
  const title = titleOf(facts, change);
  const drawn = explained === 0 || explained === both.entities ? "" : `, ${formatCount(explained)} of them drawn and weighted`;
  const rows = parts.map(
    ({ label, note, change: value, estimated }, index): IntervalRow => ({
      label,
      note,
      mark: estimated === undefined ? { value: value * 100 } : markOf(estimated, 100),
      estimateText: pointsText(printed[index] as number),
      intervalText: estimated?.kind === "estimate" && estimated.interval !== undefined ? pointsInterval(estimated) : "",
      isTotal: false,
      isEmphasised: false,
    }),
  );
  const bars = barsOf(facts, rows, `${facts.many} resampled`);
  return {
    id: "change-explained",
    title,
    subtitle: `Percentage points; ${from.version} on ${formatDate(from.at)} (n\u00a0=\u00a0${formatCount(from.entities)}) against ${to.version} on ${formatDate(to.at)} (n\u00a0=\u00a0${formatCount(to.entities)}); ${countOf(both.entities, facts.one, facts.many)} evaluated at both${drawn}; ${bars.words}; entrants, leavers and the whole are counts, no interval. Carried state is the tier, counts and holds that each version's own run had brought to its date: what a rule did in earlier ${facts.periods} is in it.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "change of the adverse share, percentage points",
      columns: ["Part", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: true },
      rows: [
        ...rows,
        {
          label: "Change in all",
          note: "",
          mark: { value: change.change * 100 },
          estimateText: pointsText(Math.round(change.change * 1e4)),
          intervalText: "",
          isTotal: true,
          isEmphasised: false,
        },
      ],
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "part", format: "text" },
        { title: "change", format: "points" },
        { title: "lower", format: "points" },
        { title: "upper", format: "points" },
      ],
      rows: [
        ...parts.map(({ label, change: value, estimated }) =>
          estimated === undefined ? [label, value, "", ""] : [label, ...estimateCells(estimated)],
        ),
        ["Change in all", change.change, "", ""],
      ],
      currency: "",
    },
    links: figureLinks(facts, "change-explained"),
  };
}

/** Factors of those who stay (one part where they could not be told apart), then those who are only at one date. */
function partsOf(facts: Facts, { factors, both, entrants, leavers }: ChangeExplained): readonly Part[] {
  const isEmpty = ({ share }: FactorShare): boolean => share.kind === "estimate" && share.value === 0;
  const shown = factors.filter((factor) => factor.factor !== "peers" || !isEmpty(factor));
  const stayers: readonly Part[] =
    factors.length === 0
      ? [{ label: `${capitalise(facts.many)} at both dates`, note: "not told apart", change: both.change }]
      : shown.map(({ factor, share }) => ({
          label: factorWords[factor],
          note: "",
          change: share.kind === "estimate" ? share.value : 0,
          estimated: share,
        }));
  const count = (part: ChangeExplained["entrants"]): string => `${formatCount(part.adverse)} adverse of ${formatCount(part.entities)}`;
  return [
    ...stayers,
    { label: "Entrants", note: count(entrants), change: entrants.change },
    { label: "Leavers", note: count(leavers), change: leavers.change },
  ];
}

/** Names the largest part only where its interval bears the sign, and it is larger than every other. */
function titleOf(facts: Facts, { from, to, factors, entrants, leavers }: ChangeExplained): string {
  const [before, after] = sharePair(shareOf(from.adverse, from.entities), shareOf(to.adverse, to.entities));
  if (from.entities < fewEntities || to.entities < fewEntities) {
    const held = [from, to].map(({ adverse, entities }) => `${formatCount(adverse)} of ${formatCount(entities)}`);
    return `Held adverse were ${held[0] ?? ""}, then ${held[1] ?? ""}: too few ${facts.many} to say why it changed`;
  }
  const whole = `The share of adverse ${facts.many} ${before === after ? `stays at ${after}` : `goes from ${before} to ${after}`}`;
  const clear = factors
    .filter(({ share }) => share.kind === "estimate" && share.interval !== undefined && share.interval.lower * share.interval.upper > 0)
    .map(({ factor, share }) => ({ factor, value: share.kind === "estimate" ? share.value : 0 }))
    .toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  const others = [
    entrants.change,
    leavers.change,
    ...factors.filter(({ factor }) => factor !== clear?.factor).map(({ share }) => (share.kind === "estimate" ? share.value : 0)),
  ];
  if (clear === undefined || others.some((value) => Math.abs(value) >= Math.abs(clear.value))) return whole;
  return `${whole}; the largest part is ${factorWords[clear.factor].toLowerCase()}`;
}

function scoreBlock(facts: Facts, { score, factors }: ChangeExplained): readonly Block[] {
  if (score === undefined) return [];
  const parts = factors.flatMap(({ factor, score: own }) =>
    own?.kind === "estimate" && (factor === "rule" || factor === "own" || own.value !== 0)
      ? [`${factorWords[factor].toLowerCase()} ${formatSigned(own.value, 1)}`]
      : [],
  );
  const text = `The mean score of ${countOf(score.entities, facts.one, facts.many)} with a score under every mixture goes from ${formatNumber(score.before, 1)} to ${formatNumber(score.after, 1)}: ${parts.join(", ")}.`;
  return [{ modes, kind: "aside", text }];
}

function methodNote(facts: Facts, change: ChangeExplained): Block {
  const { factors, reason, dateRule } = change;
  const share = (factors.find((factor) => factor.share.kind === "estimate" && factor.share.interval !== undefined) ?? factors[0])?.share;
  return {
    modes: ["method"],
    kind: "note",
    title: "How the change is parted",
    paragraphs: [
      `Each ${facts.one} that is evaluated at both dates is evaluated anew under every mixture of rule, own metrics, peers and carried state of the first and of the second date. A part is Shapley’s share: the mean of what its change brings over all orders in which the four may change. The parts sum to the change. Carried state is the tier, counts, holds and points before the evaluation, taken over by name and ‘replaces:’, with its days moved along.`,
      `Entrants and leavers: share with them less share without them, at their date; among them who was not evaluated yet at the other date. Where more ${facts.many} stay than the limit allows, some are drawn, apart by how they stand at both dates, and weighted back, so that the parts still sum.`,
      `The first date is ${dateRule}.`,
      ...(share === undefined ? [] : [`Interval: ${methodWords(share)}`]),
      ...(reason === undefined ? [] : [`Not told apart: ${reason}.`]),
    ],
  };
}

/** Hundredths of a point that sum to the rounded whole (largest remainder). */
function roundedPoints(parts: readonly number[], whole: number): readonly number[] {
  const exact = parts.map((part) => part * 1e4);
  const rounded = exact.map(Math.floor);
  let left = Math.round(whole * 1e4) - rounded.reduce((sum, part) => sum + part, 0);
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    rounded[index] = (rounded[index] as number) + 1;
    left--;
  }
  return rounded;
}

function pointsText(hundredths: number): string {
  return `${formatPoints(hundredths / 1e4)}\u00a0pp`;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
