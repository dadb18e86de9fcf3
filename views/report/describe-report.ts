/** Describes a comparison as a report: words, figures, tables and chart specifications, without HTML. */
import type { Comparison } from "../../simulations/comparison/index.ts";
import { capitalise, countInWords, formatCount, listInWords } from "../formats/index.ts";
import { affectedSection } from "./affected-section.ts";
import { answerOf, scopeOf } from "./answer.ts";
import { atRiskSection } from "./at-risk-section.ts";
import { auditsSection } from "./audits-section.ts";
import { changeSection } from "./change-section.ts";
import { changesSection } from "./changes-section.ts";
import { bannerOf } from "./data-banner.ts";
import { definitionsOf } from "./definitions.ts";
import { driftSections } from "./drift-section.ts";
import { drivesSection } from "./drives-section.ts";
import { leadChange, primaryErrors } from "./errors-of.ts";
import { errorsSection } from "./errors-section.ts";
import { type Facts, factsOf } from "./facts.ts";
import { fairnessSection } from "./fairness-section.ts";
import { figuresOf } from "./folded-tables.ts";
import { movementSection } from "./movement-section.ts";
import { pastMovesSection } from "./past-moves-section.ts";
import { provenanceOf } from "./provenance.ts";
import type { Report, ReportContext, Section } from "./report.ts";
import { salesSection } from "./sales-section.ts";
import { sideBySideOf } from "./side-by-side.ts";
import { stripNoteOf, stripOf } from "./strip.ts";
import { tiersSection } from "./tiers-section.ts";
import { trustSection } from "./trust-section.ts";
import { verdictOf, verdictSection } from "./verdict-section.ts";
import { whoSection } from "./who-section.ts";

/**
 * The report of one candidate (the context names it, or the first). Every sentence is chosen and checked by code from the data; what
 * could not be computed says why. Equal inputs give an equal report.
 */
export function describeReport(comparison: Comparison, context: ReportContext): Report {
  const facts = factsOf(comparison, context);
  const { programme } = facts.candidate.policy;
  const strip = stripOf(facts);
  const settle = auditsSection(facts);
  const fairness = fairnessSection(facts);
  const [judged, verdict] = [verdictSection(facts), verdictOf(facts)];
  const sections = [
    ...(judged === undefined ? [] : [judged]),
    changesSection(facts),
    tiersSection(facts),
    ...changeSection(facts),
    movementSection(facts),
    ...driftSections(facts),
    salesSection(facts),
    ...[pastMovesSection(facts)].filter((section) => section !== undefined),
    errorsSection(facts),
    ...(settle === undefined ? [] : [settle]),
    whoSection(facts),
    ...[drivesSection(facts)].filter((section) => section !== undefined),
    ...(fairness === undefined ? [] : [fairness]),
    affectedSection(facts),
    ...atRiskSection(facts),
    trustSection(facts),
  ];
  const banner = bannerOf(context.gates?.[facts.candidateVersion], facts);
  const sideBySide = sideBySideOf(comparison, facts.many);
  return {
    runId: context.runId,
    runDigest: context.runDigest,
    name: `${programme} ${facts.candidateVersion} against ${facts.baselineVersion}`,
    ...(banner === undefined ? {} : { banner }),
    kicker: kickerOf(facts, programme),
    title: `What version ${facts.candidateVersion} would have done to ${formatCount(facts.inFrame)} ${facts.inFrame === 1 ? facts.one : facts.many}`,
    candidate: facts.candidateVersion,
    candidates:
      comparison.candidates.length < 2
        ? []
        : comparison.candidates.map(({ version }) => ({ version, isCurrent: version === facts.candidateVersion })),
    candidatesNote: candidatesNote(facts),
    ...(sideBySide === undefined ? {} : { sideBySide }),
    answer: answerOf(facts),
    scope: scopeOf(facts),
    ...(verdict === undefined ? {} : { verdict }),
    strip,
    stripNote: stripNoteOf(facts),
    sections,
    definitions: definitionsOf(facts, usedFigures(strip, sections)),
    provenance: provenanceOf(facts),
    command: context.command,
    closing: "The same command gives the same bytes: this page, every chart and every number.",
  };
}

function kickerOf(facts: Facts, programme: string): string {
  const status = facts.context.status ?? {};
  const named = (version: string) => (status[version] === undefined ? version : `${version}, ${status[version]},`);
  return `${programme} ${named(facts.candidateVersion)} against ${named(facts.baselineVersion)}`.replace(/,$/, "");
}

function candidatesNote({ comparison: { candidates }, candidateVersion, baselineVersion }: Facts): string {
  if (candidates.length < 2) return "";
  const note = `${capitalise(countInWords(candidates.length))} candidates against ${baselineVersion}; this page is about ${candidateVersion}`;
  const versionsBy = (isLabelledOnly: boolean): readonly string[] =>
    candidates.flatMap((candidate) => {
      const errors = primaryErrors(candidate);
      const lead = errors && leadChange(errors);
      return lead?.estimate.kind === "estimate" && lead.isLabelledOnly === isLabelledOnly ? [candidate.version] : [];
    });
  const [labelled, everyone] = [versionsBy(true), versionsBy(false)];
  // Changes that rest on different things are no ranking.
  return labelled.length === 0 || everyone.length === 0
    ? note
    : `${note}. The change of the false-positive rate is among the labelled alone for ${listInWords(labelled)}, and estimated for everyone for ${listInWords(everyone)}`;
}

function usedFigures(strip: Report["strip"], sections: readonly Section[]): ReadonlySet<string> {
  const figures = sections.flatMap((section) => section.blocks.flatMap(figuresOf));
  return new Set([...strip.map((figure) => figure.id), ...figures.map((figure) => figure.id)]);
}
