/** What one version of a programme leaves to the next: ledgers and unbroken runs, by name. */
import { type Day, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { PanelChunk } from "../../data/panel/index.ts";
import { type LineSource, lineSources, type Policy, type VersionInForce } from "../language/checked/index.ts";
import { emptyLedgerState, type LedgerState } from "./ledger-state.ts";

/** How a version stands among the others, as its kernel is written. */
export interface Handover {
  /** By ledger: what lines of earlier versions were made for that it does not have. Their entries count on, after its own lines. */
  readonly earlier: ReadonlyMap<string, readonly LineSource[]>;
  /** Ledgers and unbroken metrics that the next version goes on with: computed whether anything reads them or not. */
  readonly kept: readonly string[];
}

/** What evaluations up to a period have left, for the entities of a chunk. */
export interface ScoringState {
  /** The last period with an evaluation, and the last day that it saw. */
  readonly evaluatedTo: PeriodIndex;
  readonly seenTo: Day;
  readonly ledgers: ReadonlyMap<string, LedgerState>;
  /** By unbroken metric: when the entities' runs began, NaN without one. */
  readonly runs: ReadonlyMap<string, Float64Array>;
}

/** How the version at a position stands among the others; undefined for a policy that is all there is. */
export function handoverAt(versions: readonly VersionInForce[], position: number): Handover | undefined {
  if (versions.length === 1) return undefined;
  const { policy } = present(versions[position], "a version");
  const next = versions[position + 1]?.policy;
  const names = [...ledgerNames(policy), ...unbrokenNames(policy)];
  const nextNames = next === undefined ? [] : [...ledgerNames(next), ...unbrokenNames(next)];
  return {
    earlier: new Map(policy.ledgers.map(({ name }) => [name, earlierSources(versions, position, name)])),
    kept: names.filter((name) => nextNames.includes(name)),
  };
}

/** From what the version at `from` left to what the version at `to` goes on with; those between were never evaluated. */
export function takeOver(
  versions: readonly VersionInForce[],
  { from, to }: { readonly from: number; readonly to: number },
  state: ScoringState,
  chunk: PanelChunk,
): ScoringState {
  const young = present(versions[to], "a version").policy;
  const chain = versions.slice(from, to + 1).map(({ policy }) => policy);
  const runs = unbrokenNames(young).flatMap((name) => {
    const since = state.runs.get(name);
    return since !== undefined && chain.every((policy) => unbrokenNames(policy).includes(name)) ? [[name, since] as const] : [];
  });
  const ledgers = ledgerNames(young).map((name) => {
    const left = chain.every((policy) => ledgerNames(policy).includes(name)) ? state.ledgers.get(name) : undefined;
    return [name, takeOverLedger(versions, { from, to, name }, { left, evaluatedTo: state.evaluatedTo, chunk })] as const;
  });
  return { ...state, runs: new Map(runs), ledgers: new Map(ledgers) };
}

interface LedgerChange {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Entries find the line that is made for the same; so do counters, through every version between. Others begin anew. */
function takeOverLedger(
  versions: readonly VersionInForce[],
  { from, to, name }: LedgerChange,
  { left, evaluatedTo, chunk }: { readonly left: LedgerState | undefined; readonly evaluatedTo: PeriodIndex; readonly chunk: PanelChunk },
): LedgerState {
  const own = versions.slice(from, to + 1).map(({ policy }) => ownSources(policy, name));
  const texts = positionsAt(versions, to, name);
  const taken = emptyLedgerState(chunk.entityCount, texts.length);
  const oldTexts = left === undefined ? [] : positionsAt(versions, from, name);
  const lineOf = oldTexts.map((text) => texts.indexOf(text));
  const counterOf = texts.map((text) => (own.every((sources) => sources.includes(text)) ? oldTexts.indexOf(text) : -1));
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const isKnown = (chunk.firstPeriod[entity] as number) <= evaluatedTo;
    for (const [line, old] of counterOf.entries()) {
      const counted = old < 0 ? Number.NaN : (left?.counted[entity * oldTexts.length + old] ?? Number.NaN);
      taken.counted[entity * texts.length + line] = isKnown ? counted : 0;
    }
  }
  if (left === undefined) return taken;
  return { ...left, lines: left.lines.map((line) => present(lineOf[line], "a line")), counted: taken.counted };
}

/** What the entries of a ledger can be made for, by the position of their sums: its own lines, then those of earlier versions. */
function positionsAt(versions: readonly VersionInForce[], position: number, name: string): readonly string[] {
  const { policy } = present(versions[position], "a version");
  return [...ownSources(policy, name), ...earlierSources(versions, position, name).map(({ text }) => text)];
}

function earlierSources(versions: readonly VersionInForce[], position: number, name: string): readonly LineSource[] {
  const own = ownSources(present(versions[position], "a version").policy, name);
  const before = versions.slice(0, position).map(({ policy }) => policy.ledgers.find((ledger) => ledger.name === name));
  const begin = before.lastIndexOf(undefined) + 1;
  const byText = new Map<string, LineSource>();
  for (const [offset, ledger] of before.slice(begin).entries()) {
    if (ledger === undefined) continue;
    for (const source of lineSources(present(versions[begin + offset], "a version").policy, ledger))
      if (!own.includes(source.text) && !byText.has(source.text)) byText.set(source.text, source);
  }
  return [...byText.values()];
}

function ownSources(policy: Policy, name: string): readonly string[] {
  const ledger = policy.ledgers.find((candidate) => candidate.name === name);
  return ledger === undefined ? [] : lineSources(policy, ledger).map(({ text }) => text);
}

function ledgerNames({ ledgers }: Policy): readonly string[] {
  return ledgers.map(({ name }) => name);
}

function unbrokenNames({ metrics }: Policy): readonly string[] {
  return metrics.filter(({ kind }) => kind === "unbroken").map(({ name }) => name);
}
