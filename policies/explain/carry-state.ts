/** What one version in force takes over from the one before it: everything by name. */
import { type Day, invariant } from "../../data/foundation/index.ts";
import { type Ledger, lineSources, type Policy, tierAfter, tierNames } from "../language/index.ts";
import type { CarriedState, LedgerState, MovementState } from "./evaluation-point.ts";

/** The state that evaluations under `old` left, as `young` goes on from it. */
export function carryState(state: CarriedState, old: Policy, young: Policy): CarriedState {
  const unbroken = young.metrics.filter(({ kind }) => kind === "unbroken").map(({ name }) => name);
  return {
    movement: carryMovement(state.movement, old, young),
    ledgers: new Map(young.ledgers.map((ledger) => [ledger.name, carryLedger(state, ledger, old, young)])),
    runs: new Map([...state.runs].filter(([name]) => unbroken.includes(name))),
    ...(state.seenTo === undefined ? {} : { seenTo: state.seenTo }),
  };
}

/** The code of what became of a tier. */
export function carryTier(code: number, old: Policy, young: Policy): number {
  const heir = tierAfter(old, young, tierNames(old)[code] ?? "");
  invariant(heir !== undefined, `tier ${code} of ${old.version} is lost in ${young.version}`);
  return tierNames(young).indexOf(heir);
}

/** Tiers by what became of them. Of two holds that meet in one tier the later end counts; off the ladder nothing is held. */
function carryMovement(movement: MovementState, old: Policy, young: Policy): MovementState {
  const holdUntil = new Map<number, Day>();
  for (const [code, until] of movement.holdUntil) {
    const heir = carryTier(code, old, young);
    if (heir < young.tiers.length) holdUntil.set(heir, Math.max(until, holdUntil.get(heir) ?? until));
  }
  return {
    ...movement,
    ...(movement.held === undefined ? {} : { held: carryTier(movement.held, old, young) }),
    holdUntil,
    past: movement.past.map((code) => carryTier(code, old, young)),
  };
}

/** Entries stay as they are, also those whose line is gone; a volume line that was there goes on counting from where it was. */
function carryLedger({ ledgers }: CarriedState, ledger: Ledger, old: Policy, young: Policy): LedgerState {
  const sources = lineSources(young, ledger).map(({ text }) => text);
  const volumes = [...ledger.lines.keys()].filter((line) => ledger.lines[line]?.kind === "volume");
  const state = ledgers.get(ledger.name);
  const before = old.ledgers.find(({ name }) => name === ledger.name);
  if (state === undefined || before === undefined) return { entries: [], counted: new Map(), beginning: new Set(volumes), earlier: [] };
  const oldSources = lineSources(old, before);
  const oldLineOf = (line: number): number => oldSources.findIndex(({ text }) => text === sources[line]);
  const going = volumes.filter((line) => oldLineOf(line) >= 0 && !state.beginning.has(oldLineOf(line)));
  const known = [...state.earlier, ...oldSources];
  return {
    entries: state.entries,
    counted: new Map(going.map((line) => [line, state.counted.get(oldLineOf(line)) ?? 0])),
    beginning: new Set(volumes.filter((line) => !going.includes(line))),
    earlier: known.filter(({ text }, index) => known.findIndex((source) => source.text === text) === index),
  };
}
