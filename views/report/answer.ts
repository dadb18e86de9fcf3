/** The answer in one paragraph: each sentence is made from the figures, and left out where they do not bear it. */
import type { Errors } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import {
  capitalise,
  countOf,
  formatCount,
  formatDate,
  formatMoneyExact,
  formatMoneyInProse,
  formatNumber,
  formatPoints,
  formatRange,
  formatShare,
  formatShareInProse,
  pluralOf,
  proportionInWords,
  sharePair,
} from "../formats/index.ts";
import { leadChange, leadIsPredictive, leadRate, primaryErrors, rateOf } from "./errors-of.ts";
import { numberOf } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import { beyondTheRest } from "./fairness-section.ts";
import type { Span } from "./report.ts";
import { claimedDirection, unclearWords } from "./sales-layers.ts";
import { about } from "./sales-words.ts";
import { fewEntities, partOrShare, smallDataWords } from "./small-data.ts";
import { bearerWords, newlyAdverseMin, whoBearsIt } from "./who-bears-it.ts";

/**
 * The paragraph as spans; the figures that matter are strong. Five lines of a wide page hold it: what it does, at what cost, how many who are
 * fine are held adverse and how surely, and whom it meets. Dates, windows and what stands behind a figure are the strip's and the sections'.
 */
export function answerOf(facts: Facts): readonly Span[] {
  return [...movers(facts), ...sales(facts), ...falsePositives(facts), ...bearers(facts)];
}

function movers(facts: Facts): readonly Span[] {
  const { movement, range } = facts.candidate;
  const version = `Version ${facts.candidateVersion}`;
  if (movement.movers === 0) {
    const since =
      range.everDiffered === 0
        ? `as in every ${facts.period} of the range. `
        : `but ${formatCount(range.everDiffered)} did not all along. `;
    return [
      plain(`${version} moves `),
      strong("nobody"),
      plain(`: in ${facts.when} every ${facts.one} holds the same tier under both versions, ${since}`),
    ];
  }
  const share = formatShareInProse(movement.movers / facts.inFrame);
  const isFew = movement.movers < fewMovers;
  const who = isFew
    ? `${formatCount(movement.movers)} of ${countOf(facts.inFrame, facts.one, facts.many)}`
    : `${formatShare(movement.movers / facts.inFrame)} of ${facts.many}`;
  return [
    plain(`${version} moves `),
    strong(who),
    plain(`${isFew ? ` (${share})` : ""} to another tier, ${directionWords(facts)}`),
    ...adverse(facts),
  ];
}

/** Fewer movers than this are counted, not turned into shares. */
const fewMovers = 12;

/** `two in three down`; counts when there are few. */
function directionWords(facts: Facts): string {
  const { movers: all, up, down, intoUnrated, outOfUnrated } = facts.candidate.movement;
  if (intoUnrated + outOfUnrated === all) return "all into or out of unrated";
  if (down === up) return "as many up as down";
  const [count, way] = down > up ? [down, "down"] : [up, "up"];
  if (all === 1) return way;
  return count === all ? `all ${way}` : all < fewMovers ? `${count} of the ${all} ${way}` : `${proportionInWords(count, all)} ${way}`;
}

/** The same as a clause: `two in three go down`. */
export function directionClause(facts: Facts): string {
  const { movers: all, up, down, intoUnrated, outOfUnrated } = facts.candidate.movement;
  if (intoUnrated + outOfUnrated === all) return "all into or out of unrated";
  if (down === up) return "as many go up as down";
  const [count, way] = down > up ? [down, "down"] : [up, "up"];
  if (all === 1) return `it goes ${way}`;
  const verb = count === 1 ? "goes" : "go";
  return `${count === all ? "all" : all < fewMovers ? `${count} of them` : proportionInWords(count, all)} ${verb} ${way}`;
}

/** Ends the sentence on the movers. */
function adverse(facts: Facts): readonly Span[] {
  const { newlyAdverse, released } = facts.candidate;
  if (facts.adverseWords === "") return [plain(". ")];
  if (newlyAdverse === 0 && released === 0) return [plain("; nobody enters an adverse tier or leaves one. ")];
  const net = newlyAdverse - released;
  const parts =
    released === 0
      ? "all newly"
      : newlyAdverse === 0
        ? "all released"
        : `${formatCount(newlyAdverse)} newly, ${formatCount(released)} released`;
  const held = net === 0 ? "as many adverse" : `${formatCount(Math.abs(net))}\u00a0${net > 0 ? "more" : "fewer"} adverse`;
  return [plain(", and holds "), strong(held), plain(newlyAdverse + released === 1 ? ". " : `: ${parts}. `)];
}

function sales(facts: Facts): readonly Span[] {
  const { gmv } = facts.candidate;
  if (gmv === undefined) return [];
  const value = numberOf(gmv.atStake);
  if (value === undefined) return [plain("What sales are at stake could not be determined. ")];
  if (value === 0) return [plain("No sales come under a different consequence. ")];
  const share = gmv.total > 0 ? ` (${formatShareInProse(value / gmv.total)})` : "";
  return [
    strong(formatMoneyInProse(value, gmv.currency), formatMoneyExact(Math.round(value), gmv.currency)),
    plain(` of sales${share} come under a different consequence`),
    ...reactions(facts),
    plain(". "),
  ];
}

/** What the central assumptions say of all sales. They are judged, so nothing is said to be certain. */
function reactions({ candidate: { sales: found } }: Facts): readonly Span[] {
  const central = found?.scenarios.find(({ name }) => name === "central");
  if (found === undefined || central?.change.kind !== "estimate") return [];
  if (Math.round(central.lost) === 0 && Math.round(central.gained) === 0) return [];
  const way = claimedDirection(found);
  if (way === 0) return [plain(`; ${unclearWords(central)}`)];
  const { value } = central.change;
  return [
    plain("; central assumptions: "),
    strong(about(value, found.currency), formatMoneyExact(Math.round(Math.abs(value)), found.currency)),
    plain(way < 0 ? " lost" : " gained"),
  ];
}

function falsePositives(facts: Facts): readonly Span[] {
  const errors = primaryErrors(facts.candidate);
  if (errors === undefined || facts.candidate.movement.movers + facts.candidate.range.everDiffered === 0) return [];
  const change = leadChange(errors);
  if (errors.estimates !== undefined && !change.isLabelledOnly) return estimatedFalsePositives(facts, errors);
  const [before, after] = [rateOf(errors, "baseline", "false-positive-rate"), rateOf(errors, "candidate", "false-positive-rate")];
  const [from, to] = [before && numberOf(before.estimate), after && numberOf(after.estimate)];
  if (from === undefined || to === undefined) return limitedFalsePositives(facts, errors);
  const known = errors.labelled === errors.inFrame ? "fine" : "known fine";
  if (before?.numerator === 0 && after?.numerator === 0)
    return [
      plain(
        `Of the ${countOf(errors.fine, `${known} ${facts.one}`, `${known} ${facts.many}`)} none is held adverse under either version. `,
      ),
    ];
  const { lower, upper } = errors.falsePositiveChangeBounds;
  const [least, most] = [numberOf(lower), numberOf(upper)];
  const limits =
    least === undefined || most === undefined || least === most
      ? ""
      : `; limits for all: ${formatRange(formatPoints(least), formatPoints(most))} points`;
  return [...heldAdverse(facts, { known, from, to }), plain(`${limits}. `)];
}

/** `12.7 % of fine sellers are held adverse, not 8.7 %`. */
function heldAdverse(
  { many }: Facts,
  { known, from, to }: { readonly known: string; readonly from: number; readonly to: number },
): readonly Span[] {
  const [before, after] = sharePair(from, to);
  return [strong(after), plain(` of ${known} ${many} are held adverse${from === to ? " under both versions" : `, not ${before}`}`)];
}

/** What the headline bears: an estimate for all fine entities, or that there is no single figure, and the limits. */
function estimatedFalsePositives(facts: Facts, errors: Errors): readonly Span[] {
  const [before, after] = [leadRate(errors, "baseline"), leadRate(errors, "candidate")];
  const [from, to] = [before && numberOf(before.estimate), after && numberOf(after.estimate)];
  const change = leadChange(errors).estimate;
  if (change.kind === "undetermined") return limitedFalsePositives(facts, errors);
  if (from === undefined || to === undefined)
    return [
      plain("We estimate "),
      strong(`${formatPoints(change.value)}\u00a0points`),
      plain(` of fine ${facts.many} held adverse${changeRange(change)}. `),
    ];
  // Rates that were cut to different limits differ by these alone.
  const rates = heldAdverse(facts, { known: "fine", from: change.value === 0 ? to : from, to });
  return [plain("We estimate that "), ...rates, plain(`${change.value === 0 ? "" : changeRange(change)}. `)];
}

function changeRange({ interval }: Extract<Estimated, { kind: "estimate" }>): string {
  return interval === undefined ? "" : ` (${formatRange(formatPoints(interval.lower), formatPoints(interval.upper))} points)`;
}

/** No single figure: what no label can change. */
function limitedFalsePositives(facts: Facts, errors: Errors): readonly Span[] {
  const bounds = errors.candidate.bounds.find(({ name }) => name === "false-positive-rate");
  const [least, most] = [bounds && numberOf(bounds.lower), bounds && numberOf(bounds.upper)];
  if (least === undefined || most === undefined) return [plain(`How many fine ${facts.many} it holds adverse the labels cannot tell. `)];
  // Nobody is held adverse, so no label that is missing can make it more.
  if (most === 0)
    return [strong(`No fine ${facts.one} is held adverse`), plain(`${wayOfLimits(errors)}, whatever the missing labels say. `)];
  const [leastText, mostText] = sharePair(least, most);
  return [
    plain("As far as labels tell, "),
    strong(formatRange(leastText.replace(/\u00a0%$/, ""), mostText)),
    plain(` of fine ${facts.many} are held adverse${wayOfLimits(errors)}. `),
  ];
}

/** The direction of the change, where the limits alone tell it. */
function wayOfLimits({ falsePositiveChangeBounds: { lower, upper } }: Errors): string {
  const [least, most] = [numberOf(lower), numberOf(upper)];
  if (least === undefined || most === undefined || (least <= 0 && most >= 0)) return "";
  const [near, far] = least > 0 ? [least, most] : [-most, -least];
  return `, ${formatRange(formatNumber(near * 100, 1), formatNumber(far * 100, 1))} points ${least > 0 ? "more" : "less"}`;
}

function bearers(facts: Facts): readonly Span[] {
  const finding = whoBearsIt(facts);
  if (finding === undefined || facts.candidate.noDraw !== undefined) return [];
  if (facts.candidate.newlyAdverse < newlyAdverseMin) return [plain("Too few turn adverse to say which group bears it.")];
  if (!finding.isClear) {
    const often = beyondTheRest(facts);
    return often === undefined
      ? [strong("No one group clearly bears it"), plain(".")]
      : [strong(`${capitalise(often.group)} turn adverse more often`), plain(`: ${often.rate}, the rest ${often.rest}.`)];
  }
  const { lead, rest } = bearerWords(finding);
  return [strong(lead), plain(`${rest}.`)];
}

/** One line under the answer: range, date, what adverse means, how much is known. */
export function scopeOf(facts: Facts): string {
  const { panel } = facts.comparison;
  const errors = primaryErrors(facts.candidate);
  const parts = [
    smallDataWords(facts),
    `Replayed over the ${formatCount(panel.periods)} ${panel.periods === 1 ? facts.period : pluralOf(facts.period)} to ${formatDate(panel.to)} of “${facts.context.dataset.title}”. Tiers are those held in ${facts.when} unless a chart says otherwise.`,
    facts.adverseWords === "" ? "Neither version has an adverse tier." : `Adverse means ${facts.adverseWords}.`,
  ];
  const { assignedAgreement } = panel;
  // Where the banner under this line says it, once is enough.
  const isInBanner = facts.context.gates?.[facts.candidateVersion]?.gates.some(
    ({ name, state }) => name === "assigned" && (state === "care" || state === "stop"),
  );
  if (isInBanner !== true && assignedAgreement !== undefined && assignedAgreement.entityPeriods > 0)
    parts.push(
      `On replay, ${facts.baselineVersion} gives the tier really assigned in ${formatShareInProse(assignedAgreement.agreeing / assignedAgreement.entityPeriods)} of ${facts.one}-${facts.periods}.`,
    );
  if (errors === undefined) parts.push(`The dataset holds no outcomes, so this page cannot say which ${facts.many} are fine.`);
  else
    parts.push(
      `${knownWords(facts, errors)}${leadIsPredictive(errors) ? " Fine is judged by later conduct, from measures that the policy reads too: predictive, not truth." : ""}`,
    );
  return parts.filter((part) => part !== "").join(" ");
}

function knownWords({ one, many }: Facts, { labelled, inFrame, at }: Errors): string {
  const when = formatDate(at);
  if (inFrame > 0 && labelled === inFrame)
    return `The outcome of ${inFrame === 1 ? `the ${one}` : `all ${formatCount(inFrame)} ${many}`} at ${when} is known.`;
  const known =
    inFrame === 0
      ? `no ${one}`
      : `${partOrShare(labelled, inFrame, formatShareInProse(labelled / inFrame))}${inFrame < fewEntities ? "" : " of"} ${many}`;
  return `Outcomes are known for ${known} at ${when}, so every statement about fine ${many} is an estimate.`;
}

function plain(text: string): Span {
  return { text, strong: false };
}

function strong(text: string, exact?: string): Span {
  return { text, strong: true, ...(exact === undefined ? {} : { exact }) };
}
