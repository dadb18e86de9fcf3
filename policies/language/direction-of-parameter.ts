/** Whether another value of a parameter makes a policy stricter or gentler. */
import { moved } from "./direction-of-condition.ts";
import type { Constant, Expression } from "./expression.ts";
import { compareCurves, Influence, joinPolarity, type Polarity, throughPolarity, visitPolarity } from "./polarity.ts";
import type { FixedParameter, Parameter, Policy } from "./policy.ts";
import { readsOf } from "./reads.ts";

/**
 * The effect of a parameter's new value, or of its value for one text, on merit. It is moved alone, once in the older policy and once in
 * the newer one, so that other changes do not blur it; both must agree.
 */
export function parameterEffect(name: string, text: string | undefined, { a, b }: { readonly a: Policy; readonly b: Policy }): Polarity {
  const [old, young] = [a, b].map((policy) => policy.parameters.find((parameter) => parameter.name === name));
  const [before, after] = [old, young].map((parameter) => (parameter === undefined ? undefined : valueFor(parameter, text)));
  if (old === undefined || young === undefined || before === undefined || after === undefined) return "mixed";
  if (old.unit !== young.unit || old.currency !== young.currency) return "mixed";
  const move = { name, before, after };
  return joinPolarity(effectIn(a, move), effectIn(b, move));
}

function valueFor(parameter: Parameter, text: string | undefined): number | undefined {
  if (text === undefined) return parameter.by === undefined ? parameter.value : undefined;
  return parameter.by === undefined ? undefined : parameter.values.find((entry) => entry.text === text)?.value;
}

/** The policy with a parameter fixed: what entities with one text live under. */
function withFixed(policy: Policy, name: string, value: number): Policy {
  const fixed = ({ title, unit, currency }: Parameter): FixedParameter => ({
    name,
    title,
    unit,
    value,
    ...(currency === undefined ? {} : { currency }),
  });
  return { ...policy, parameters: policy.parameters.map((parameter) => (parameter.name === name ? fixed(parameter) : parameter)) };
}

function effectIn(
  policy: Policy,
  { name, before, after }: { readonly name: string; readonly before: number; readonly after: number },
): Polarity {
  const [old, young] = [withFixed(policy, name, before), withFixed(policy, name, after)];
  if (readElsewhere(old, name)) return "mixed";
  const influence = new Influence(old);
  let effect: Polarity = 0;
  const join = (more: Polarity): void => {
    effect = joinPolarity(effect, more);
  };
  const read = (expression: Expression, outer: Polarity): void => {
    for (const side of [old, young])
      visitPolarity(expression, outer, side, (part, own) => {
        if (part.kind === "reference" && part.to === "parameter" && part.name === name) join(moved(before, after, own));
      });
  };
  old.tiers.forEach((tier, index) => {
    if (tier.when !== undefined) read(tier.when, influence.ofTier(index));
  });
  for (const condition of old.conditions) read(condition.expression, influence.of(condition.name));
  for (const { when } of old.caps) read(when, influence.ofCaps());
  for (const metric of old.metrics) {
    const own = influence.of(metric.name);
    if (metric.kind === "value") read(metric.expression, own);
    else if ((metric.kind === "count" || metric.kind === "distinct") && metric.where !== undefined) read(metric.where, own);
    else if (metric.kind === "share" && names(metric.shrink?.prior, name)) join(moved(before, after, own));
  }
  for (const score of old.scores) {
    const own = influence.of(score.name);
    if (score.kind === "curve") {
      const curves = [old, young].map((side) => ({ policy: side, curve: score })) as [CurveOf, CurveOf];
      if (score.anchors.some(({ x, y }) => names(x, name) || names(y, name))) join(throughPolarity(own, compareCurves(...curves)));
    } else if (score.kind === "value") read(score.expression, own);
    else if (score.missing.kind === "neutral" && names(score.missing.value, name)) join(moved(before, after, own));
  }
  return effect;
}

type CurveOf = Parameters<typeof compareCurves>[0];

/** Whether a parameter stands where more of it may pull either way: least volumes, windows, weights, levels, bounds, ledgers, protection. */
function readElsewhere(policy: Policy, name: string): boolean {
  const metrics = policy.metrics.flatMap((metric): readonly (Constant | undefined)[] => [
    ...("atLeast" in metric ? [metric.atLeast?.count] : []),
    ...("over" in metric && metric.over.kind === "volume" ? [metric.over.count] : []),
    ...(metric.kind === "share" ? [metric.shrink?.strength, metric.wilson?.level] : []),
    ...(metric.kind === "percentile" ? [metric.part] : []),
    ...(metric.kind === "value" ? [metric.within?.lower, metric.within?.upper] : []),
  ]);
  const weights = policy.scores.flatMap((score) => (score.kind === "weighted" ? score.parts.map(({ weight }) => weight) : []));
  const windows = policy.windows.map(({ when }) => when.count);
  const constants = [...metrics, ...weights, ...windows, policy.movement.protect?.until?.count];
  if (constants.some((constant) => names(constant, name))) return true;
  const reads = readsOf(policy);
  return policy.ledgers.some((ledger) => reads.get(ledger.name)?.includes(name) === true);
}

function names(constant: Constant | undefined, name: string): boolean {
  return constant?.kind === "reference" && constant.name === name;
}
