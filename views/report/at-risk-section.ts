/** Early warning: how good alarms would have been at the time, beside the base rate and the plain rule, and who is at risk now. */
import type { AlarmRecord, EntityAtRisk, PolicyAtRisk } from "../../simulations/comparison/index.ts";
import type { IntervalRow } from "../charts/chart-spec.ts";
import { capitalise, countInWords, countOf, formatCount, formatDate, formatNumber, formatShare, listInWords } from "../formats/index.ts";
import { pagePaths } from "../pages/page-paths.ts";
import { barsOf } from "./bars.ts";
import { estimateCells, markOf, methodWords, notDetermined, numberOf, shareInterval } from "./estimate-words.ts";
import { chartTier, type Facts, figureLinks } from "./facts.ts";
import { estimateKey } from "./paired-shares.ts";
import type { Block, Figure, Section } from "./report.ts";

const modes = ["full", "method"] as const;
const shownMax = 15;

/** What the section speaks of. */
interface Warning {
  readonly facts: Facts;
  readonly before: PolicyAtRisk;
  readonly after: PolicyAtRisk;
  /** `8 weeks`. */
  readonly within: string;
  readonly budget: number;
  readonly drawn: string;
}

/** Full and Method; none for a run that was kept before early warning was. */
export function atRiskSection(facts: Facts): readonly Section[] {
  const { atRisk, candidates } = facts.comparison;
  const [before, after] = [atRisk?.policies[0], atRisk?.policies[candidates.indexOf(facts.candidate) + 1]];
  if (atRisk === undefined || before === undefined || after === undefined) return [];
  const { horizonPeriods, budget, sample } = atRisk;
  const drawn = sample.share === 1 ? "" : `; ${formatCount(sample.entities)} drawn ${facts.many}`;
  const warning = { facts, before, after, within: countOf(horizonPeriods, facts.period, facts.periods), budget, drawn };
  const head = { id: "at-risk", name: "At risk" };
  if (after.factors.length === 0) return [{ ...head, blocks: [noModel(warning)] }];
  return [{ ...head, blocks: [...recordBlocks(warning), ...nowBlocks(warning), worth(warning), methodNote(warning)] }];
}

function noModel({ facts, after, within }: Warning): Block {
  const { precision } = after.model;
  return {
    modes,
    kind: "finding",
    title: `Too little has happened under ${after.version} to warn anybody`,
    subtitle: `An alarm would say that ${facts.adverseWords === "" ? "an adverse tier" : facts.adverseWords} is held within ${within}. ${precision.kind === "undetermined" ? capitalise(methodWords(precision)) : ""}`,
  };
}

function recordBlocks(warning: Warning): readonly Block[] {
  const { model } = warning.after;
  if (model.precision.kind === "undetermined")
    return [{ modes, kind: "finding", title: "No alarm is old enough to be judged", subtitle: capitalise(methodWords(model.precision)) }];
  return [
    { modes, kind: "figure", figure: recordFigure(warning) },
    { modes, kind: "prose", spans: leadWords(warning) },
    { modes: ["method"], kind: "figure", figure: calibrationFigure(warning) },
  ];
}

function recordFigure(warning: Warning): Figure {
  const { facts, before, after, within, budget, drawn } = warning;
  const title = recordTitle(after);
  const rowsUnder = (policy: PolicyAtRisk): readonly IntervalRow[] => [
    rowOf(
      `Alarms of the model, ${policy.version}`,
      `${formatCount(policy.model.hits)} of ${formatCount(policy.model.alarms)}`,
      policy.model.precision,
      policy === after,
    ),
    rowOf(
      `Lowest scores, ${policy.version}`,
      `${formatCount(policy.plain.hits)} of ${formatCount(policy.plain.alarms)}`,
      policy.plain.precision,
      false,
    ),
    rowOf(`Any ${facts.one}, ${policy.version}`, "the base rate", policy.baseRate, false),
  ];
  const rows = [...rowsUnder(after), ...rowsUnder(before)];
  const bars = barsOf(facts, rows, `${facts.many} resampled`);
  return {
    id: "at-risk-alarms",
    title,
    subtitle: `Per cent of alarms after which an adverse tier was held within ${within}; alarms for ${formatShare(budget, 0)} of those not adverse at each evaluation, as they would have been raised at the time${drawn}; ${formatCount(after.evaluations.measured)} evaluations under ${after.version}; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "alarms that came true, %",
      columns: ["Came true", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows,
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "version", format: "text" },
        { title: "alarms for", format: "text" },
        { title: "alarms", format: "count" },
        { title: "came true", format: "count" },
        { title: "left before", format: "count" },
        { title: "precision", format: "share" },
        { title: "lower", format: "share" },
        { title: "upper", format: "share" },
        { title: "recall", format: "share" },
        { title: "entries announced", format: "count" },
        { title: "entries", format: "count" },
        { title: `median lead, ${facts.periods}`, format: "count" },
      ],
      rows: [after, before].flatMap((policy) => [
        recordCells(policy, "highest predicted risk", policy.model),
        recordCells(policy, "lowest scores", policy.plain),
        [
          policy.version,
          "everybody eligible",
          policy.evaluations.measured,
          policy.hits,
          policy.exits,
          ...estimateCells(policy.baseRate),
          "",
          "",
          policy.entries,
          "",
        ],
      ]),
      currency: "",
    },
    links: alarmLinks(facts),
  };
}

/** The files of the figure, and who has an alarm now; the list is the server's, and a file that stands alone has none. */
function alarmLinks(facts: Facts): Figure["links"] {
  const links = figureLinks(facts, "at-risk-alarms");
  if (links.csv === undefined) return links;
  return { ...links, alarms: `${pagePaths.alarmList(facts.context.runId)}?candidate=${encodeURIComponent(facts.candidateVersion)}` };
}

function recordCells(policy: PolicyAtRisk, name: string, record: AlarmRecord): readonly (string | number)[] {
  const { alarms, hits, exits, precision, recall, entriesAnnounced, lead } = record;
  return [
    policy.version,
    name,
    alarms,
    hits,
    exits,
    ...estimateCells(precision),
    numberOf(recall) ?? notDetermined,
    entriesAnnounced,
    policy.entries,
    lead?.median ?? "",
  ];
}

function rowOf(label: string, note: string, estimated: PolicyAtRisk["baseRate"], isEmphasised: boolean): IntervalRow {
  const value = numberOf(estimated);
  return {
    label,
    note,
    mark: markOf(estimated, 100),
    estimateText: value === undefined ? notDetermined : formatShare(value),
    intervalText: value === undefined ? "" : shareInterval(estimated),
    isTotal: false,
    isEmphasised,
  };
}

/** Says which of the two warns better only where the interval of the difference in recall bears it. */
function recordTitle({ model, plain, recallGain, version }: PolicyAtRisk): string {
  const [ours, theirs] = [share(model.precision), share(plain.precision)];
  if (recallGain.kind === "estimate" && recallGain.interval !== undefined) {
    if (recallGain.interval.upper < 0)
      return `Under ${version} the lowest scores warn better than the model: ${theirs} of their alarms come true, ${ours} of the model’s`;
    if (recallGain.interval.lower > 0)
      return `Under ${version} ${ours} of the model’s alarms come true, against ${theirs} of as many for the lowest scores`;
  }
  return `Under ${version} ${ours} of the model’s alarms come true; alarms for the lowest scores do about as well`;
}

function leadWords(warning: Warning) {
  const { facts, after, within } = warning;
  const { model, entries, hits } = after;
  const recall = numberOf(model.recall);
  const plain = (text: string) => ({ text, strong: false });
  const strong = (text: string) => ({ text, strong: true });
  const lead =
    model.lead === undefined
      ? [plain("None of them was announced.")]
      : [
          plain("Of these entries "),
          strong(formatCount(model.entriesAnnounced)),
          plain(` were announced by an alarm; the earliest came a median of `),
          strong(countOf(model.lead.median, facts.period, facts.periods)),
          plain(` ahead (half of them ${model.lead.lower} to ${countOf(model.lead.upper, facts.period, facts.periods)}).`),
        ];
  return [
    plain(`In the evaluations that can be judged, ${countOf(entries, "entry", "entries")} into an adverse tier came within ${within}. `),
    ...lead,
    plain(
      ` Alarms for ${formatShare(warning.budget, 0)} of the ${facts.many} reach ${recall === undefined ? notDetermined : formatShare(recall, 0)} of the ${formatCount(hits)} evaluations that an adverse tier followed.`,
    ),
  ];
}

function calibrationFigure(warning: Warning): Figure {
  const { facts, after, within, drawn } = warning;
  const groups = after.calibration;
  const inside = groups.filter(({ observed, predicted }) => {
    const interval = observed.kind === "estimate" ? observed.interval : undefined;
    return interval !== undefined && interval.lower <= predicted && predicted <= interval.upper;
  }).length;
  const title = `In ${countInWords(inside)} of ${countInWords(groups.length)} groups the predicted risk lies within the interval of what happened`;
  const rows = groups.map(({ predicted, observed, hits, evaluations }) =>
    rowOf(`Predicted ${formatShare(predicted)}`, `${formatCount(hits)} of ${formatCount(evaluations)}`, observed, false),
  );
  const bars = barsOf(facts, rows, `${facts.many} resampled`);
  return {
    id: "at-risk-calibration",
    title,
    subtitle: `Per cent of evaluations after which an adverse tier was held within ${within}, by tenth of predicted risk, under ${after.version}${drawn}; ${bars.words}.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: "followed by an adverse tier, %",
      columns: ["Happened", bars.column],
      isCompact: false,
      axis: { prefix: "", suffix: "", isChange: false },
      rows,
    },
    key: estimateKey(bars),
    table: {
      columns: [
        { title: "mean predicted risk", format: "share" },
        { title: "evaluations", format: "count" },
        { title: "followed by an adverse tier", format: "count" },
        { title: "share", format: "share" },
        { title: "lower", format: "share" },
        { title: "upper", format: "share" },
      ],
      rows: groups.map(({ predicted, evaluations, hits, observed }) => [predicted, evaluations, hits, ...estimateCells(observed)]),
      currency: "",
    },
    links: figureLinks(facts, "at-risk-calibration"),
  };
}

/** How far such predictions were off so far, where it is by a fifth or more. */
function pastErrorWords({ calibration }: Warning["after"]): string {
  const [predicted, hits] = calibration.reduce(
    ([sum, count], group) => [sum + group.predicted * group.evaluations, count + group.hits] as const,
    [0, 0] as readonly [number, number],
  );
  if (hits === 0 || Math.abs(predicted / hits - 1) < 0.2) return "";
  return predicted > hits
    ? `; so far such predictions were ${formatNumber(predicted / hits, 1)} times what happened`
    : `; so far ${formatNumber(hits / predicted, 1)} times as many did as were predicted`;
}

function nowBlocks(warning: Warning): readonly Block[] {
  const { facts, after, within } = warning;
  const { at, eligible, alarms, expected = 0, listed } = after.now;
  const shown = listed.slice(0, shownMax);
  const title = `About ${formatCount(Math.round(expected))} of ${countOf(eligible, facts.one, facts.many)} are predicted to enter an adverse tier under ${after.version} within ${within}${pastErrorWords(after)}`;
  const subtitle = `Not adverse in ${facts.comparison.panel.grain === "day" ? formatDate(at) : `the ${facts.period} to ${formatDate(at)}`}; a sum of predicted risks, no interval. Listed: the ${countInWords(shown.length)} with the highest predicted risk, of ${countOf(alarms, "alarm", "alarms")}; scores of their last evaluations, the latest last.`;
  return [
    { modes, kind: "finding", title, subtitle },
    {
      modes,
      kind: "entities",
      entityWord: capitalise(facts.one),
      hasSales: false,
      entities: shown.map((entity) => describe(warning, entity)),
    },
  ];
}

function describe({ facts, after }: Warning, entity: EntityAtRisk) {
  const { margin, demoteCount, isShielded, scores, risk, tier } = entity;
  const line = after.line;
  const next = line?.tier ?? facts.candidate.policy.tiers.find(({ adverse }) => adverse)?.name ?? "";
  const words = [
    ...(margin === undefined || line === undefined
      ? []
      : [
          `${formatNumber(Math.abs(margin), 1)} ${margin < 0 ? "below" : "above"} the line at ${formatNumber(line.score, Number.isInteger(line.score) ? 0 : 1)}`,
        ]),
    ...(demoteCount === 0 ? [] : [`${countOf(demoteCount, "evaluation")} in a row merited worse`]),
    ...(isShielded ? ["shielded"] : []),
  ];
  return {
    entity: entity.entity,
    ...(facts.context.hasLinks === false ? {} : { href: pagePaths.entity(facts.context.runId, entity.entity) }),
    attributes: words.join("; "),
    sales: "",
    baselineTier: chartTier(facts, tier),
    candidateTier: chartTier(facts, next),
    score:
      scores.length === 0
        ? "no score"
        : scores
            .slice(-4)
            .map((score) => formatNumber(score, 1))
            .join(" → "),
    label: `risk ${riskWords(risk)}${entity.hasAlarm ? "" : ", no alarm"}`,
    restore: "",
  };
}

/** No prediction is certain. */
function riskWords(risk: number): string {
  return risk >= 0.995 ? "above 99\u00a0%" : formatShare(risk, 0);
}

function worth({ facts }: Warning): Block {
  return {
    modes,
    kind: "aside",
    text: `What an alarm is worth cannot be read from history: nobody was warned. A randomised nudge would tell: an experiment in which half of the ${facts.many} with an alarm, drawn at random, are told.`,
  };
}

function methodNote({ facts, before, after, within, budget }: Warning): Block {
  const strongest = after.factors.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 5);
  const { eligible, measured, beforeModel, open } = after.evaluations;
  const gain = numberOf(after.recallGain);
  return {
    modes: ["method"],
    kind: "note",
    title: "How alarms are raised and judged",
    paragraphs: [
      `Eligible: not adverse at t, unrated and shielded among them. Hit: an adverse tier is held in one of the ${within} after t. At each evaluation a logistic regression (ridge 1 on standardised columns, fitted by iteratively reweighted least squares) sees only evaluations whose ${within} were complete before t; the ${formatShare(budget, 0)} with the highest predicted risk get an alarm. The plain rule gives as many to the lowest scores. Nothing after t changes an alarm at t.`,
      `Under ${after.version}: ${formatCount(eligible)} evaluations were eligible, ${formatCount(beforeModel)} of them before the first model, ${formatCount(open)} whose ${within} are not complete, ${formatCount(after.exits)} whose ${facts.one} left first; ${formatCount(measured)} are measured. Under ${before.version}: ${formatCount(before.evaluations.measured)}.`,
      `Recall of the model less recall of the lowest scores: ${gain === undefined ? notDetermined : `${formatNumber(gain * 100, 1)} points`}${after.recallGain.kind === "estimate" && after.recallGain.interval !== undefined ? ` (${shareInterval(after.recallGain)})` : ""}. Intervals take the alarms as they were raised: ${methodWords(after.model.precision)}`,
      `What weighs most in the model at the end (log-odds for one standard deviation): ${listInWords(strongest.map(({ words, weight }) => `${words} ${formatNumber(weight, 2)}`))}. Columns that say nearly the same share their weight.`,
    ],
  };
}

function share(estimated: PolicyAtRisk["baseRate"]): string {
  const value = numberOf(estimated);
  return value === undefined ? notDetermined : formatShare(value, 0);
}
