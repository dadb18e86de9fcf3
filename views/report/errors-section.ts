/** False positives: every source's estimate beside the limits that need no assumption; what we can and cannot say; coverage. */
import type { ErrorRate, Errors } from "../../simulations/comparison/index.ts";
import type { PairedRow } from "../charts/index.ts";
import { countOf, formatCount, formatDate, formatNumber, formatPoints, formatRange } from "../formats/index.ts";
import { barsOf } from "./bars.ts";
import { coverageFigure, honestParagraphs } from "./coverage.ts";
import { dateRuleOf, leadChange, leadRate, primaryErrors, rateOf } from "./errors-of.ts";
import { boundsMark, estimateCells, methodWords, notDetermined, numberOf } from "./estimate-words.ts";
import { estimatorBlocks, restsOn } from "./estimators-section.ts";
import { type Facts, figureLinks } from "./facts.ts";
import { pairedKey, pairedShares } from "./paired-shares.ts";
import type { Block, Figure, ReportTable, Section } from "./report.ts";

const modes = ["brief", "full", "method"] as const;
const fullModes = ["full", "method"] as const;

/** Without outcomes the section says so, and stops. */
export function errorsSection(facts: Facts): Section {
  const head = { id: "errors", name: "False positives" };
  const primary = primaryErrors(facts.candidate);
  if (primary === undefined) {
    const subtitle = `The dataset declares no outcome source. Add labels (audits, decided appeals, later behaviour) to learn who is restricted wrongly.`;
    return { ...head, blocks: [{ modes, kind: "finding", title: `Nothing is known about which ${facts.many} are fine`, subtitle }] };
  }
  const blocks: readonly Block[] = [
    { modes, kind: "figure", figure: falsePositivesFigure(facts, primary) },
    { modes, kind: "honest", title: "What we can and cannot say", paragraphs: honestParagraphs(facts, primary) },
    ...estimatorBlocks(facts, primary),
    { modes: fullModes, kind: "figure", figure: coverageFigure(facts, primary) },
    {
      modes: fullModes,
      kind: "table",
      name: "Every error rate, by source and version",
      table: ratesTable(facts.candidate.errors, facts.many),
      isOpen: false,
    },
    methodNote(facts, primary),
  ];
  return { ...head, blocks };
}

function falsePositivesFigure(facts: Facts, primary: Errors): Figure {
  const rows = [...leadRows(primary), ...facts.candidate.errors.map((errors) => estimateRow(errors)), boundsRow(facts, primary)];
  const title = falsePositivesTitle({ ...facts, isDrawn: facts.candidate.noDraw === undefined }, primary);
  const predictive = facts.candidate.errors.some((errors) => errors.sharedMeasures.length > 0)
    ? " Predictive, not truth, where the outcome shares a measure with the policy."
    : "";
  const undeterminedRows = facts.candidate.errors
    .filter((errors) => errors.falsePositiveChange.kind === "undetermined")
    .map((errors) => `Not determined for ${sourceName(errors).toLowerCase()} (${reasonOf(errors)}).`);
  const bars = barsOf(facts, rows);
  return {
    id: "false-positives",
    title,
    subtitle: `Share of fine ${facts.many} held in an adverse tier, per cent, at ${formatDate(primary.at)}, ${dateRuleOf(primary)}; ${formatCount(primary.labelled)} of ${countOf(primary.inFrame, facts.one, facts.many)} labelled; ${bars.words}; hatched bars are limits that need no assumption; an arrow marks what runs off the scale.${predictive}${undeterminedRows.length > 0 ? ` ${undeterminedRows.join(" ")}` : ""}`,
    chart: {
      kind: "paired-rows",
      label: title,
      valueHeading: "False-positive rate, %",
      pairHeading: `${facts.baselineVersion} → ${facts.candidateVersion}`,
      changeHeading: "Change, percentage points",
      changeColumn: bars.level,
      axis: { prefix: "", suffix: "", isChange: false },
      changeAxis: { prefix: "", suffix: "", isChange: true },
      rows,
    },
    key: [...pairedKey(facts, bars), { mark: "limits", words: "limits" }],
    table: falsePositivesTable(facts, primary),
    links: figureLinks(facts, "false-positives"),
  };
}

/** The figures that the report leads with, where they are an estimate for everyone and not those of a source. */
function leadOf(errors: Errors) {
  const [baseline, candidate, change] = [leadRate(errors, "baseline"), leadRate(errors, "candidate"), leadChange(errors)];
  const estimator = errors.estimates?.estimators.find(({ name }) => name === candidate?.estimator);
  if (candidate === undefined || candidate.isLabelledOnly || estimator === undefined) return undefined;
  return {
    name: estimator.title,
    estimator: estimator.name,
    baseline: baseline?.estimate,
    candidate: candidate.estimate,
    change: change.estimate,
  };
}

function leadRows(errors: Errors): readonly PairedRow[] {
  const lead = leadOf(errors);
  return lead === undefined ? [] : [pairedShares(lead.name, ["for everyone: leads the report", restsOn[lead.estimator]], lead)];
}

function estimateRow(errors: Errors): PairedRow {
  const [before, after] = [rateOf(errors, "baseline", "false-positive-rate"), rateOf(errors, "candidate", "false-positive-rate")];
  const change = errors.falsePositiveChange;
  const shared =
    errors.sharedMeasures.length > 0
      ? "predictive, not truth"
      : errors.source === "all"
        ? "right if labels are missing at random"
        : `at ${formatDate(errors.at)}`;
  const notes = [`${formatCount(errors.fine)} fine of ${formatCount(errors.labelled)} labelled`, shared];
  return pairedShares(sourceName(errors), notes, { baseline: before?.estimate, candidate: after?.estimate, change });
}

function boundsRow(facts: Facts, errors: Errors): PairedRow {
  const bounds = (side: "baseline" | "candidate") => errors[side].bounds.find((entry) => entry.name === "false-positive-rate");
  const [before, after] = [bounds("baseline"), bounds("candidate")];
  const mark = after === undefined ? {} : boundsMark(after, 100);
  const change = boundsMark(errors.falsePositiveChangeBounds, 100);
  const text = (lower: number | undefined, upper: number | undefined, format: (value: number) => string, unit = "") =>
    lower === undefined || upper === undefined ? notDetermined : `${formatRange(format(lower), format(upper))}${unit}`;
  return {
    label: "No assumption",
    notes: ["every missing label at its worst", `limits; the numbers are for ${facts.candidateVersion}`],
    isBounds: true,
    baseline: before === undefined ? {} : boundsMark(before, 100),
    candidate: mark,
    pairText: text(mark.lower, mark.upper, (value) => formatNumber(value, 1), "\u00a0%"),
    change,
    changeText: text(change.lower, change.upper, (value) => formatPoints(value / 100)),
    changeIntervalText: "",
  };
}

/** What the estimate and the limits bear, and no more. */
export function falsePositivesTitle(
  { one, many, isDrawn }: { readonly one: string; readonly many: string; readonly isDrawn: boolean },
  errors: Errors,
): string {
  const change = errors.falsePositiveChange;
  if (change.kind === "undetermined") return "The labels do not give a false-positive rate";
  const [before, after] = [rateOf(errors, "baseline", "false-positive-rate"), rateOf(errors, "candidate", "false-positive-rate")];
  const sameCount = before !== undefined && after !== undefined && before.numerator === after.numerator && change.value === 0;
  const [lower, upper] = [numberOf(errors.falsePositiveChangeBounds.lower), numberOf(errors.falsePositiveChangeBounds.upper)];
  const isNull = lower === 0 && upper === 0;
  if (isNull) return `Whatever the missing labels say, each version holds as many fine ${many} adverse`;
  if (sameCount && before.numerator === 0) return `No ${one} known to be fine is held adverse under either version`;
  if (sameCount) return `Each version holds as many known fine ${many} adverse as the other`;
  const word = change.value > 0 ? "More" : "Fewer";
  const settled = lower !== undefined && upper !== undefined && (lower > 0 || upper < 0);
  const { interval } = change;
  if (!isDrawn) return `${word} known fine ${many} are held adverse; no interval says how sure that is`;
  if (settled) return `${word} fine ${many} are held adverse at ${formatDate(errors.at)}, whatever the missing labels say`;
  if (interval !== undefined && (interval.lower > 0 || interval.upper < 0))
    return `${word} known fine ${many} are held adverse; the missing labels could turn it`;
  return `The labels do not tell whether more or fewer fine ${many} are held adverse`;
}

function falsePositivesTable(facts: Facts, primary: Errors): ReportTable {
  const share = (title: string) => ({ title, format: "share" as const });
  const points = (title: string) => ({ title, format: "points" as const });
  const side = (errors: Errors, name: "baseline" | "candidate") => {
    const rate = rateOf(errors, name, "false-positive-rate");
    return rate === undefined ? ["", "", ""] : estimateCells(rate.estimate);
  };
  const limits = (name: "baseline" | "candidate") => {
    const entry = primary[name].bounds.find((bound) => bound.name === "false-positive-rate");
    return entry === undefined ? ["", "", ""] : ["", numberOf(entry.lower) ?? "", numberOf(entry.upper) ?? ""];
  };
  const { lower, upper } = primary.falsePositiveChangeBounds;
  return {
    columns: [
      { title: "labels", format: "text" },
      { title: "fine", format: "count" },
      share(facts.baselineVersion),
      share("lower"),
      share("upper"),
      share(facts.candidateVersion),
      share("lower"),
      share("upper"),
      points("change"),
      points("lower"),
      points("upper"),
    ],
    rows: [
      ...leadCells(primary),
      ...facts.candidate.errors.map((errors) => [
        sourceName(errors),
        errors.fine,
        ...side(errors, "baseline"),
        ...side(errors, "candidate"),
        ...estimateCells(errors.falsePositiveChange),
      ]),
      [
        "No assumption (limits)",
        "",
        ...limits("baseline"),
        ...limits("candidate"),
        "",
        numberOf(lower) ?? notDetermined,
        numberOf(upper) ?? notDetermined,
      ],
    ],
    currency: "",
  };
}

function leadCells(errors: Errors): ReportTable["rows"] {
  const lead = leadOf(errors);
  if (lead === undefined) return [];
  const cells = [lead.baseline, lead.candidate, lead.change].flatMap((found) =>
    found === undefined ? ["", "", ""] : estimateCells(found),
  );
  return [[lead.name, "", ...cells]];
}

/** Every rate of every table, with what it is made of. */
export function ratesTable(tables: readonly Errors[], many: string): ReportTable {
  const sides = ["baseline", "candidate"] as const;
  const rows = tables.flatMap((errors) =>
    sides.flatMap((side) =>
      errors[side].rates.map((rate) => [
        sourceName(errors),
        formatDate(errors.at),
        rateName(rate, many),
        errors[side].version,
        rate.numerator,
        rate.denominator,
        ...estimateCells(rate.estimate),
        rate.estimate.kind === "undetermined" ? rate.estimate.reason : pendingWords(rate),
      ]),
    ),
  );
  const column = (title: string, format: "text" | "count" | "share" = "text") => ({ title, format });
  return {
    columns: [
      column("labels"),
      column("at"),
      column("rate"),
      column("version"),
      column("part", "count"),
      column("whole", "count"),
      column("estimate", "share"),
      column("lower", "share"),
      column("upper", "share"),
      column("remark"),
    ],
    rows,
    currency: "",
  };
}

function pendingWords(rate: ErrorRate): string {
  return rate.pending === undefined || rate.pending === 0 ? "" : `${formatCount(rate.pending)} pending`;
}

function rateName(rate: ErrorRate, many: string): string {
  const names = {
    "false-positive-rate": `false-positive rate: adverse among fine ${many}`,
    "false-share": "false share: fine among the adverse",
    "miss-rate": `miss rate: not adverse among harmful ${many}`,
    "overturn-share": "overturned among decided appeals",
  };
  return names[rate.name];
}

/** A source as people say it. */
export function sourceName(errors: Errors): string {
  const name = errors.source === "all" ? "All labels, by precedence" : errors.source.replaceAll("_", " ");
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function reasonOf(errors: Errors): string {
  return errors.falsePositiveChange.kind === "undetermined" ? errors.falsePositiveChange.reason : "";
}

function methodNote(facts: Facts, primary: Errors): Block {
  const rate = rateOf(primary, "candidate", "false-positive-rate");
  const how = rate === undefined ? "" : `Rates: ${methodWords(rate.estimate)}`;
  const change = `Change: ${methodWords(primary.falsePositiveChange)}`;
  const unlabelled = primary.unlabelled.map(({ reason, entities }) => `${formatCount(entities)} ${reason}`).join("; ");
  const notAdverse = primary.candidate.fineNotAdverse;
  const listed =
    notAdverse === undefined
      ? ""
      : `Among the fine that count as not adverse under ${facts.candidateVersion}, ${formatCount(notAdverse.unrated)} are unrated and ${formatCount(notAdverse.shielded)} shielded.`;
  const truth = facts.context.knownTruth ?? [];
  return {
    modes: ["method"],
    kind: "note",
    title: "How error rates are estimated",
    paragraphs: [
      rate?.definition ?? "",
      how,
      change,
      `Limits: every missing label at its worst, the same labels under both versions.`,
      unlabelled === "" ? "" : `Without a label: ${unlabelled}.`,
      listed,
      ...truth,
    ].filter((paragraph) => paragraph !== ""),
  };
}
