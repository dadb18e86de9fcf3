/** What is at stake in a replay against a baseline, who bears it, and who is hit wrongly: a sentence and a table each, from sums alone. */
import type { GmvAtStake } from "../../simulations/comparison/index.ts";
import { countOf, formatCount, formatDate, formatMoneyExact, formatMoneyInProse, formatShareInProse, pluralOf } from "../formats/index.ts";
import { primaryErrors, rateOf } from "./errors-of.ts";
import { falsePositivesTitle, ratesTable } from "./errors-section.ts";
import { numberOf } from "./estimate-words.ts";
import type { PairedFacts } from "./paired-words.ts";
import type { ReportTable } from "./report.ts";
import { stakeParts } from "./sales-section.ts";
import { bearerWords, type GroupedFacts, groupsLookedAt, newlyAdverseMin, whoBearsIt } from "./who-bears-it.ts";
import { segmentsTable } from "./who-section.ts";

/** A sentence, and the table behind it. */
export interface Told {
  readonly said: string;
  readonly title: string;
  readonly table: ReportTable;
}

/** Who bears the change; undefined of a run that was kept before segments were counted. */
export function pairedBearers(facts: PairedFacts): Told | undefined {
  const { segments, movement, entity, gmv } = facts;
  if (segments === undefined) return undefined;
  const many = pluralOf(entity);
  return {
    said: bearersSaid({ many, candidate: { segments, newlyAdverse: movement.newlyAdverse } }, hasInterval(movement.moversShare)),
    title: "every group",
    table: segmentsTable(segments, { many, currency: gmv?.currency }),
  };
}

function bearersSaid(facts: GroupedFacts, hasIntervals: boolean): string {
  const { newlyAdverse } = facts.candidate;
  if (newlyAdverse === 0) return "Nobody is newly adverse, so nobody bears it.";
  const bearer = whoBearsIt(facts);
  const many = `${formatCount(newlyAdverse)} ${newlyAdverse === 1 ? "is" : "are"} newly adverse`;
  if (!hasIntervals) return `${many}; rates have no intervals under these policies, so no group is named.`;
  if (newlyAdverse < newlyAdverseMin || bearer === undefined) return `${many}; a group is named from ${newlyAdverseMin} on.`;
  if (!bearer.isClear) return `No one group clearly bears it, of the ${formatCount(groupsLookedAt(facts))} looked at.`;
  const { lead, rest } = bearerWords(bearer);
  return `${lead}${rest}.`;
}

function hasInterval(share: PairedFacts["movement"]["moversShare"]): boolean {
  return share.kind === "estimate" && share.interval !== undefined;
}

/** Who is held adverse wrongly, as far as labels tell; undefined where none is read. */
export function pairedErrors({ errors = [], movement, entity, baseline, candidate }: PairedFacts): Told | undefined {
  const primary = primaryErrors({ errors });
  if (primary === undefined) return undefined;
  const [many, when] = [pluralOf(entity), formatDate(primary.at)];
  const title = falsePositivesTitle({ one: entity, many, isDrawn: hasInterval(movement.moversShare) }, primary);
  const change = primary.falsePositiveChange;
  const adverse = (side: "baseline" | "candidate") => formatCount(rateOf(primary, side, "false-positive-rate")?.numerator ?? 0);
  const counts =
    change.kind === "undetermined"
      ? `: ${change.reason}.`
      : `. Of ${countOf(primary.fine, `${entity} known to be fine`, `${many} known to be fine`)} at ${when}, ${baseline.name} holds ${adverse("baseline")} adverse and ${candidate.name} ${adverse("candidate")}.`;
  return {
    said: `${title}${counts} Labels known by ${formatDate(primary.knownAt)} reach ${formatCount(primary.labelled)} of ${countOf(primary.inFrame, entity, many)}.`,
    title: "every error rate",
    table: ratesTable(errors, many),
  };
}

/** The sales at stake; undefined without a measure of them. */
export function pairedSales({ gmv, entity }: PairedFacts): Told | undefined {
  if (gmv === undefined) return undefined;
  const { currency, windowRule } = gmv;
  const amounts = stakeParts(gmv).map(({ name, estimated }) => [name, numberOf(estimated) ?? ""] as const);
  return {
    said: `${salesSaid(gmv, pluralOf(entity))} Sales are those of ${windowRule ?? "the 28 days"} up to the date; a sum over ${pluralOf(entity)} has no interval here.`,
    title: "sales at stake",
    table: {
      columns: [
        { title: "part", format: "text" },
        { title: "GMV", format: "money" },
      ],
      rows: [...amounts, ["All sales", gmv.total]],
      currency,
    },
  };
}

function salesSaid({ atStake, total, at, currency, entities = 0 }: GmvAtStake, many: string): string {
  const value = numberOf(atStake);
  if (value === undefined) return "What sales are at stake could not be determined.";
  if (entities === 0) return "No sales come under a different consequence.";
  const share = total > 0 ? `, ${formatShareInProse(value / total)} of all sales in the 28 days to ${formatDate(at)}` : "";
  return `${formatMoneyInProse(value, currency)} of sales (${formatMoneyExact(value, currency)}${share}) are those of ${formatCount(entities)} ${many} who come under a different consequence.`;
}
