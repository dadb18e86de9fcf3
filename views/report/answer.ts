/** The answer in one paragraph: each sentence is made from the figures, and left out where they do not bear it. */
import type { Errors } from "../../simulations/comparison/index.ts";
import {
  countOf,
  formatCount,
  formatDate,
  formatMoneyExact,
  formatMoneyInProse,
  formatNumber,
  formatPoints,
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
import { bearerWords, groupsLookedAt, newlyAdverseMin, unratedUnderBoth, whoBearsIt } from "./who-bears-it.ts";

/** The paragraph as spans; the figures that matter are strong. */
export function answerOf(facts: Facts): readonly Span[] {
  return [...movers(facts), ...sales(facts), ...adverse(facts), ...falsePositives(facts), ...bearers(facts)];
}

function movers(facts: Facts): readonly Span[] {
  const { movement, range } = facts.candidate;
  const version = `Version ${facts.candidateVersion}`;
  if (movement.movers === 0) {
    const since =
      range.everDiffered === 0
        ? `and it is so in every ${facts.period} of the range. `
        : `but ${formatCount(range.everDiffered)} held another tier for a time. `;
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
  const rated = facts.inFrame - unratedUnderBoth(facts);
  const ofRated =
    rated > 0 && rated / facts.inFrame < ratedShareMax
      ? ` (${formatShareInProse(movement.movers / rated)} of the ${formatCount(rated)} rated under either)`
      : "";
  return [plain(`${version} moves `), strong(who), plain(`${isFew ? ` (${share})` : ofRated} to another tier, ${directionWords(facts)}. `)];
}

/** Where fewer than this share of everyone can move, movers are set against those as well. */
const ratedShareMax = 0.8;

/** Fewer movers than this are counted, not turned into shares. */
const fewMovers = 12;

/** `two in three of them down`; counts when there are few. */
export function directionWords(facts: Facts): string {
  const { movers: all, up, down, intoUnrated, outOfUnrated } = facts.candidate.movement;
  if (intoUnrated + outOfUnrated === all) return "all into or out of unrated";
  if (down === up) return "as many up as down";
  const [count, way] = down > up ? [down, "down"] : [up, "up"];
  if (all === 1) return way;
  return count === all
    ? `all of them ${way}`
    : all < fewMovers
      ? `${count} of the ${all} ${way}`
      : `${proportionInWords(count, all)} of them ${way}`;
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

function sales(facts: Facts): readonly Span[] {
  const { gmv } = facts.candidate;
  if (gmv === undefined) return [];
  const value = numberOf(gmv.atStake);
  if (value === undefined) return [plain("What sales are at stake could not be determined. ")];
  if (value === 0) return [plain("No sales come under a different consequence. ")];
  const share = gmv.total > 0 ? `: ${formatShareInProse(value / gmv.total)} of all sales in the 28 days to ${formatDate(gmv.at)}` : "";
  const amount = strong(formatMoneyInProse(value, gmv.currency), formatMoneyExact(Math.round(value), gmv.currency));
  return [
    plain("It puts "),
    amount,
    plain(` of sales under a different consequence${share}${fewHands(facts, value)}. `),
    ...reactions(facts),
  ];
}

/** From this share on it matters to whoever reads the amount that it is one entity's. */
const oneShareMin = 0.15;

function fewHands({ candidate: { gmv }, one }: Facts, atStake: number): string {
  const { largest, entities = 0 } = gmv ?? {};
  if (largest === undefined || entities < 2 || largest.one < atStake * oneShareMin) return "";
  return `; ${formatShareInProse(largest.one / atStake)} of it is one ${one}'s`;
}

/** What the central assumptions say of all sales. They are judged, so nothing is said to be certain. */
function reactions({ candidate: { sales: found }, many }: Facts): readonly Span[] {
  const central = found?.scenarios.find(({ name }) => name === "central");
  if (found === undefined || central?.change.kind !== "estimate") return [];
  const amount = (minor: number) => strong(about(minor, found.currency), formatMoneyExact(Math.round(Math.abs(minor)), found.currency));
  const { lost, gained, change } = central;
  if (Math.round(lost) === 0 && Math.round(gained) === 0) return [];
  const way = claimedDirection(found);
  if (way !== 0)
    return [plain("Once buyers and sellers react, "), amount(change.value), plain(` is likely to be ${way < 0 ? "lost" : "gained"}. `)];
  return [
    plain(`Once buyers and sellers react, central assumptions say, some ${many} lose `),
    amount(lost),
    plain(" and others gain "),
    amount(gained),
    plain(`; ${unclearWords(central)}. `),
  ];
}

function adverse(facts: Facts): readonly Span[] {
  const { newlyAdverse, released, waiting } = facts.candidate;
  if (facts.adverseWords === "" || facts.candidate.movement.movers === 0) return [];
  if (newlyAdverse === 0 && released === 0) return [plain("Nobody enters an adverse tier and nobody leaves one. ")];
  const net = newlyAdverse - released;
  const parts =
    released === 0
      ? ": all newly, none released. "
      : newlyAdverse === 0
        ? `: all released, none newly${stillWords(released, waiting?.released)}. `
        : `: ${formatCount(newlyAdverse)} newly, less ${formatCount(released)} released${stillWords(released, waiting?.released)}. `;
  const who = (count: number) => (count === 1 ? facts.one : facts.many);
  if (net > 0) return [plain("It places "), strong(`${formatCount(net)}\u00a0more ${who(net)}`), plain(` in an adverse tier${parts}`)];
  if (net < 0) return [plain("It leaves "), strong(`${formatCount(-net)}\u00a0fewer ${who(-net)}`), plain(` in an adverse tier${parts}`)];
  return [plain("It leaves "), strong(`as many ${facts.many}`), plain(` in an adverse tier${parts}`)];
}

/** From this share of the released on, those who merit an adverse tier all the same are told of at once. */
const stillShareMin = 0.2;

function stillWords(released: number, waiting = 0): string {
  if (waiting === 0 || waiting < released * stillShareMin) return "";
  const who = released === 1 ? "who" : waiting === released ? "all of whom" : `${formatCount(waiting)} of whom`;
  return `, ${who} ${waiting === 1 ? "merits" : "merit"} an adverse tier already and only ${waiting === 1 ? "waits" : "wait"} for it`;
}

function falsePositives(facts: Facts): readonly Span[] {
  const errors = primaryErrors(facts.candidate);
  if (errors === undefined || facts.candidate.movement.movers + facts.candidate.range.everDiffered === 0) return [];
  const [lead, rate] = [leadRate(errors, "candidate"), rateOf(errors, "candidate", "false-positive-rate")];
  if (errors.estimates !== undefined && lead?.isLabelledOnly === false) return estimatedFalsePositives(facts, errors);
  const [before, after] = [rateOf(errors, "baseline", "false-positive-rate"), rate];
  const [from, to] = [before && numberOf(before.estimate), after && numberOf(after.estimate)];
  if (from === undefined || to === undefined)
    return [plain(`How many fine ${facts.many} it holds adverse cannot be said from these labels. `)];
  const at = formatDate(errors.at);
  if (before?.numerator === 0 && after?.numerator === 0)
    return [
      plain(`Of the ${countOf(errors.fine, facts.one, facts.many)} known to be fine at ${at}, none is held adverse under either version. `),
    ];
  const [first, second] = sharePair(from, to);
  const figures = strong(from === to ? `${second} under both` : `from ${first.replace(/\u00a0%$/, "")} to ${second}`);
  const [lower, upper] = [numberOf(errors.falsePositiveChangeBounds.lower), numberOf(errors.falsePositiveChangeBounds.upper)];
  const isOpen = lower !== undefined && upper !== undefined && lower < 0 && upper > 0;
  const caveat = isOpen
    ? `; were every missing label at its worst, the change could be anything from ${formatPoints(lower)} to ${formatPoints(upper)} points. `
    : `${pullWords(before?.pull, after?.pull)}. `;
  const known = `Of ${facts.many} known to be fine at ${at}, the share held adverse ${from === to ? "is " : "goes "}`;
  return [plain(known), figures, plain(caveat), ...fineOfNewly(errors)];
}

/** What the headline bears: an estimate for all fine entities, or that there is no single figure, and the limits. */
function estimatedFalsePositives(facts: Facts, errors: Errors): readonly Span[] {
  const [before, after] = [leadRate(errors, "baseline"), leadRate(errors, "candidate")];
  const [from, to] = [before && numberOf(before.estimate), after && numberOf(after.estimate)];
  const bounds = errors.candidate.bounds.find(({ name }) => name === "false-positive-rate");
  const [least, most] = [bounds && numberOf(bounds.lower), bounds && numberOf(bounds.upper)];
  const [leastText, mostText] = sharePair(least ?? 0, most ?? 0);
  const limits =
    least === undefined || most === undefined
      ? ""
      : `with no assumption about the missing labels, between ${leastText} and ${mostText} of fine ${facts.many} are held adverse under ${facts.candidateVersion}`;
  if (from === undefined || to === undefined)
    return [
      plain(
        `How many fine ${facts.many} it holds adverse cannot be said from these labels${limits === "" ? "" : `: ${limits}${wayOfLimits(errors, facts.baselineVersion)}`}. `,
      ),
    ];
  const change = leadChange(errors).estimate;
  // Rates that were cut to different limits differ by these alone.
  const isSame = from === to || (change.kind === "estimate" && change.value === 0);
  const [first, second] = isSame ? ["", formatShare(to)] : sharePair(from, to);
  const figures = strong(isSame ? `${second} under both` : `from ${first.replace(/\u00a0%$/, "")} to ${second}`);
  const open = change.kind === "estimate" && change.interval !== undefined && change.interval.lower <= 0 && change.interval.upper >= 0;
  const caveat = open && !isSame ? "; the interval of that change includes none" : "";
  return [
    plain(`We estimate that the share of fine ${facts.many} held adverse at ${formatDate(errors.at)} ${isSame ? "is " : "goes "}`),
    figures,
    plain(`${caveat}. `),
    ...fineOfNewly(errors),
  ];
}

/** The direction of the change, where the limits alone tell it. */
function wayOfLimits({ falsePositiveChangeBounds: bounds }: Errors, baselineVersion: string): string {
  const [least, most] = [numberOf(bounds.lower), numberOf(bounds.upper)];
  if (least === undefined || most === undefined || (least <= 0 && most >= 0)) return "";
  const [near, far] = least > 0 ? [least, most] : [-most, -least];
  return `, which is ${formatNumber(near * 100, 1)} to ${formatNumber(far * 100, 1)} points ${least > 0 ? "more" : "less"} than under ${baselineVersion}`;
}

/** How many of the newly adverse of that date are fine: counted among those with a label, or estimated for all. */
function fineOfNewly({ estimates }: Errors): readonly Span[] {
  const newly = estimates?.fineShares.find(({ group }) => group === "newly");
  if (newly === undefined || newly.entities === 0 || newly.headline.estimate.kind === "undetermined") return [];
  const { value, interval, n } = newly.headline.estimate;
  const group = `Of the ${formatCount(newly.entities)} newly adverse on that day`;
  if (newly.headline.estimator === "labelled-only") {
    const known = n ?? 0;
    const whose = known === newly.entities ? ", " : `, ${formatCount(known)} have a known outcome, and `;
    return [plain(`${group}${whose}`), strong(fineWords(Math.round(value * known))), plain(". ")];
  }
  // These entities are given: of them, no fewer are fine than are known to be, and no more than are not known to be harmful.
  const [least = 0, most = 1] = [numberOf(newly.bounds.lower), numberOf(newly.bounds.upper)];
  const among = (share: number) => formatCount(Math.round(Math.min(most, Math.max(least, share)) * newly.entities));
  const range = interval === undefined ? "" : ` (${among(interval.lower)} to ${among(interval.upper)})`;
  return [
    plain(`${group}, `),
    strong(value * newly.entities < 0.5 ? "hardly one is fine" : `about ${fineWords(Math.round(value * newly.entities))}`),
    plain(`${range}. `),
  ];
}

function fineWords(count: number): string {
  if (count === 0) return "none is fine";
  return count === 1 ? "1 is fine" : `${formatCount(count)} are fine`;
}

/** What unequal labels do to both rates, when they pull both to one side. */
function pullWords(before: "up" | "down" | undefined, after: "up" | "down" | undefined): string {
  if (before === undefined || before !== after) return "";
  return before === "down"
    ? "; both are likely too low, because few of those held adverse have a label"
    : "; both are likely too high, because those held adverse have a label more often";
}

function bearers(facts: Facts): readonly Span[] {
  const finding = whoBearsIt(facts);
  if (finding === undefined || facts.candidate.newlyAdverse < newlyAdverseMin || facts.candidate.noDraw !== undefined) return [];
  const { lead, rest } = bearerWords(finding, groupsLookedAt(facts));
  const often = finding.isClear ? "" : beyondTheRest(facts);
  return [strong(lead), plain(`${rest}${often === "" ? "" : `; but ${often}`}.`)];
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
