/** What each figure means and when: one entry for every figure that is drawn or stated. */
import { definitionOf, type FigureName, figureDefinitions } from "../../simulations/comparison/described/index.ts";
import { capitalise, formatCount, formatDate } from "../formats/index.ts";
import { dateRuleOf, primaryErrors, rateOf } from "./errors-of.ts";
import type { Facts } from "./facts.ts";
import type { Definition } from "./report.ts";

/** By id of strip figure or chart; only those in use. */
export function definitionsOf(facts: Facts, used: ReadonlySet<string>): readonly Definition[] {
  return allDefinitions(facts)
    .filter((definition) => used.has(definition.id))
    .map((definition) => {
      const figure = figureOf(definition.id);
      if (figure === undefined) return definition;
      const { formula, assumption, source } = definitionOf(figure);
      return { ...definition, method: { formula, assumption, source } };
    });
}

/** What a figure of the page is called among the figures of the comparison, where the two differ. */
const figureNames: Readonly<Record<string, FigureName>> = {
  "at-stake": "gmv-at-stake",
  "sales-by-tier": "gmv-by-tier",
  "false-positives": "false-positive-rate",
  "sales-change": "sales-scenario",
  "sales-revenue": "sales-fees",
  "error-estimates": "headline-rate",
  "miss-estimates": "miss-change",
  "fine-by-group": "fine-share-of-group",
  "rate-series": "false-positive-series",
  "at-risk-alarms": "at-risk-precision",
  "at-risk-calibration": "at-risk-predicted",
  "fairness-groups": "group-against-rest",
  "fairness-adverse": "group-against-rest",
  bearer: "newly-adverse",
  "net-adverse": "newly-adverse",
  known: "coverage",
  hypothetical: "after-first-divergence",
  "tier-changes": "changes",
  "tiers-over-time": "tier-distribution",
  movement: "movement-matrix",
  flow: "movement-matrix",
  "who-shares": "segments",
  "who-rates": "segments",
};

function figureOf(id: string): FigureName | undefined {
  return figureNames[id] ?? (id in figureDefinitions ? (id as FigureName) : undefined);
}

function allDefinitions(facts: Facts): readonly Definition[] {
  const { one, many, period, periods, when, baselineVersion: before, candidateVersion: after } = facts;
  const { range, gmv } = facts.candidate;
  const span = `${formatDate(range.from)} to ${formatDate(range.to)}`;
  const errors = primaryErrors(facts.candidate);
  const rate = errors === undefined ? undefined : rateOf(errors, "candidate", "false-positive-rate");
  const miss = errors === undefined ? undefined : rateOf(errors, "candidate", "miss-rate");
  const at = errors === undefined ? "" : formatDate(errors.at);
  const fpr = `${rate?.definition ?? ""} At ${at}, ${errors === undefined ? "" : dateRuleOf(errors)}, with labels known by ${errors === undefined ? "" : formatDate(errors.knownAt)}. One row a ${one}. The estimand is harm without restriction.`;
  const stake =
    gmv === undefined
      ? ""
      : `GMV from ${formatDate(gmv.windowFrom)} to ${formatDate(gmv.at)} of ${many} whose held consequences differ under ${before} and ${after} at ${formatDate(gmv.at)}. A figure at a date, not a loss.`;
  const entry = (id: string, term: string, meaning: string): Definition => ({ id, term, meaning: capitalise(meaning) });
  return [
    entry(
      "movers",
      "Change tier",
      `${many} in the frame in ${when} whose held tier differs under ${before} and ${after}, over all in the frame (${formatCount(facts.inFrame)}).`,
    ),
    entry("at-stake", "Sales at stake", stake),
    entry(
      "sales-change",
      "Change of sales",
      `GMV of the same 28 days under ${after} less that under ${before}: what order caps remove by arithmetic, and what follows from each set of assumptions about how buyers and ${many} react. A scenario, not a forecast.`,
    ),
    entry(
      "sales-revenue",
      "Change of fees",
      `Fees that the platform earns on those sales under ${after} less those under ${before}; a tier that states no fee earns none.`,
    ),
    entry("sales-bands", "Who gains and loses", `The change of sales under central assumptions by orders in the last 12 weeks.`),
    entry(
      "sales-variance",
      "What is uncertain",
      `Share of the variance of the change of sales that one source explains by itself: which ${many} are drawn, or one of the assumptions.`,
    ),
    entry("sales-by-tier", "Sales by tier", `GMV of the same 28 days, by the tier that each ${one} holds under each version in ${when}.`),
    entry(
      "false-positive-change",
      "Change of the false-positive rate",
      `The false-positive rate under ${after} less that under ${before}, over the same ${many}, paired. ${fpr}`,
    ),
    entry("false-positives", "False-positive rate", fpr),
    entry(
      "error-estimates",
      "False-positive rate by estimator",
      `The same rate, by what is assumed about ${many} without a label. Limits assume nothing; audits assume that the probabilities are those with which they picked; the others that labels are missing at random, given what each names. ${fpr}`,
    ),
    entry(
      "miss-estimates",
      "Miss rate by estimator",
      `${miss?.definition ?? ""} Its change: ${after} less ${before}, over the same harmful ${many}. At ${at}; by what is assumed about ${many} without a label, as the false-positive rate.`,
    ),
    entry(
      "fine-by-group",
      "Share that is fine by group",
      `Fine ${many} over all of the group at ${at}. Groups by adverse under ${before} and ${after} at that date.`,
    ),
    entry(
      "bearer",
      "Share of the newly adverse",
      `Newly adverse ${many} of the group over all newly adverse: not adverse under ${before} and adverse under ${after}, in ${when}.`,
    ),
    entry(
      "net-adverse",
      "Newly adverse, released",
      `Newly adverse: not adverse under ${before}, adverse under ${after}, in ${when}. Released: the reverse.`,
    ),
    entry(
      "known",
      "Outcome known",
      `${many} in the frame at ${at} with a mature label known by ${errors === undefined ? "" : formatDate(errors.knownAt)}, over all in the frame then.`,
    ),
    entry(
      "ever-differed",
      "Ever in another tier",
      `${many} whose held tier differs in at least one ${period}, ${span}, over all that were ever in the frame.`,
    ),
    entry(
      "hypothetical",
      "Hypothetical part",
      `${one}-${periods} after the first ${period} in which the two versions differ for that ${one}, over all ${one}-${periods}, ${span}.`,
    ),
    entry("tier-changes", "Changes of tier", `Times that a ${one}'s held tier differs from the ${period} before, on the ladder, ${span}.`),
    entry(
      "tiers-over-time",
      "Tiers over time",
      `${many} that hold a tier at the end of a ${period}, over all in the frame in that ${period}, ${span}.`,
    ),
    entry("movement", "Movement matrix", `Everyone in the frame in ${when}, by held tier under ${before} (rows) and ${after} (columns).`),
    entry("flow", "Streams", `The matrix without those who hold the same tier under both versions, ${when}.`),
    entry(
      "tier-time",
      "Time in tiers",
      `${one}-${periods} in which a tier is held under ${after}, less those under ${before}, over all ${one}-${periods}, ${span}.`,
    ),
    entry(
      "recovery",
      "Time to recover",
      `${periods} from entry into an adverse tier until none is held. Stays that ran already where the range begins are left out, as are those of the panel’s first ${period}; a ${one} that closes has not recovered, and stays that run on at the end are cut off there, ${span}.`,
    ),
    entry(
      "drift-scores",
      "Distribution of scores",
      `${many} at or below a score over all that have one, under ${before} and ${after}, ${when}.`,
    ),
    entry(
      "coverage",
      "Coverage",
      `${many} with a mature label over all of the group at ${at}. Groups by adverse under ${before} and ${after} at that date.`,
    ),
    entry(
      "change-explained",
      "Why the adverse share changed",
      `Share of adverse ${many} under ${after} at the end of the range less that under ${before} at the first date. ${capitalise(many)} evaluated at both: Shapley’s shares of rule, own metrics, peers and carried state, which sum to their change. Entrants and leavers: the share with them less the share without.`,
    ),
    entry(
      "at-risk-alarms",
      "Alarms that come true",
      `Precision: alarms after which an adverse tier is held within the horizon, over alarms whose outcome is known. Recall: evaluations with an alarm that an adverse tier followed, over all that one followed. Raised by walking forward: an alarm at t reads nothing after t. ${capitalise(many)} that leave within the horizon count neither way.`,
    ),
    entry(
      "at-risk-calibration",
      "Calibration of alarms",
      "Evaluations in tenths by predicted risk: mean predicted risk beside the share after which an adverse tier was held within the horizon.",
    ),
    entry(
      "appeal-odds",
      "False share from appeals alone",
      `fine among all held adverse, given how many times larger the odds of a decided appeal are for the fine than for the harmful: F (N - H + odds x H) / (F + odds x H) of N, with F overturned and H upheld. The odds are assumed. A decided appeal is taken to find out what is so.`,
    ),
    entry("rate-series", "False-positive rate by date", `as the false-positive rate, at each date by itself; never pooled over dates.`),
    entry(
      "labels-to-come",
      "Labels still to come",
      `labels about the date known by the known-at day, over those expected in the end: known over the share of earlier labels that were known after so many days.`,
    ),
    entry(
      "audit-plan",
      "Audit plan",
      `the fewest audits, by who is adverse under ${before} and ${after} and by size, that are expected to make the intervals as narrow as wanted. Whom to audit is drawn at random within each stratum, at the stated probability.`,
    ),
    entry("who-shares", "Who bears it", `Shares of all ${many}, of sales, of the newly adverse and of the released by group, ${when}.`),
    entry(
      "past-moves",
      "What a past move did to sales",
      `Growth of sales over the 56 days from a really assigned move over the adverse line on, against the 28 days before it, less that of a ${one} with the same tier, score and sales history that did not move then.`,
    ),
    entry(
      "cutoff-jumps",
      "Jump of sales at a limit",
      `Growth of sales over 56 days just above a limit of the score less just below it, over the jump of the tier really held; ${many} at the limit only.`,
    ),
    entry(
      "weights",
      "Declared and effective weight",
      `Declared: the weights down to the part, each over the sum of its sum's weights. Effective: covariance of what the part contributes with the score, over the score's variance, among rated ${many} with a score in ${when}. Both sum to 1.`,
    ),
    entry(
      "flip-causes",
      "Movers by change",
      `Movers in ${when} that hold the tier of ${before} again when one change of ${after} is undone and all others stand.`,
    ),
    entry(
      "part-removals",
      "Tiers without one part",
      `${many} in ${when} that would hold another tier under ${after} if one part were taken out of its score, the weight going where the policy's rule for missing parts puts it.`,
    ),
    entry(
      "fairness-groups",
      "Against the rest",
      `Newly adverse rate of a group less that of all others of its segmentation, among those rated under either version, ${when}; corrected for all groups that are looked at.`,
    ),
    entry(
      "fairness-adverse",
      "Held adverse by group",
      `Held adverse over all of the group that are rated under either version, under ${before} and ${after}, ${when}.`,
    ),
    entry(
      "noise-flips",
      "Flips from noise",
      `${many} that would merit another tier if what happened to them were drawn again with the same true quality and the same volumes, over all of the band, ${when}.`,
    ),
    entry(
      "noise-shrinking",
      "Shrunk shares",
      `The same with each share metric pulled towards all ${many}, as the policy language's shrink does, in the same parallel worlds.`,
    ),
    entry("who-rates", "Newly adverse rate", `Newly adverse of the group over all of the group, ${when}.`),
  ];
}
