/**
 * The library told to Spark: every statement with its digest, and what the kernels give for it. Run as a program with a new folder as its
 * argument it writes what `make_reference.py` has Spark parse and run.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOfValue } from "../../../data/foundation/index.ts";
import type { Panel } from "../../../data/panel/index.ts";
import { compilePolicy } from "../../../policies/compile/index.ts";
import type { Policy } from "../../../policies/language/index.ts";
import { policyToSql, policyTotalsToSql, type SqlText } from "../../../policies/sql/index.ts";
import { layTables } from "../../../server/operations/lay-tables.ts";
import { libraryPanel, libraryReferences } from "../library-panels.ts";

/** A policy of the library as Spark is told it: its rows, and its sums. */
export interface SparkStatements {
  readonly policy: Policy;
  readonly panel: Panel;
  readonly rows: SqlText;
  readonly totals: SqlText;
  /** Of both. */
  readonly digest: string;
}

/** Absent: SQL does not speak this policy. */
export function sparkStatements(reference: string): SparkStatements | undefined {
  const { policy, panel } = libraryPanel(reference, 30);
  const { statement: rows } = policyToSql(policy, panel.schema, { dialect: "spark" });
  const options = { dialect: "spark", from: panel.schema.firstPeriod } as const;
  const { statement: totals } = policyTotalsToSql([{ policy, startTiers: [0] }], panel.schema, options);
  return rows === undefined || totals === undefined ? undefined : { policy, panel, rows, totals, digest: digestOfValue({ rows, totals }) };
}

/** Rows as the statement gives them: entity, period, evaluated, score, merited, held, promote_count, demote_count, shielded. */
function kernelRows(policy: Policy, panel: Panel): readonly (readonly (string | number | boolean | null | undefined)[])[] {
  const compiled = compilePolicy(policy, panel.schema);
  return Array.from({ length: panel.chunkCount }, (_, index) => panel.readChunk(index)).flatMap((chunk) => {
    const { evaluated, score, merited, held, promoteCount, demoteCount, shielded } = compiled.run(chunk, {});
    return chunk.entities.flatMap((key, entity) => {
      const begin = chunk.rowStart[entity] as number;
      return Array.from({ length: (chunk.rowStart[entity + 1] as number) - begin }, (_, offset) => {
        const row = begin + offset;
        const period = (chunk.firstPeriod[entity] as number) + offset;
        const given = Number.isNaN(score[row]) ? null : score[row];
        const counts = [merited[row], held[row], promoteCount[row], demoteCount[row]];
        return [key, period, evaluated[row] === 1, given, ...counts, shielded[row] === 1];
      });
    });
  });
}

/** JSON has no infinities. */
function inJson({ sql, parameters }: SqlText): object {
  const isPlain = (value: number | string) => typeof value === "string" || Number.isFinite(value);
  return { sql, parameters: parameters.map((value) => (isPlain(value) ? value : { number: String(value) })) };
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url) && folder !== undefined) {
  for (const reference of libraryReferences()) {
    const told = sparkStatements(reference);
    if (told === undefined) continue;
    const { policy, panel, rows, totals, digest } = told;
    const own = join(folder, reference);
    mkdirSync(own, { recursive: true });
    await layTables(panel, { names: { name: "library", title: reference, source: "drawn" }, folder: own, shardCount: 1 });
    writeFileSync(join(own, "statements.json"), JSON.stringify({ reference, digest, rows: inJson(rows), totals: inJson(totals) }));
    writeFileSync(join(own, "expected.json"), JSON.stringify(kernelRows(policy, panel)));
  }
}
