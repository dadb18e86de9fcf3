/** Comparisons and conditions whose answer is always the same, said twice, or beyond reach. */

import { Possibilities } from "./analyse-possible.ts";
import type { Prover } from "./analyse-proof.ts";
import type { Possible, Range } from "./analyse-range.ts";
import { type Site, sitesOf } from "./analyse-thresholds.ts";
import { currencyOfExpression, placeIn, sayRange, sayValue, unitOfExpression } from "./analyse-words.ts";
import type { Expression } from "./expression.ts";
import { placeOfPart } from "./places.ts";
import type { Parameter } from "./policy.ts";
import { printExpression } from "./print-expression.ts";
import type { Problems } from "./problems.ts";
import { partsOf } from "./walk-expression.ts";

type Compare = Extract<Expression, { kind: "compare" }>;

/**
 * `threshold-out-of-reach`: a comparison that what is compared decides by itself, at the parameters' values or somewhere in their ranges.
 * `constant-condition`: a condition that is always or never true, or never known, whatever the parameters are in their ranges; proven.
 * `duplicate-condition`: two conditions that say the same. Tiers are left to `analyseTiers`.
 */
export function analyseConditions(prover: Prover, problems: Problems): void {
  const { policy } = prover.possibilities;
  const wide = new Possibilities(policy, { parameters: "range" });
  for (const site of sitesOf(policy)) {
    const before = problems.count;
    for (const part of partsOf(site.expression)) if (part.kind === "compare") checkComparison(part, site, prover.possibilities, problems);
    if (problems.count === before && site.kind !== "tier" && site.kind !== "value") checkConstant(site, wide, prover, problems);
  }
  checkDuplicates(prover.possibilities, problems);
}

function checkComparison(compare: Compare, site: Site, possibilities: Possibilities, problems: Problems): void {
  const { left, right } = compare;
  if (right.kind === "text") return;
  const [a, b] = [possibilities.number(left), possibilities.number(right)];
  // Two fixed numbers are a switch, not a threshold.
  if (isFixed(left) && isFixed(right)) return;
  const report = (answer: Possible, at: string): boolean => {
    if (answer.yes === answer.no || !a.known || !b.known) return false;
    const [varying, other, range] = isFixed(left) ? [right, left, b] : [left, right, a];
    const says = answer.yes ? `is true${answer.unknown ? " whenever it is known" : " for everyone"}` : "is never true";
    problems.add("threshold-out-of-reach", placeIn(compare, site.owner), {
      message: `'${printExpression(compare)}' ${says}${at}: ${sayWhere([varying, other], range, possibilities)}`,
      found: printExpression(compare),
      ...(answer.yes && answer.unknown
        ? { cure: "Write 'is known' if that is meant; else move the threshold to where the value can be." }
        : {}),
    });
    return true;
  };
  if (report(possibilities.condition(compare), "")) return;
  for (const [parameter, end] of endsOutside(compare, possibilities)) {
    const set = new Possibilities(possibilities.policy, { set: new Map([[parameter.name, end]]) });
    const said = sayValue(end, parameter.unit, parameter.currency);
    if (report(set.condition(compare), ` when '${parameter.name}' is moved to ${said}, which its range allows`)) return;
  }
}

function isFixed(expression: Expression): boolean {
  return [...partsOf(expression)].every((part) => part.kind !== "reference" || part.to === "parameter");
}

/** In the unit that both sides of the comparison have. */
function sayWhere([varying, other]: readonly [Expression, Expression], range: Range, { policy }: Possibilities): string {
  const name = varying.kind === "reference" ? `'${varying.name}'` : `'${printExpression(varying)}'`;
  const unit = [varying, other].map((side) => unitOfExpression(policy, side)).find((own) => own !== "number");
  return `${name} ${sayRange(range, unit ?? "number", currencyOfExpression(policy, varying) ?? currencyOfExpression(policy, other))}`;
}

/** Parameters compared with a name, at the ends of their range that lie strictly outside where the name can be. */
function endsOutside(compare: Compare, possibilities: Possibilities): readonly (readonly [Parameter, number])[] {
  const pairs = [
    [compare.left, compare.right],
    [compare.right, compare.left],
  ] as const;
  return pairs.flatMap(([fixed, varying]) => {
    if (fixed.kind !== "reference" || fixed.to !== "parameter" || isFixed(varying)) return [];
    const parameter = possibilities.policy.parameters.find((candidate) => candidate.name === fixed.name);
    if (parameter?.by !== undefined || parameter?.range === undefined) return [];
    const { lower, upper } = possibilities.number(varying);
    const ends = [parameter.range.lower, parameter.range.upper];
    return ends.filter((end) => end < lower || end > upper).map((end) => [parameter, end] as const);
  });
}

function checkConstant(site: Site, wide: Possibilities, prover: Prover, problems: Problems): void {
  const { expression } = site;
  const rough = wide.condition(expression);
  const says =
    !rough.yes && !rough.no
      ? "is never known"
      : prover.neverTrue(expression, wide)
        ? "is never true"
        : alwaysTrue(expression, wide, prover);
  if (says === undefined || isSwitch(expression, prover.possibilities)) return;
  const effect = site.kind === "where" ? ": it lets no event through" : site.kind === "line" ? ": the line makes no entry" : "";
  problems.add("constant-condition", placeIn(expression, site.owner), {
    message: `${site.what} ${says}${says === "is always true" ? "" : effect}`,
    found: printExpression(expression),
  });
}

function alwaysTrue(expression: Expression, wide: Possibilities, prover: Prover): string | undefined {
  const cannotFail = prover.neverHolds(
    [expression],
    (given) => {
      const answer = wide.condition(expression, given);
      return answer.no || answer.unknown;
    },
    wide,
  );
  return cannotFail ? "is always true" : undefined;
}

/** Whether a condition hangs on fixed parameters alone, so that an author turns it on and off. */
function isSwitch(expression: Expression, possibilities: Possibilities): boolean {
  const parts = [...partsOf(expression)];
  const turnsOnParameter = parts.some((part) => part.kind === "reference" && part.to === "parameter");
  return turnsOnParameter && isFixed(expression) && !possibilities.condition(expression).unknown;
}

function checkDuplicates({ policy }: Possibilities, problems: Problems): void {
  const first = new Map<string, string>();
  for (const condition of policy.conditions) {
    const said = printExpression(condition.expression);
    const earlier = first.get(said);
    first.set(said, earlier ?? condition.name);
    if (earlier === undefined) continue;
    problems.add("duplicate-condition", placeOfPart(condition), {
      message: `condition '${condition.name}' says the same as '${earlier}'`,
      found: said,
    });
  }
}
