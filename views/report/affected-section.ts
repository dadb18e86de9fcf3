/** The entities with the most sales among those that change tier. */
import { parseDay } from "../../data/foundation/index.ts";
import type { AffectedEntity } from "../../simulations/comparison/index.ts";
import { capitalise, countInWords, countOf, formatCount, formatMoneyExact, formatNumber } from "../formats/index.ts";
import { pagePaths } from "../pages/page-paths.ts";
import { chartTier, type Facts, isAdverse } from "./facts.ts";
import type { Block, ReportEntity, Section } from "./report.ts";

const shownMax = 10;
const modes = ["full", "method"] as const;

/** Full and Method; ten at most, the comparison's order. */
export function affectedSection(facts: Facts): Section {
  const shown = facts.candidate.affected.slice(0, shownMax);
  const head = { id: "affected", name: `Most affected ${facts.many}` };
  if (shown.length === 0)
    return {
      ...head,
      blocks: [facts.candidate.movement.movers === 0 ? nobody(facts) : unlisted(facts)],
    };
  const hasSales = facts.candidate.gmv !== undefined;
  const { movers } = facts.candidate.movement;
  const subtitle = `${moversWords(facts, shown.length)}${hasSales && shown.length < movers ? listedBy(facts, shown) : ""}; held tier and score in ${facts.when}${hasSales ? `; sales in ${facts.candidate.gmv?.currency ?? ""} over the same 28 days` : ""}; scores and tiers are recorded results, no interval.`;
  const block = {
    modes,
    kind: "entities" as const,
    entityWord: capitalise(facts.one),
    hasSales,
    entities: shown.map((entity) => describe(facts, entity)),
  };
  return { ...head, blocks: [{ modes, kind: "finding", title: titleOf(facts, shown, hasSales), subtitle }, block] };
}

/** Which of the movers are listed: those that cross the adverse line come first. */
function listedBy(facts: Facts, shown: readonly AffectedEntity[]): string {
  const { candidate } = facts;
  const isFlip = (entity: AffectedEntity) => isAdverse(facts, entity.candidateTier) !== isAdverse(facts, entity.baselineTier);
  const flips = candidate.newlyAdverse + candidate.released;
  if (flips === 0 || flips === candidate.movement.movers) return ", those with the most sales";
  return shown.every(isFlip)
    ? ", those with the most sales among the newly adverse and the released"
    : ", the newly adverse and the released first, then those with the most sales";
}

function nobody(facts: Facts): Block {
  return { modes, kind: "finding", title: "Nobody is affected", subtitle: `No ${facts.one} holds another tier in ${facts.when}.` };
}

function unlisted(facts: Facts): Block {
  const subtitle = `${countOf(facts.candidate.movement.movers, facts.one, facts.many)} change tier; the comparison names none of them.`;
  return { modes, kind: "finding", title: "The movers are not listed", subtitle };
}

function titleOf(facts: Facts, shown: readonly AffectedEntity[], hasSales: boolean): string {
  const newly = shown.filter((entity) => isAdverse(facts, entity.candidateTier) && !isAdverse(facts, entity.baselineTier)).length;
  const released = shown.filter((entity) => !isAdverse(facts, entity.candidateTier) && isAdverse(facts, entity.baselineTier)).length;
  const waiting = shown.filter(({ merits }) => merits !== undefined).length;
  const who = shown.length === 1 ? `The ${hasSales ? "largest" : "first"} mover` : `Of the ${countInWords(shown.length)} movers listed`;
  if (shown.length === 1)
    return `${who} is ${newly === 1 ? "newly adverse" : released === 1 ? `released${waiting === 1 ? ", and already merits an adverse tier" : ""}` : "neither newly adverse nor released"}`;
  const all = shown.length;
  const part = (count: number, words: string) =>
    `${count === all ? "all" : count === 0 ? "none" : countInWords(count)} ${count < 2 ? "is" : "are"} ${words}`;
  if (newly === 0 && released === 0) return `${who}, none enters or leaves an adverse tier`;
  const whose = released === 1 ? "that one" : waiting === released ? "these" : `${countInWords(waiting)} of these`;
  const still = waiting === 0 ? "" : `; ${whose} already ${waiting === 1 ? "merits" : "merit"} an adverse tier`;
  return newly === all || released === all
    ? `${who}, ${newly === all ? part(newly, "newly adverse") : `${part(released, "released")}${still}`}`
    : `${who}, ${part(newly, "newly adverse")} and ${part(released, "released")}${still}`;
}

function moversWords(facts: Facts, shown: number): string {
  const { movers } = facts.candidate.movement;
  if (movers === 1) return `The one ${facts.one} that changes tier`;
  if (movers === 2 && shown === 2) return `Both ${facts.many} that change tier`;
  return shown === movers
    ? `All ${formatCount(movers)} ${facts.many} that change tier`
    : `${capitalise(countInWords(shown))} of the ${formatCount(movers)} ${facts.many} that change tier`;
}

/** Days are left to the entity's own page: without their names they say nothing. */
function attributeWords(attributes: AffectedEntity["attributes"]): string {
  return Object.values(attributes)
    .filter((value) => parseDay(value) === undefined)
    .map((value) => value.replaceAll("_", " "))
    .join(", ");
}

function describe(facts: Facts, entity: AffectedEntity): ReportEntity {
  const score = (value: number | undefined) => (value === undefined ? "no score" : formatNumber(value, 1));
  const labels = { fine: "known fine", harmful: "known harmful", unlabelled: "no label" } as const;
  const currency = facts.candidate.gmv?.currency;
  return {
    entity: entity.entity,
    ...(facts.context.hasLinks === false ? {} : { href: pagePaths.entity(facts.context.runId, entity.entity) }),
    attributes: attributeWords(entity.attributes),
    sales: currency === undefined ? "" : formatMoneyExact(entity.gmv, currency),
    baselineTier: chartTier(facts, entity.baselineTier),
    candidateTier: chartTier(facts, entity.candidateTier),
    score: `${score(entity.baselineScore)} → ${score(entity.candidateScore)}`,
    label: labels[entity.label],
    restore: entity.restore ?? (entity.merits === undefined ? "" : `merits ${entity.merits} already, and waits for it`),
  };
}
