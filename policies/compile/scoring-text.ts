/**
 * Writes the text of the scoring kernel.
 *
 * The plain version of what it writes:
 *
 *   for each entity, for each of its rows:
 *     bring the running sums of every window up to the row
 *     if an evaluation is recorded on the row:
 *       metrics from the sums; scores, ledgers and conditions, each after what it reads; the first tier whose condition is true; caps
 *     write the latest score and merited tier
 *
 * Everything that the policy fixes (weights, anchors, windows of constant length, which name reads which) is written into the text
 * as numbers and indices; only what tiers, headline score and asked-for columns need is written at all.
 */
import { invariant, present } from "../../data/foundation/index.ts";
import type { Policy } from "../language/checked/index.ts";
import { type EvaluationPlan, NEVER } from "./evaluation-plan.ts";
import { EventReads } from "./event-reads.ts";
import type { Handover } from "./handover.ts";
import { type KernelInput, KernelWriter, type NumberTable, numeral, type Truth } from "./kernel-writer.ts";
import type { Names } from "./names.ts";
import { keepTruth, writeTruth } from "./write-expression.ts";
import { writeGuard } from "./write-guard.ts";
import { writeLedger } from "./write-ledger.ts";
import { writeMetric } from "./write-metric.ts";
import { writeScore } from "./write-score.ts";
import { type WindowReach, Windows } from "./write-window.ts";

/** What a kernel should give. */
export interface ScoringOutputs {
  /** Score, merited tier and protection; without them only columns are computed. */
  readonly tiers: boolean;
  /** Metrics, scores, ledgers and conditions by name. */
  readonly columns: readonly string[];
  /** What it takes over and leaves behind as a version of a programme. Absent: the policy stands by itself, and no such code is written. */
  readonly handover?: Handover;
}

/** A kernel's text, and what it was written to read. */
export interface ScoringText {
  readonly text: string;
  readonly tables: readonly NumberTable[];
  readonly helpers: readonly object[];
  readonly inputs: ReadonlySet<KernelInput>;
  readonly events: EventReads;
  readonly reach: readonly WindowReach[];
}

/** Writes the text: for the kernel, and for whoever wants to read what a policy became. */
export function scoringText(policy: Policy, plan: EvaluationPlan, { tiers, columns, handover }: ScoringOutputs): ScoringText {
  const writer = new KernelWriter();
  const windows = new Windows(plan, writer);
  const events = new EventReads(plan.schema);
  const names = policyNames({
    policy,
    schema: plan.schema,
    plan,
    writer,
    windows,
    events,
    ...(handover === undefined ? {} : { handover }),
  });
  const results = tiers ? tierResults(names) : [];
  const kept = columns.map((name, index) => ({ output: `o${index}[row]`, value: columnCode(names, name), before: "NaN" }));
  const all = [...results, ...kept];
  for (const name of handover?.kept ?? []) columnCode(names, name);
  if (tiers && policy.movement.protect !== undefined) {
    writer.reads("guarded");
    writer.write(`guarded[row] = ${writeGuard(names, policy.movement.protect)};`);
  }
  const atEvaluation = windows.atEvaluation();
  const fields = "measures attributes rowStart firstPeriod entityCount eventStart eventKind eventKnownDay panelStart evaluationDay to";
  const evaluate = [
    ...atEvaluation,
    ...writer.statements,
    ...all.map(({ output, value }, index) => (plan.always ? `${output} = ${value};` : `l${index} = ${value};`)),
    ...(plan.always ? [] : ["evaluated[row] = 1;"]),
  ];
  const loop = [
    "for (let entity = 0; entity < entityCount; entity++) {",
    "const begin = rowStart[entity];",
    "const end = Math.min(rowStart[entity + 1], begin + to - firstPeriod[entity] + 1);",
    "const offset = firstPeriod[entity] - panelStart - begin;",
    "let total = 0;",
    ...windows.atEntity(),
    ...writer.entityStatements,
    ...(plan.always ? [] : all.map(({ before }, index) => `let l${index} = ${before};`)),
    "for (let row = begin; row < end; row++) {",
    ...windows.measures.map((index) => `const v${index} = m${index}[row];`),
    ...(windows.measures.length === 0 ? [] : [`total += ${windows.measures.map((index) => `Math.abs(v${index})`).join(" + ")};`]),
    ...windows.atRow(),
    "const day = evaluationDay[row + offset];",
    ...(plan.always ? evaluate : [`if (day !== ${numeral(NEVER)}) {`, ...evaluate, "}"]),
    ...(plan.always ? [] : all.map(({ output }, index) => `${output} = l${index};`)),
    "}",
    ...writer.closingStatements,
    ...(plan.always ? ["evaluated.fill(1, begin, Math.max(begin, end));"] : []),
    `if (!(total <= ${Number.MAX_SAFE_INTEGER})) verify(entity);`,
    "}",
  ];
  const lines = [
    `const { ${fields.split(" ").join(", ")} } = input;`,
    "const { tables, score, merited, evaluated, columns, roundExactly, roundToInteger, refuse, verify } = input;",
    ...moreInput(writer, events),
    ...measuresNamed(loop).map((index) => `const m${index} = measures[${index}];`),
    ...plan.schema.attributes.map((_, index) => `const g${index} = attributes[${index}];`),
    ...writer.tables.map((_, index) => `const k${index} = tables[${index}];`),
    ...columns.map((_, index) => `const o${index} = columns[${index}];`),
    ...loop,
  ];
  const { tables, helpers, inputs } = writer;
  return { text: lines.join("\n"), tables, helpers, inputs, events, reach: windows.reach };
}

interface Result {
  readonly output: string;
  readonly value: string;
  /** What rows before the first evaluation show. */
  readonly before: string;
}

/** Positions of the measures that code reads; the others are never asked for. */
function measuresNamed(code: readonly string[]): readonly number[] {
  const found = code.flatMap((line) => [...line.matchAll(/\bm(\d+)\b/g)].map(([, index]) => Number(index)));
  return [...new Set(found)].sort((a, b) => a - b);
}

/** Score and merited tier. */
function tierResults(names: Names): readonly Result[] {
  const { headlineScore } = names.policy;
  const merited = writeMerited(names);
  const score = headlineScore === undefined ? "NaN" : names.score(headlineScore);
  return [
    { output: "score[row]", value: score, before: "NaN" },
    { output: "merited[row]", value: merited, before: "-1" },
  ];
}

/** What this kernel reads beside what every kernel reads. */
function moreInput({ inputs, helpers }: KernelWriter, events: EventReads): readonly string[] {
  const more: string[] = [...inputs, ...(helpers.length > 0 ? ["helpers"] : [])];
  return [
    ...(more.length > 0 ? [`const { ${more.join(", ")} } = input;`] : []),
    ...helpers.map((_, index) => `const h${index} = helpers[${index}];`),
    ...events.fields.map((_, index) => `const x${index} = fieldCodes[${index}];`),
    ...events.takeBacks.map((_, index) => `const y${index} = takenBack[${index}];`),
  ];
}

function policyNames(given: Pick<Names, "policy" | "schema" | "plan" | "writer" | "windows" | "events" | "handover">): Names {
  const { policy, writer } = given;
  const truths = new Map<string, Truth>();
  const find = <T extends { readonly name: string }>(kind: string, entries: readonly T[], name: string) =>
    present(
      entries.find((candidate) => candidate.name === name),
      `${kind} ${name}`,
    );
  const names: Names = {
    ...given,
    bounds: new Map(),
    metric: (name) => writer.once(`metric ${name}`, () => writeMetric(names, find("metric", policy.metrics, name))),
    score: (name) => writer.once(`score ${name}`, () => writeScore(names, find("score", policy.scores, name))),
    ledger: (name) => writer.once(`ledger ${name}`, () => writeLedger(names, find("ledger", policy.ledgers, name))),
    condition: (name) => {
      const key = `condition ${name}`;
      writer.once(key, () => {
        truths.set(key, keepTruth(names, writeTruth(names, find("condition", policy.conditions, name).expression)));
        return key;
      });
      return present(truths.get(key), key);
    },
  };
  return names;
}

/** The code of the tier that an entity merits: the ladder's, and no better than a cap that applies. */
function writeMerited(names: Names): string {
  const { writer, policy } = names;
  const claimed = writer.keep(ladderCode(names));
  if (policy.caps.length === 0) return claimed;
  const caps = policy.caps
    .map(({ tier, when }) => ({ code: policy.tiers.findIndex(({ name }) => name === tier), yes: writeTruth(names, when).yes }))
    .toSorted((a, b) => b.code - a.code);
  const worst = writer.keep([...caps.map(({ code, yes }) => `(${yes}) ? ${code}`), "NaN"].join(" : "));
  // A cap takes those whom no tier took, too.
  return writer.keep(`${worst} > ${claimed} || ${claimed} === ${policy.tiers.length} && ${worst} >= 0 ? ${worst} : ${claimed}`);
}

/** The first tier whose condition is surely true; after the last comes `otherwise`. */
function ladderCode(names: Names): string {
  const { tiers, otherwise } = names.policy;
  const chain: string[] = [];
  for (const [code, tier] of tiers.entries()) {
    if (tier.when === undefined) return [...chain, String(code)].join(" : ");
    chain.push(`(${writeTruth(names, tier.when).yes}) ? ${code}`);
  }
  invariant(otherwise !== undefined, "the last tier has a condition, and there is no tier otherwise");
  return [...chain, String(tiers.length)].join(" : ");
}

/** A named metric, score, ledger or condition as a number: conditions 1 true, 0 false, NaN unknown. */
function columnCode(names: Names, name: string): string {
  const { metrics, scores, ledgers, conditions } = names.policy;
  const isIn = (entries: readonly { readonly name: string }[]) => entries.some((entry) => entry.name === name);
  if (isIn(metrics)) return names.metric(name);
  if (isIn(scores)) return names.score(name);
  if (isIn(ledgers)) return names.ledger(name);
  invariant(isIn(conditions), `${name} is no metric, score, ledger or condition of the policy`);
  const { yes, no } = names.condition(name);
  return `${yes} ? 1 : ${no} ? 0 : NaN`;
}
