/**
 * The library told to Spark: every statement with its digest, and what the kernels give for it. Run as a program with a new folder as its
 * argument it writes what `make_reference.py` has Spark parse and run.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOfValue, hasErrors, present } from "../../../data/foundation/index.ts";
import type { GroupsAt, Panel } from "../../../data/panel/index.ts";
import { compilePolicy } from "../../../policies/compile/index.ts";
import { checkAgainstPanel, type Policy, readLibraryPolicy, tierNames } from "../../../policies/language/index.ts";
import { policyToSql, policyTotalsToSql, type SqlText } from "../../../policies/sql/index.ts";
import { layTables } from "../../../server/operations/lay-tables.ts";
import { countLabels, pairedGroups } from "../../../simulations/comparison/index.ts";
import { replay } from "../../../simulations/replay/index.ts";
import { libraryPanel, libraryReferences } from "../library-panels.ts";

/** A policy of the library as Spark is told it: its rows, its sums, and its tiers paired with those of another version. */
export interface SparkStatements {
  readonly policy: Policy;
  readonly panel: Panel;
  readonly rows: SqlText;
  readonly totals: SqlText;
  readonly against: Policy;
  readonly pairs: SqlText;
  /** Of all. */
  readonly digest: string;
}

/** Absent: SQL does not speak this policy. */
export function sparkStatements(reference: string): SparkStatements | undefined {
  const { policy, panel } = libraryPanel(reference, 30, { sales: true });
  const { statement: rows } = policyToSql(policy, panel.schema, { dialect: "spark" });
  const options = { dialect: "spark", from: panel.schema.firstPeriod } as const;
  const { statement: totals } = policyTotalsToSql([{ policy, startTiers: [0] }], panel.schema, options);
  if (rows === undefined || totals === undefined) return undefined;
  for (const against of [...otherVersions(policy, panel), policy]) {
    const replayed = [against, policy].map((each) => ({ policy: each, startTiers: [0] }));
    const { statement: pairs } = policyTotalsToSql(replayed, panel.schema, { ...options, groups: groupsOf([against, policy], panel) });
    if (pairs !== undefined) return { policy, panel, rows, totals, against, pairs, digest: digestOfValue({ rows, totals, pairs }) };
  }
  return undefined;
}

/** Other versions of its programme that the panel can be scored by. */
function otherVersions({ programme, version }: Policy, { schema }: Panel): readonly Policy[] {
  return libraryReferences().flatMap((reference) => {
    if (!reference.startsWith(`${programme}@`) || reference === `${programme}@${version}`) return [];
    const { policy, file } = readLibraryPolicy(reference);
    return policy === undefined || hasErrors(checkAgainstPanel(policy, schema, file)) ? [] : [policy];
  });
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

function groupsOf(policies: readonly [Policy, Policy], panel: Panel): GroupsAt {
  const { firstPeriod: from, lastPeriod: to } = panel.schema;
  return pairedGroups(policies, panel.schema, { from, to }, countLabels(panel)).groups;
}

/** What the statement of pairs says of groups: part, group, both tiers, entities, sales. */
function kernelGroups(policies: readonly [Policy, Policy], panel: Panel): readonly (readonly (string | number | null)[])[] {
  const { schema } = panel;
  const groups = groupsOf(policies, panel);
  const summary = replay({ policies, panel, paired: true, groups, to: schema.lastPeriod, visit: () => undefined });
  const [before, after] = [tierNames(policies[0]), tierNames(policies[1])];
  return present(summary.groups, "groups").cells.map(({ key, sums }) => {
    const [index, group] = [Number(key[0]), Number(key[1])];
    const parting = present(groups.partings[index], "a parting");
    const values = parting.kind === "attribute" ? schema.attributes.find(({ name }) => name === parting.name)?.values : undefined;
    const told = parting.kind === "everyone" ? null : parting.kind === "attribute" ? (values?.[group] ?? null) : String(group);
    const sales = sums[1] === undefined ? null : String(sums[1]);
    return [index + 1, told, before.indexOf(key[2] ?? ""), after.indexOf(key[3] ?? ""), Number(sums[0]), sales];
  });
}

/** Entities by period and the tiers held under both: what the statement of pairs says of each period. */
function kernelPairs(against: Policy, policy: Policy, panel: Panel): readonly (readonly number[])[] {
  const [before, after] = [against, policy].map((each) => kernelRows(each, panel));
  const counts = new Map<string, number>();
  for (const [row, [, period, , , , held]] of (before ?? []).entries()) {
    const key = JSON.stringify([period, held, after?.[row]?.[5]]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, entities]) => [...(JSON.parse(key) as readonly number[]), entities]);
}

const [, program, folder] = process.argv;
if (program === fileURLToPath(import.meta.url) && folder !== undefined) {
  for (const reference of libraryReferences()) {
    const told = sparkStatements(reference);
    if (told === undefined) continue;
    const { policy, panel, rows, totals, against, pairs, digest } = told;
    const own = join(folder, reference);
    mkdirSync(own, { recursive: true });
    await layTables(panel, { names: { name: "library", title: reference, source: "drawn" }, folder: own, shardCount: 1 });
    const statements = { rows: inJson(rows), totals: inJson(totals), pairs: inJson(pairs) };
    writeFileSync(join(own, "statements.json"), JSON.stringify({ reference, digest, ...statements }));
    writeFileSync(join(own, "pairs.json"), JSON.stringify(kernelPairs(against, policy, panel)));
    writeFileSync(join(own, "groups.json"), JSON.stringify(kernelGroups([against, policy], panel)));
    writeFileSync(join(own, "expected.json"), JSON.stringify(kernelRows(policy, panel)));
  }
}
