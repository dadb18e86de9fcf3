/** One paragraph that says how the policy came to a value, from the trace and its account. */
import { accountOf, type ClaimTrace, type EvaluationTrace, type Trace } from "../explain/index.ts";
import { isStateKey } from "./case-file.ts";

/** How a metric, score, ledger, condition, tier or count came about at the traced evaluation. */
export function whyOf(name: string, trace: Trace): string {
  const { evaluation } = trace;
  if (evaluation === undefined) return "No evaluation has taken place yet.";
  const account = accountOf(trace).replaceAll("\u00a0", " ").split("\n");
  return (isStateKey(name) ? whyTier(account, evaluation) : whyValue(name, account, evaluation)).join(" ");
}

/** The answer, then every tier that was tried with what decided. */
function whyTier(account: readonly string[], evaluation: EvaluationTrace): readonly string[] {
  const tried = evaluation.tiers.filter((tier) => tier.tried && tier.words !== undefined);
  return [account[2] ?? "", ...tried.map(sayTier)];
}

function sayTier(tier: EvaluationTrace["tiers"][number]): string {
  const outcome = tier.value === true ? "holds" : tier.value === false ? "does not hold" : "is unknown";
  const deciding = decidingClaims(tier);
  const unmet = tier.value === true ? [] : tier.unmet;
  const claims = sayClaims(deciding.length > 0 ? deciding : tier.claims);
  return `${tier.name} ${outcome}: ${unmet.length > 0 ? unmet.join("; ").replaceAll("\u00a0", " ") : claims}.`;
}

function whyValue(name: string, account: readonly string[], evaluation: EvaluationTrace): readonly string[] {
  const condition = evaluation.conditions.find((candidate) => candidate.name === name);
  if (condition !== undefined) {
    const deciding = decidingClaims(condition);
    return [`${condition.words}: ${sayClaims(deciding.length > 0 ? deciding : condition.claims)}.`];
  }
  const score = evaluation.scores.find((candidate) => candidate.name === name);
  const read = score?.kind === "curve" ? titleOf(score.from.name, evaluation) : undefined;
  return [titleOf(name, evaluation), read].flatMap((title) => (title === undefined ? [] : linesOf(title, account)));
}

function titleOf(name: string, evaluation: EvaluationTrace): string | undefined {
  const named: readonly Titled[] = [...evaluation.metrics, ...evaluation.scores, ...evaluation.ledgers];
  return named.find((candidate) => candidate.name === name)?.title;
}

interface Titled {
  readonly name: string;
  readonly title: string;
}

/** The account's own line about it, and what is set in under that. */
function linesOf(title: string, account: readonly string[]): readonly string[] {
  const start = account.findIndex((line) => line.startsWith(`- ${title}: `));
  if (start < 0) return [];
  const length = account.slice(start + 1).findIndex((line) => !line.startsWith("  "));
  return account.slice(start, start + 1 + Math.max(0, length)).map((line) => line.trim().replace(/^- /, ""));
}

/** Those that speak for the outcome: of a claim under a `not`, that it is untrue. */
function decidingClaims({ claims, value }: Pick<EvaluationTrace["conditions"][number], "claims" | "value">): readonly ClaimTrace[] {
  return claims.filter((claim) => (claim.isDenied === true && claim.value !== undefined ? !claim.value : claim.value) === value);
}

function sayClaims(claims: readonly ClaimTrace[]): string {
  return claims.map((claim) => sayClaim(claim).replaceAll("\u00a0", " ")).join("; ");
}

function sayClaim({ words, standing, value, isDenied }: ClaimTrace): string {
  if (value === undefined) return `${words}${standing} is unknown`;
  if (isDenied === true) return `it is ${value ? "" : "not "}so that ${words}${standing}`;
  return `${words}${standing} ${value ? "holds" : "does not hold"}`;
}
