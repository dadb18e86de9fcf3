/** One case by the kernels and by the slow evaluator, which share no code: a case passes on what both say. */
import { type Day, invariant, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame, Panel, PanelChunk, PanelSchema } from "../../data/panel/index.ts";
import { type CompiledPolicy, PeerCollector } from "../compile/index.ts";
import { type EvaluatedRow, entityHistory, evaluateEntity, explainerOf, gatherPeers, type Trace } from "../explain/index.ts";
import { type Policy, tierNames, versionsOf } from "../language/index.ts";

/** What an engine computed: number, text or truth; absent is missing or unknown. */
export type Value = number | string | boolean | undefined;

/** One evaluation of the case's entity, as both engines have it. */
export interface CaseRow {
  readonly period: number;
  readonly evaluated: boolean;
  readonly values: ReadonlyMap<string, Value>;
  readonly tier: string;
  /** Absent before the first evaluation. */
  readonly merited?: string;
  readonly promoteCount: number;
  readonly demoteCount: number;
  readonly shielded: boolean;
}

/** The rows of an entity, and how each came about. */
export interface CaseEvaluation {
  readonly rows: readonly CaseRow[];
  readonly traceAt: (day: Day) => Trace;
}

/**
 * Evaluates every entity of the panel twice, each engine with the peers' values that it gathers itself. Throws InvariantBroken where the
 * engines disagree: that is a bug of ours, not of the policy.
 */
export function evaluateByBoth(compiled: CompiledPolicy, panel: Panel, entity: string): CaseEvaluation {
  const { policy } = compiled;
  const { schema } = panel;
  const chunk = panel.readChunk(0);
  const histories = chunk.entities.map((_, index) => entityHistory(schema, chunk, index));
  const peers = gatherPeers(policy, schema, histories);
  const frame = runKernels(compiled, chunk);
  const evaluated = histories.map((history, index) => {
    const rows = evaluateEntity(policy, schema, history, { peers });
    requireAgreement({ rows, frame, rowStart: present(chunk.rowStart[index], "row start"), key: history.entity });
    return { history, rows };
  });
  const { history, rows } = present(
    evaluated.find((candidate) => candidate.history.entity === entity),
    `entity ${entity}`,
  );
  return {
    rows: rows.map((row) => caseRow(policy, schema, row)),
    traceAt: explainerOf(versionsOf(policy), schema, history, { peers }),
  };
}

function runKernels(compiled: CompiledPolicy, chunk: PanelChunk): OutcomeFrame {
  const columns = valueNames(compiled.policy);
  if (!compiled.needsPeers) return compiled.run(chunk, { columns });
  const collector = new PeerCollector(compiled.policy);
  compiled.gatherPeers(chunk, collector);
  return compiled.run(chunk, { columns, peers: collector.finish() });
}

/** All names that a policy gives to what it computes. */
function valueNames(policy: Policy): readonly string[] {
  return [policy.metrics, policy.scores, policy.ledgers, policy.conditions].flatMap((section) => section.map(({ name }) => name));
}

function caseRow(policy: Policy, schema: PanelSchema, row: EvaluatedRow): CaseRow {
  const tiers = tierNames(policy);
  return {
    period: row.period,
    evaluated: row.evaluated,
    values: new Map([...valuesOf(row)].map(([name, value]) => [name, textBehind(policy, schema, name, value)])),
    tier: present(tiers[row.held], "held tier"),
    ...(row.merited < 0 ? {} : { merited: present(tiers[row.merited], "merited tier") }),
    promoteCount: row.promoteCount,
    demoteCount: row.demoteCount,
    shielded: row.shielded,
  };
}

/** Names are unique over all sections. */
function valuesOf(row: EvaluatedRow): ReadonlyMap<string, Value> {
  return new Map<string, Value>(Object.entries({ ...row.metrics, ...row.scores, ...row.ledgers, ...row.conditions }));
}

/** A metric of kind `largest` is the position of a text in its attribute's values. */
function textBehind(policy: Policy, schema: PanelSchema, name: string, value: Value): Value {
  const metric = policy.metrics.find((candidate) => candidate.name === name);
  if (metric?.kind !== "largest" || typeof value !== "number") return value;
  return schema.attributes.find((attribute) => attribute.name === metric.by)?.values?.[value];
}

function requireAgreement(found: {
  readonly rows: readonly EvaluatedRow[];
  readonly frame: OutcomeFrame;
  readonly rowStart: number;
  readonly key: string;
}): void {
  const { rows, frame, rowStart, key } = found;
  for (const [offset, row] of rows.entries()) {
    const at = rowStart + offset;
    const claims: (readonly [string, Value, Value])[] = [
      ["evaluated", row.evaluated, frame.evaluated[at] === 1],
      ["merited", row.merited, frame.merited[at]],
      ["held", row.held, frame.held[at]],
      ["promote_count", row.promoteCount, frame.promoteCount[at]],
      ["demote_count", row.demoteCount, frame.demoteCount[at]],
      ["shielded", row.shielded, frame.shielded[at] === 1],
    ];
    if (row.evaluated) {
      for (const [name, value] of valuesOf(row)) {
        const stored = frame.columns.get(name)?.[at];
        const known = stored === undefined || Number.isNaN(stored) ? undefined : stored;
        claims.push([name, typeof value === "boolean" ? Number(value) : value, known]);
      }
    }
    // `===` takes 0 and -0 as equal, as every later step of a policy does.
    for (const [name, slow, fast] of claims)
      invariant(slow === fast, `${key}, period ${row.period}: '${name}' is ${slow} by the slow evaluator and ${fast} by the kernels`);
  }
}
