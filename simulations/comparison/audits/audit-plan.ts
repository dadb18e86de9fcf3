/** How many audits, in which strata, would make the false-positive rates and their change known as well as wanted. */
import { allocateUnits, criticalValue, stratifiedVariance } from "../../statistics/index.ts";
import { groupNames } from "../errors/error-tally.ts";
import type { AuditGoal, AuditPlan, AuditStratum, PlannedFigure, PlannedStratum } from "./audits.ts";

/** What a report plans for: the change to half a point, each rate to a point, ten audits a stratum. */
export const usualGoal = { halfWidth: 0.005, rateHalfWidth: 0.01, minimum: 10, prior: "labels" } as const;

/**
 * The plan. Each rate is the ratio of two stratified totals, (fine and adverse) / fine; linearised, an entity of share p of fine has the
 * variance p (1 - p) (a - R)² / F² with a = 1 where its stratum is adverse; the change has newly adverse less released in place of a.
 * Strata without entities have no row; nobody in the frame: undefined. Sources: Cochran (1977), Sampling Techniques, sections 5.5 and
 * 6.10; see `allocateUnits`.
 */
export function planAudits(strata: readonly AuditStratum[], goal: AuditGoal): AuditPlan | undefined {
  const present = strata.filter(({ entities }) => entities > 0);
  if (present.length === 0) return undefined;
  const priors = present.map((stratum) => (goal.prior === "labels" ? priorOf(stratum, strata) : 0.5));
  const figures = figuresOf(present, priors);
  const sizes = present.map(({ entities }) => entities);
  const z = criticalValue(goal.level);
  const wanted = { change: goal.halfWidth, baseline: goal.rateHalfWidth, candidate: goal.rateHalfWidth };
  const targets = names.map((name) => ({ unitVariances: figures[name].unitVariances, variance: (wanted[name] / z) ** 2 }));
  const drawn = allocateUnits({ sizes, targets, minimum: goal.minimum });
  const expected = (name: Name): PlannedFigure => ({
    expected: figures[name].value,
    wantedHalfWidth: wanted[name],
    halfWidth: z * Math.sqrt(stratifiedVariance(sizes, figures[name].unitVariances, drawn)),
  });
  return {
    goal,
    frame: sizes.reduce((sum, size) => sum + size, 0),
    audits: drawn.reduce((sum, audits) => sum + audits, 0),
    strata: present.map((stratum, index): PlannedStratum => {
      const audits = drawn[index] as number;
      return { ...stratum, prior: priors[index] as number, audits, probability: audits / stratum.entities };
    }),
    change: expected("change"),
    baseline: expected("baseline"),
    candidate: expected("candidate"),
  };
}

const names = ["change", "baseline", "candidate"] as const;
type Name = (typeof names)[number];

/** By group in the order of `groupNames`: what an entity that is fine adds to the numerator. */
const weights: Readonly<Record<Name, readonly number[]>> = { change: [0, 1, -1, 0], baseline: [1, 0, 1, 0], candidate: [1, 1, 0, 0] };

function figuresOf(strata: readonly AuditStratum[], priors: readonly number[]) {
  const fine = strata.reduce((sum, { entities }, index) => sum + entities * (priors[index] as number), 0);
  const figure = (name: Name) => {
    const weightOf = ({ group }: AuditStratum): number => weights[name][groupNames.indexOf(group)] as number;
    const part = strata.reduce((sum, stratum, index) => sum + weightOf(stratum) * stratum.entities * (priors[index] as number), 0);
    const value = part / fine;
    const unitVariances = strata.map((stratum, index) => {
      const [share, { entities }] = [priors[index] as number, stratum];
      if (entities === 1) return 0;
      return ((share * (1 - share) * entities) / (entities - 1)) * ((weightOf(stratum) - value) / fine) ** 2;
    });
    return { value, unitVariances };
  };
  return { change: figure("change"), baseline: figure("baseline"), candidate: figure("candidate") };
}

/** The stratum's labelled share of fine, pulled towards its group's by two labels and towards one half by one. Never 0 or 1. */
function priorOf(stratum: AuditStratum, strata: readonly AuditStratum[]): number {
  const peers = strata.filter(({ group }) => group === stratum.group);
  const total = (field: "fine" | "labelled"): number => peers.reduce((sum, peer) => sum + peer[field], 0);
  const group = (total("fine") + 1) / (total("labelled") + 2);
  return (stratum.fine + 2 * group + 0.5) / (stratum.labelled + 3);
}
