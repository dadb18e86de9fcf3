/** How far to trust the report: what was checked, what the replay assumes, and how whole the data are. */
import { asSentence, capitalise, countOf, datesInWords, formatCount, formatDate, formatShareInProse } from "../formats/index.ts";
import { assignedBlocks } from "./assigned-blocks.ts";
import { gatesTable, gatesTitle } from "./data-banner.ts";
import { primaryErrors } from "./errors-of.ts";
import type { Facts } from "./facts.ts";
import type { Block, Section } from "./report.ts";

const modes = ["full", "method"] as const;

/** Full and Method. Titled by the check that weighs most: whether the replay gives the tiers that were really assigned. */
export function trustSection(facts: Facts): Section {
  const { title, subtitle } = headOf(facts);
  const items = [`Start: ${startWords(facts)}.`, hypothetical(facts), ...labels(facts), ...checks(facts)];
  const method: Block = {
    modes: ["method"],
    kind: "note",
    title: "How long the start matters",
    paragraphs: [
      "Each version is also run from the best and from the worst tier; where both runs hold the same tier, the start no longer matters.",
    ],
  };
  return {
    id: "trust",
    name: "How far to trust it",
    blocks: [
      { modes, kind: "finding", title, subtitle },
      { modes, kind: "list", items },
      ...gateBlocks(facts),
      ...assignedBlocks(facts),
      method,
    ],
  };
}

function gateBlocks({ context, candidateVersion }: Facts): readonly Block[] {
  const gates = context.gates?.[candidateVersion];
  if (gates === undefined) return [];
  const subtitle = "Each gate with what was found, from where on it warns and stops, what follows and what cures it.";
  return [
    { modes, kind: "finding", title: gatesTitle(gates), subtitle },
    { modes, kind: "table", name: "Gates of the data", table: gatesTable(gates), isOpen: gates.state !== "sound" },
  ];
}

/** Below this share of agreement the baseline is not what was lived through. */
const agreementMin = 0.9;

function headOf(facts: Facts): { readonly title: string; readonly subtitle: string } {
  const { assignedAgreement: found } = facts.comparison.panel;
  const { baselineVersion: version, one, periods } = facts;
  if (found === undefined || found.entityPeriods === 0)
    return {
      title: "The replay cannot be checked against tiers that were really assigned",
      subtitle: `The dataset does not hold them, so what ${facts.many} lived under is not known.`,
    };
  const share = found.agreeing / found.entityPeriods;
  const unit = `${one}-${periods}`;
  const subtitle =
    share >= agreementMin
      ? `Tiers as assigned against tiers on replay, by ${one} and ${facts.period}; counts, no interval.`
      : `Tiers as assigned against tiers on replay, by ${one} and ${facts.period}; counts, no interval.${adverseWords(facts)} Where they part, another rule, a decision by hand or data that the history lacks was at work: “under ${version}” is then a replay, not what ${facts.many} lived through.`;
  return { title: `On replay, ${version} gives the tier really assigned in ${formatShareInProse(share)} of ${unit}`, subtitle };
}

/** How many were really held adverse at the end, and how many on replay; empty where a tier that was assigned is none of the policy's. */
function adverseWords({ comparison, tiers, one, many, baselineVersion }: Facts): string {
  const end = comparison.assigned?.end;
  const isAdverse = (name: string) => tiers.find((tier) => tier.name === name)?.adverse;
  if (end === undefined || end.rows.some((name) => isAdverse(name) === undefined)) return "";
  const really = end.counts.reduce((sum, row, i) => sum + (isAdverse(end.rows[i] ?? "") === true ? sumOf(row) : 0), 0);
  const replayed = end.counts.reduce((sum, row) => sum + sumOf(row.filter((_, j) => isAdverse(end.columns[j] ?? "") === true)), 0);
  return ` At ${formatDate(end.at)} ${countOf(really, one, many)} ${really === 1 ? "was" : "were"} really held adverse, and ${formatCount(replayed)} on replay of ${baselineVersion}.`;
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How long the tier before the first period matters under each version. */
export function startWords(facts: Facts): string {
  const both = [facts.comparison.baseline, facts.candidate];
  if (both.every(({ policy }) => policy.startMatters.lastPeriod === undefined))
    return `under both versions the tier before the first ${facts.period} never matters`;
  const words = both.map(({ version, policy }) => {
    const { lastPeriod, entitiesAtEnd, periods } = policy.startMatters;
    if (lastPeriod === undefined) return `under ${version} the tier before the first ${facts.period} never matters`;
    const rest = entitiesAtEnd === 0 ? "" : `, and for ${countOf(entitiesAtEnd, facts.one, facts.many)} it still does at the end`;
    return `under ${version} the tier before the first ${facts.period} matters until ${formatDate(lastPeriod)} (${countOf(periods, facts.period)})${rest}`;
  });
  return words.join("; ");
}

function hypothetical({ candidate: { range }, one, period, periods }: Facts): string {
  const share = range.entityPeriods === 0 ? 0 : range.afterFirstDivergence / range.entityPeriods;
  return `Static replay: ${formatShareInProse(share)} of ${one}-${periods} lie after the first ${period} in which the versions part, and are hypothetical from there.`;
}

function labels(facts: Facts): readonly string[] {
  const errors = primaryErrors(facts.candidate);
  if (errors === undefined || errors.inFrame === 0) return [];
  const none = [...errors.unlabelled].toSorted((a, b) => b.entities - a.entities)[0];
  const most = none === undefined ? "" : `; most of the others: ${datesInWords(none.reason)} (${formatCount(none.entities)})`;
  return [
    `Labels: ${formatCount(errors.labelled)} of ${countOf(errors.inFrame, facts.one, facts.many)} ${errors.labelled === 1 ? "has" : "have"} one at ${formatDate(errors.at)}${errors.labelled < errors.inFrame ? most : ""}.`,
  ];
}

/** What the caller checked, one sentence each. */
function checks({ context: { trust } }: Facts): readonly string[] {
  return trust.map((sentence) => datesInWords(capitalise(asSentence(sentence))));
}
