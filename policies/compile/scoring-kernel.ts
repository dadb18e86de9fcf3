/**
 * The scoring kernel: one generated loop that reads the measures of a chunk once and writes score and merited tier.
 *
 * The plain version of the text that it generates:
 *
 *   for each entity, for each of its rows:
 *     bring the running sums of every window up to the row
 *     if an evaluation is recorded on the row:
 *       metrics from the sums; scores from the metrics; conditions from both; the first tier whose condition is true
 *     write the latest score and merited tier
 *
 * Everything that the policy fixes (weights, anchors, windows of constant length, which name reads which) is written into the text
 * as numbers and indices; only what tiers, headline score and asked-for columns need is written at all.
 */
import { checkLimit, diagnose, InputRefused, invariant, type PeriodIndex, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/index.ts";
import { roundExactly, roundToInteger } from "./decimal.ts";
import { type EvaluationPlan, NEVER } from "./evaluation-plan.ts";
import { KernelWriter, makeKernel, numeral, type Truth } from "./kernel-writer.ts";
import { keepTruth, type Names, writeTruth } from "./write-expression.ts";
import { writeMetric } from "./write-metric.ts";
import { writeScore } from "./write-score.ts";
import { type WindowReach, Windows } from "./write-window.ts";

/** Fills score, merited, evaluated and columns of a frame, for rows up to and with period `to`. */
export type ScoringKernel = (chunk: PanelChunk, frame: OutcomeFrame, to: PeriodIndex) => void;

/** Writes and makes the kernel. Cost: linear in the policy. */
export function scoringKernel(policy: Policy, plan: EvaluationPlan, columns: readonly string[]): ScoringKernel {
  const { text, tables, reach } = scoringText(policy, plan, columns);
  const kernel = makeKernel(text);
  return (chunk, frame, to) => {
    kernel({
      measures: chunk.measures,
      attributes: chunk.attributes,
      rowStart: chunk.rowStart,
      firstPeriod: chunk.firstPeriod,
      entityCount: chunk.entityCount,
      eventStart: chunk.events.start,
      eventKind: chunk.events.kind,
      eventKnownDay: chunk.events.knownDay,
      panelStart: plan.schema.firstPeriod,
      evaluationDay: plan.evaluationDay,
      to,
      tables,
      score: frame.score,
      merited: frame.merited,
      evaluated: frame.evaluated,
      columns: columns.map((name) => frame.columns.get(name)),
      roundExactly,
      roundToInteger,
      refuse: (entity: number, value: number) => refuse(plan.schema, chunk, entity, value),
      verify: (entity: number) => verifySums(plan.schema, chunk, entity, reach),
    });
  };
}

interface ScoringText {
  readonly text: string;
  readonly tables: readonly Int32Array[];
  readonly reach: readonly WindowReach[];
}

/** The kernel's text: for the loop above, and for whoever wants to read what a policy became. */
export function scoringText(policy: Policy, plan: EvaluationPlan, columns: readonly string[]): ScoringText {
  const writer = new KernelWriter();
  const windows = new Windows(plan, writer);
  const names = policyNames(policy, plan.schema, writer, windows);
  const merited = writeMerited(names);
  const score = policy.headlineScore === undefined ? "NaN" : names.score(policy.headlineScore);
  const kept = columns.map((name) => columnCode(names, name));
  const atEvaluation = windows.atEvaluation();
  const outputs = [`score[row]`, `merited[row]`, ...columns.map((_, index) => `o${index}[row]`)];
  const values = [score, merited, ...kept];
  const latest = ["NaN", "-1", ...kept.map(() => "NaN")];
  const fields = "measures attributes rowStart firstPeriod entityCount eventStart eventKind eventKnownDay panelStart evaluationDay to";
  const evaluate = [
    ...atEvaluation,
    ...writer.statements,
    ...values.map((value, index) => (plan.always ? `${outputs[index]} = ${value};` : `l${index} = ${value};`)),
    ...(plan.always ? [] : ["evaluated[row] = 1;"]),
  ];
  const lines = [
    `const { ${fields.split(" ").join(", ")} } = input;`,
    "const { tables, score, merited, evaluated, columns, roundExactly, roundToInteger, refuse, verify } = input;",
    ...plan.schema.measures.map((_, index) => `const m${index} = measures[${index}];`),
    ...plan.schema.attributes.map((_, index) => `const g${index} = attributes[${index}];`),
    ...writer.tables.map((_, index) => `const k${index} = tables[${index}];`),
    ...columns.map((_, index) => `const o${index} = columns[${index}];`),
    "for (let entity = 0; entity < entityCount; entity++) {",
    "const begin = rowStart[entity];",
    "const end = Math.min(rowStart[entity + 1], begin + to - firstPeriod[entity] + 1);",
    "const offset = firstPeriod[entity] - panelStart - begin;",
    "let total = 0;",
    ...windows.atEntity(),
    ...(plan.always ? [] : latest.map((value, index) => `let l${index} = ${value};`)),
    "for (let row = begin; row < end; row++) {",
    ...windows.measures.map((index) => `const v${index} = m${index}[row];`),
    ...(windows.measures.length === 0 ? [] : [`total += ${windows.measures.map((index) => `Math.abs(v${index})`).join(" + ")};`]),
    ...windows.atRow(),
    "const day = evaluationDay[row + offset];",
    ...(plan.always ? evaluate : [`if (day !== ${numeral(NEVER)}) {`, ...evaluate, "}"]),
    ...(plan.always ? [] : outputs.map((output, index) => `${output} = l${index};`)),
    "}",
    ...(plan.always ? ["evaluated.fill(1, begin, Math.max(begin, end));"] : []),
    `if (!(total <= ${Number.MAX_SAFE_INTEGER})) verify(entity);`,
    "}",
  ];
  return { text: lines.join("\n"), tables: writer.tables, reach: windows.reach };
}

function policyNames(policy: Policy, schema: PanelSchema, writer: KernelWriter, windows: Windows): Names {
  const truths = new Map<string, Truth>();
  const names: Names = {
    policy,
    schema,
    writer,
    bounds: new Map(),
    metric: (name) =>
      writer.once(`metric ${name}`, () => {
        const metric = policy.metrics.find((candidate) => candidate.name === name);
        return writeMetric(names, windows, present(metric, `metric ${name}`));
      }),
    score: (name) =>
      writer.once(`score ${name}`, () => {
        const score = policy.scores.find((candidate) => candidate.name === name);
        return writeScore(names, present(score, `score ${name}`));
      }),
    condition: (name) => {
      const key = `condition ${name}`;
      writer.once(key, () => {
        const condition = present(
          policy.conditions.find((candidate) => candidate.name === name),
          key,
        );
        truths.set(key, keepTruth(names, writeTruth(names, condition.expression)));
        return key;
      });
      return present(truths.get(key), key);
    },
  };
  return names;
}

/** The code of the first tier whose condition is surely true; after the last comes `otherwise`. */
function writeMerited(names: Names): string {
  const { tiers, otherwise } = names.policy;
  const chain: string[] = [];
  for (const [code, tier] of tiers.entries()) {
    if (tier.when === undefined) {
      chain.push(String(code));
      return names.writer.keep(chain.join(" : "));
    }
    chain.push(`(${writeTruth(names, tier.when).yes}) ? ${code}`);
  }
  invariant(otherwise !== undefined, "the last tier has a condition, and there is no tier otherwise");
  chain.push(String(tiers.length));
  return names.writer.keep(chain.join(" : "));
}

/** A named metric, score or condition as a number: conditions 1 true, 0 false, NaN unknown. */
function columnCode(names: Names, name: string): string {
  const { metrics, scores, conditions } = names.policy;
  if (metrics.some((metric) => metric.name === name)) return names.metric(name);
  if (scores.some((score) => score.name === name)) return names.score(name);
  invariant(
    conditions.some((condition) => condition.name === name),
    `${name} is no metric, score or condition of the policy`,
  );
  const { yes, no } = names.condition(name);
  return `${yes} ? 1 : ${no} ? 0 : NaN`;
}

/** Where sums over an entity's life pass 2^53: looks at each window, and refuses the first that does. */
function verifySums(schema: PanelSchema, chunk: PanelChunk, entity: number, reach: readonly WindowReach[]): void {
  const begin = present(chunk.rowStart[entity], "row start");
  const end = present(chunk.rowStart[entity + 1], "row end");
  for (const { measures, rows } of reach) {
    for (const index of measures) {
      const values = present(chunk.measures[index], "measure").subarray(begin, end);
      let sum = 0n;
      for (const [row, value] of values.entries()) {
        invariant(Number.isInteger(value), `flow ${schema.measures[index]?.name} of ${chunk.entities[entity]} is ${value}, not an integer`);
        sum += BigInt(Math.abs(value));
        if (rows !== undefined && row >= rows) sum -= BigInt(Math.abs(values[row - rows] as number));
        if (sum > BigInt(Number.MAX_SAFE_INTEGER)) refuse(schema, chunk, entity, Number(sum), schema.measures[index]?.name);
      }
    }
  }
}

/** An integer beyond 2^53 would no longer be exact: the run stops and says whose it is. */
function refuse(schema: PanelSchema, chunk: PanelChunk, entity: number, value: number, measure?: string): never {
  const limit = present(checkLimit("measureAbsolute", value), "a breach");
  const whose = `${schema.entity} ${chunk.entities[entity] ?? ""}`;
  const what = measure === undefined ? "an operand of a metric" : `the window sum of ${measure}`;
  throw new InputRefused([diagnose("limit-exceeded", { message: `${what} of ${whose}: ${limit.message}`, cure: limit.cure })]);
}
