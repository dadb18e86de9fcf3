/** One change as a sentence that a policy manager would say. */
import type { Compared, FactPair } from "./compared.ts";
import type { Fact, Thing } from "./policy-facts.ts";
import { askVerbs, conditionClauses } from "./words-of-condition.ts";
import { ledgerWords } from "./words-of-ledger.ts";
import { metricWords, parameterWords, scoreWords, windowWords } from "./words-of-quantity.ts";
import { capWords, movementWords, tierWords } from "./words-of-tier.ts";

/** What became of one line. */
export function wordsOf(pair: FactPair, compared: Compared): string {
  return ownWords(pair, compared) ?? plainWords(pair);
}

function ownWords(pair: FactPair, compared: Compared): string | undefined {
  const [section = "", name = "", key] = (pair.young ?? pair.old)?.segments ?? [];
  if (key === "title") return undefined;
  switch (section) {
    case "parameters":
      return parameterWords(pair);
    case "windows":
      return windowWords(name, compared);
    case "metrics":
      return metricWords(pair, compared);
    case "scores":
      return scoreWords(pair, compared);
    case "ledgers":
      return ledgerWords(pair, compared);
    case "conditions": {
      const [from, to] = [compared.a, compared.b].map((policy) => policy.conditions.find((condition) => condition.name === name));
      return from === undefined || to === undefined
        ? undefined
        : `${name} ${conditionClauses(from.expression, to.expression, askVerbs, compared)}.`;
    }
    case "tiers":
      return name === "" ? undefined : tierWords(pair, compared);
    case "otherwise":
      return pair.old === undefined || pair.young === undefined
        ? undefined
        : `Who merits no tier is now called ${pair.young.text} instead of ${pair.old.text}.`;
    case "caps":
      return capWords(pair, compared);
    case "movement":
      return movementWords(pair, compared);
    default:
      return undefined;
  }
}

function plainWords({ old, young }: FactPair): string {
  const { subject, unsaid, isLong }: Partial<Fact> = young ?? old ?? {};
  if (isLong === true) return `${subject} changed.`;
  if (old === undefined)
    return unsaid === undefined ? `${subject} is new: ${young?.text}.` : `${subject} is ${young?.text} instead of ${unsaid}.`;
  if (young === undefined)
    return unsaid === undefined ? `${subject} is gone (was ${old.text}).` : `${subject} is ${unsaid} instead of ${old.text}.`;
  return `${subject} is ${young.text} instead of ${old.text}.`;
}

/** What became of a thing as a whole: it is new, gone, or of another kind. */
export function thingWords(old: Thing | undefined, young: Thing | undefined): string {
  if (old === undefined) return `New: ${young?.noun}: ${young?.said}.`;
  return young === undefined ? `Gone: ${old.noun}.` : `T${young.noun.slice(1)} is ${young.said} instead of ${old.said}.`;
}

/** A thing under another name. */
export function renamedWords(noun: string, from: string, to: string): string {
  return `The ${noun} '${from}' is now called '${to}'.`;
}
