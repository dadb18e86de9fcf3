/** Where two engines say different things about the same rows, in words; empty when they agree. */
import type { DuckDBValue } from "@duckdb/node-api";
import { lastDayOf } from "../../data/foundation/index.ts";
import type { OutcomeFrame, PanelSchema } from "../../data/panel/index.ts";
import type { EvaluatedRow } from "../../policies/explain/index.ts";
import type { Policy } from "../../policies/language/index.ts";

/** The names of all columns that a frame can be asked for. */
export function columnNames(policy: Policy): readonly string[] {
  return [...policy.metrics, ...policy.scores, ...policy.ledgers, ...policy.conditions].map(({ name }) => name);
}

/** The slow twin's rows of one entity against the frame's, from `rowStart` on. Numbers must be equal to the last bit. */
export function frameDisagreements(
  policy: Policy,
  schema: PanelSchema,
  rows: readonly EvaluatedRow[],
  frame: OutcomeFrame,
  rowStart: number,
): readonly string[] {
  return rows.flatMap((row, offset) => {
    const at = rowStart + offset;
    const claims: [string, unknown, unknown][] = [
      ["evaluated", row.evaluated, frame.evaluated[at] === 1],
      ["score", row.score, known(frame.score[at])],
      ["merited", row.merited, frame.merited[at]],
      ["held", row.held, frame.held[at]],
      ["promoteCount", row.promoteCount, frame.promoteCount[at]],
      ["demoteCount", row.demoteCount, frame.demoteCount[at]],
      ["shielded", row.shielded, frame.shielded[at] === 1],
    ];
    if (row.evaluated) {
      for (const [name, value] of Object.entries({ ...row.metrics, ...row.scores, ...row.ledgers }))
        claims.push([name, value, known(frame.columns.get(name)?.[at])]);
      for (const { name } of policy.conditions) {
        const code = known(frame.columns.get(name)?.[at]);
        claims.push([name, row.conditions[name], code === undefined ? undefined : code === 1]);
      }
    }
    return differing(claims, `period ${row.period} (${lastDayOf(schema.grain, row.period)})`, "kernel");
  });
}

/** The slow twin's rows of one entity against SQL's. */
export function sqlDisagreements(
  policy: Policy,
  entity: string,
  rows: readonly EvaluatedRow[],
  found: ReadonlyMap<string, Readonly<Record<string, DuckDBValue>>>,
): readonly string[] {
  return rows.flatMap((row) => {
    const other = found.get(`${entity} ${row.period}`);
    if (other === undefined) return [`${entity} period ${row.period}: SQL gives no row`];
    const claims: [string, unknown, unknown][] = [
      ["evaluated", row.evaluated, other["evaluated"]],
      ["score", row.score, plain(other["score"])],
      ["merited", row.merited, plain(other["merited"])],
      ["held", row.held, plain(other["held"])],
      ["promoteCount", row.promoteCount, plain(other["promote_count"])],
      ["demoteCount", row.demoteCount, plain(other["demote_count"])],
      ["shielded", row.shielded, plain(other["shielded"])],
    ];
    for (const { name } of policy.metrics) claims.push([name, row.metrics[name], plain(other[`metric ${name}`])]);
    for (const { name } of policy.scores) claims.push([name, row.scores[name], plain(other[`score ${name}`])]);
    for (const { name } of policy.ledgers) claims.push([name, row.ledgers[name], plain(other[`ledger ${name}`])]);
    for (const { name } of policy.conditions) claims.push([name, row.conditions[name], plain(other[`condition ${name}`])]);
    return differing(claims, `${entity} period ${row.period}`, "SQL");
  });
}

function differing(claims: readonly (readonly [string, unknown, unknown])[], where: string, engine: string): readonly string[] {
  // `===` takes 0 and -0 as equal, as every later step of a policy does. What is not finite is missing.
  return claims
    .filter(([, slow, fast]) => slow !== fast || slow === Number.POSITIVE_INFINITY || slow === Number.NEGATIVE_INFINITY)
    .map(([name, slow, fast]) => `${where} ${name}: slow twin ${String(slow)}, ${engine} ${String(fast)}`);
}

function known(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function plain(value: DuckDBValue | undefined): unknown {
  return value === null ? undefined : value;
}
