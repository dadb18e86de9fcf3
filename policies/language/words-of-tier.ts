/** What changed in a tier, the ladder, a cap or movement, as one sentence. */
import type { Compared, FactPair } from "./compared.ts";
import type { Movement } from "./policy.ts";
import { printDays } from "./print-keys.ts";
import { printConstant } from "./quantity.ts";
import { printOperand } from "./window.ts";
import { askVerbs, conditionClauses, withValues } from "./words-of-condition.ts";

/** Conditions by their parts; stays, marks. Undefined: the plain sentence says it. */
export function tierWords({ old, young }: FactPair, { a, b }: Compared): string | undefined {
  const [, name = "", key = ""] = (young ?? old)?.segments ?? [];
  const [before, after] = [a, b].map((policy) => policy.tiers.find((tier) => tier.name === name));
  switch (key) {
    case "when":
      return after?.when === undefined
        ? `${name} now takes everyone who is left, where it asked for ${old?.text}.`
        : `${name} ${conditionClauses(before?.when, after.when, askVerbs, { a, b })}.`;
    case "adverse":
      return `${name} is ${after?.adverse === true ? "now" : "no longer"} adverse.`;
    case "terminal":
      return after?.terminal === true ? `${name} is now never left.` : `${name} can now be left.`;
    case "hold":
      if (old === undefined) return `New: ${name} is held for at least ${young?.text}.`;
      return young === undefined
        ? `${name} no longer has a least stay (was ${old.text}).`
        : `${name} is held for at least ${young.text} instead of ${old.text}.`;
    case "shorten": {
      const [from, to] = [before?.shorten, after?.shorten];
      if (to === undefined) return `${from?.event} no longer shortens a stay in ${name} (was ${printDays(from?.days ?? 0)}).`;
      if (from === undefined) return `New: each ${to.event} takes ${printDays(to.days)} off a stay in ${name}.`;
      const was = from.event === to.event ? printDays(from.days) : `${printDays(from.days)} by ${from.event}`;
      return `Each ${to.event} takes ${printDays(to.days)} off a stay in ${name} instead of ${was}.`;
    }
    case "replaces":
      return young === undefined
        ? `${name} no longer takes the place of ${old?.text} of earlier versions.`
        : `${name} takes the place of ${young.text} of earlier versions${old === undefined ? "" : ` instead of ${old.text}`}.`;
    default:
      return undefined;
  }
}

/** A cap that is new, gone or asks for something else. */
export function capWords({ old, young }: FactPair, { a, b }: Compared): string | undefined {
  const [from, to] = [a.caps[old?.at ?? -1], b.caps[young?.at ?? -1]];
  if (to === undefined) return from === undefined ? undefined : `Gone: the cap at ${from.tier} when ${withValues(from.when, a)}.`;
  if (from === undefined) return `New: nobody is better than ${to.tier} when ${withValues(to.when, b)}.`;
  return `The cap at ${to.tier} ${conditionClauses(from.when, to.when, askVerbs, { a, b })}.`;
}

const stepWords: Readonly<Record<string, string>> = { promote: "Promotion", demote: "Demotion" };

/** Waiting, steps, shield and protection. */
export function movementWords({ old, young }: FactPair, { a, b }: Compared): string | undefined {
  const [, name = "", key] = (young ?? old)?.segments ?? [];
  const [before, after] = [a.movement, b.movement];
  switch (name) {
    case "promote":
    case "demote": {
      const [from, to] = [before[name], after[name]];
      if (key === "after")
        return `${stepWords[name]} waits for ${to.after} evaluation${to.after === 1 ? "" : "s"} instead of ${from.after}.`;
      return `${stepWords[name]} goes ${stepText(to.by)} at a time instead of ${stepText(from.by)}.`;
    }
    case "evaluate":
      return `Everyone is evaluated ${young?.text} instead of ${old?.text}.`;
    case "start":
      if (young === undefined) return `Before the first evaluation no tier is held any more (was ${old?.text}).`;
      return `Before the first evaluation ${young.text} is held${old === undefined ? " now" : ` instead of ${old.text}`}.`;
    case "shield":
      if (old === undefined) return `New: a shield of ${young?.text}.`;
      if (young === undefined) return `Gone: the shield of ${old.text}.`;
      return `The shield is ${young.text} instead of ${before.shield?.since === after.shield?.since ? printDays(before.shield?.days ?? 0) : old.text}.`;
    case "protect":
      return protectWords(before.protect, after.protect);
    default:
      return undefined;
  }
}

function stepText(by: number | undefined): string {
  return by === undefined ? "any number of tiers" : `at most ${by} tier${by === 1 ? "" : "s"}`;
}

type Protect = NonNullable<Movement["protect"]>;

function protectWords(from: Movement["protect"], to: Movement["protect"]): string | undefined {
  if (to === undefined)
    return from === undefined ? undefined : `Gone: the protection at ${from.tier} after ${from.event}, ${endsText(from)}.`;
  if (from === undefined) return `New: after ${to.event} nobody is held below ${to.tier}, ${endsText(to)}.`;
  const clauses = [
    ...(from.event === to.event ? [] : [`follows ${to.event} instead of ${from.event}`]),
    ...(from.tier === to.tier ? [] : [`is at ${to.tier} instead of ${from.tier}`]),
    ...(endsText(from) === endsText(to) ? [] : [`runs ${endsText(to)} instead of ${endsText(from)}`]),
  ];
  return `The protection after ${from.event} ${clauses.join(", and ")}.`;
}

function endsText({ days, until }: Protect): string {
  const ends = [
    ...(days === undefined ? [] : [`for ${printDays(days)}`]),
    ...(until === undefined ? [] : [`until ${printConstant(until.count)} ${printOperand(until.of)}`]),
  ];
  return ends.join(" or ");
}
