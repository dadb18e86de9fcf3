/** The weighted sums of a headline score, opened down to what is no weighted sum. */
import { present } from "../../../data/foundation/index.ts";
import { constantValue, type Policy, parameterOf, type Score } from "../../../policies/language/checked/index.ts";
import { type Undetermined, undetermined } from "../../statistics/index.ts";

/** A score that enters the weighted sums and is none itself. */
export interface ScoreLeaf {
  readonly score: string;
  readonly title: string;
  readonly dimension: string;
  readonly declared: number;
}

type Weighted = Extract<Score, { kind: "weighted" }>;

/** A weighted sum with its weights as numbers. */
export interface SumNode {
  readonly score: string;
  readonly missing: Weighted["missing"]["kind"];
  /** In place of a missing part, where that is the rule. */
  readonly neutral: number;
  readonly parts: readonly { readonly weight: number; readonly node: SumNode | string }[];
}

/** The headline score, opened. `node`: a name where it is no weighted sum. */
export interface OpenedScore {
  readonly headline: Score;
  readonly node: SumNode | string;
  readonly leaves: readonly ScoreLeaf[];
}

/** Undetermined without a headline score, and where a weight differs from entity to entity. */
export function openScore(policy: Policy): OpenedScore | Undetermined {
  if (policy.headlineScore === undefined)
    return undetermined(`version ${policy.version} has no headline score`, "a policy whose tiers rest on a score");
  const byText = policy.scores.flatMap((score) => (score.kind === "weighted" ? constantsOf(score) : [])).find(isByText);
  if (byText !== undefined)
    return undetermined(`the weight '${byText}' of version ${policy.version} is not the same for everyone`, "weights that are one number");
  const headline = scoreOf(policy, policy.headlineScore);
  const leaves = new Map<string, ScoreLeaf>();
  const open = (name: string, declared: number, dimension: string | undefined): SumNode | string => {
    const score = scoreOf(policy, name);
    if (score.kind !== "weighted") {
      const before = leaves.get(name);
      const own = { score: name, title: score.title, dimension: dimension ?? score.title };
      leaves.set(name, before === undefined ? { ...own, declared } : { ...before, declared: before.declared + declared });
      return name;
    }
    const weights = score.parts.map(({ weight }) => constantValue(policy, weight));
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    const parts = score.parts.map((part, index) => {
      const weight = weights[index] as number;
      const own = scoreOf(policy, part.score).title;
      return { weight, node: open(part.score, (declared * weight) / whole, dimension ?? own) };
    });
    const neutral = score.missing.kind === "neutral" ? constantValue(policy, score.missing.value) : 0;
    return { score: name, missing: score.missing.kind, neutral, parts };
  };
  const node = open(headline.name, 1, undefined);
  return { headline, node, leaves: [...leaves.values()] };

  function isByText(name: string): boolean {
    return parameterOf(policy, name).by !== undefined;
  }
}

function constantsOf(score: Weighted): readonly string[] {
  const stand = score.missing.kind === "neutral" ? [score.missing.value] : [];
  return [...score.parts.map(({ weight }) => weight), ...stand].flatMap((constant) =>
    constant.kind === "reference" ? [constant.name] : [],
  );
}

function scoreOf(policy: Policy, name: string): Score {
  return present(
    policy.scores.find((score) => score.name === name),
    `score ${name}`,
  );
}
