/** The audit plan: how many, in which strata, and what they would tell. */
import type { AuditPlan, PlannedStratum } from "../../simulations/comparison/index.ts";
import { capitalise, countOf, formatCount, formatDate, formatNumber } from "../formats/index.ts";
import { pagePaths } from "../pages/page-paths.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Figure, Span } from "./report.ts";

const names: Readonly<Record<PlannedStratum["group"], string>> = {
  both: "Adverse both",
  newly: "Newly adverse",
  released: "Released",
  neither: "Neither",
};

/** One sentence for every mode. */
export function planSentence(facts: Facts, plan: AuditPlan): readonly Span[] {
  const { change, candidate, audits, frame } = plan;
  const told = isSettled(plan)
    ? `each version's false-positive rate to about ${points(candidate.halfWidth)}; the change is 0 whatever they find, because both hold the same ${facts.many} adverse.`
    : `the change of the false-positive rate to about ${points(change.halfWidth)}, under no assumption about who has a label.`;
  return [
    { text: "Auditing ", strong: false },
    { text: `${formatCount(audits)} of the ${countOf(frame, facts.one, facts.many)}`, strong: true },
    {
      text: ` in the frame at ${formatDate(facts.candidate.movement.at)}, drawn at random within strata, would tell ${told}`,
      strong: false,
    },
  ];
}

/** Drawn and not drawn, by group; strata are in the table, and the list of entities is one link away. */
export function auditPlanFigure(facts: Facts, plan: AuditPlan): Figure {
  const { change, baseline, candidate, goal } = plan;
  const title = isSettled(plan)
    ? `${countOf(plan.audits, "audit")} would tell each version's false-positive rate to about ${points(candidate.halfWidth)}`
    : `${countOf(plan.audits, "audit")} would tell the change of the false-positive rate to about ${points(change.halfWidth)}`;
  const links = figureLinks(facts, "audit-plan");
  const list = `${pagePaths.auditList(facts.context.runId)}?candidate=${encodeURIComponent(facts.candidateVersion)}`;
  return {
    id: "audit-plan",
    title,
    subtitle: `${capitalise(facts.many)} to audit by group, by group and size in the table, at ${formatDate(facts.candidate.movement.at)}; n\u00a0=\u00a0${formatCount(plan.frame)}; expected half-widths at ${facts.level}: ${points(change.halfWidth)} of the change (wanted ${points(goal.halfWidth)}), ${points(baseline.halfWidth)} and ${points(candidate.halfWidth)} of the rates of ${facts.baselineVersion} and ${facts.candidateVersion} (wanted ${points(goal.rateHalfWidth)}); at least ${formatCount(goal.minimum)} a stratum.`,
    chart: {
      kind: "shares",
      label: title,
      isDense: true,
      bands: [
        { name: "to audit", isEmphasised: true },
        { name: "not drawn", isEmphasised: false },
      ],
      rows: groupsOf(plan).map(({ group, entities, audits }) => ({
        label: names[group],
        note: countOf(entities, facts.one, facts.many),
        shares: [audits / entities, 1 - audits / entities],
        texts: [formatCount(audits), entities === audits ? "" : formatCount(entities - audits)],
      })),
    },
    key: [
      { mark: "accent", words: "to audit" },
      { mark: "grey-1", words: "not drawn" },
    ],
    table: {
      columns: [
        { title: "group", format: "text" },
        { title: "size", format: "text" },
        { title: facts.many, format: "count" },
        { title: "labelled", format: "count" },
        { title: "supposed fine", format: "share" },
        { title: "audits", format: "count" },
        { title: "probability", format: "share" },
      ],
      rows: plan.strata.map(({ group, size, entities, labelled, prior, audits, probability }) => [
        names[group],
        size,
        entities,
        labelled,
        prior,
        audits,
        probability,
      ]),
      currency: "",
    },
    links: facts.context.hasLinks === false ? links : { ...links, list },
  };
}

/** Nobody is newly adverse or released: no label could make a difference. */
function isSettled({ strata }: AuditPlan): boolean {
  return strata.every(({ group }) => group === "both" || group === "neither");
}

function groupsOf({ strata }: AuditPlan): readonly Pick<PlannedStratum, "group" | "entities" | "audits">[] {
  const groups = [...new Set(strata.map(({ group }) => group))];
  return groups.map((group) => {
    const own = strata.filter((stratum) => stratum.group === group);
    const sum = (field: "entities" | "audits"): number => own.reduce((total, stratum) => total + stratum[field], 0);
    return { group, entities: sum("entities"), audits: sum("audits") };
  });
}

function points(share: number): string {
  return `±${formatNumber(100 * share, 2)}\u00a0pp`;
}
