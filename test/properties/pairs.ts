/** Two random policies over one random history, paired by the kernels, by SQL and by the slow twin: the same table, from the first sum to the last. */
import { isDeepStrictEqual } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { GeneratorValue } from "fast-check";
import { formatPeriod, present } from "../../data/foundation/index.ts";
import { type LabelParting, panelFromRows } from "../../data/panel/index.ts";
import { evaluateEntity } from "../../policies/explain/index.ts";
import { tierNames } from "../../policies/language/index.ts";
import { policyTotalsToSql } from "../../policies/sql/index.ts";
import { type ReplaySummary, replay, replayInShards, ShardAnswerRows } from "../../simulations/replay/index.ts";
import { loadHistories } from "./duckdb-panel.ts";
import { drawGroups, groupsByHand, type HeldBy } from "./grouped-pairs.ts";
import { drawLabelled, drawLabelPartings, labelsByHand } from "./labelled-pairs.ts";
import { describeCase, drawAnyPolicy, drawCase, historiesOf } from "./random-case.ts";

/** Throws with the tables and the case where they differ. True where SQL speaks both policies. */
export async function tryPairs(g: GeneratorValue, connection: DuckDBConnection): Promise<boolean> {
  const tried = drawCase(g, { core: true });
  const { policy, draw } = tried;
  const { firstPeriod, lastPeriod } = tried.schema;
  const from = draw.integer(firstPeriod, lastPeriod);
  const range = { from, to: draw.integer(from, lastPeriod) };
  const dates = Array.from({ length: 3 }, () => draw.integer(from, range.to));
  const plain = drawLabelled(draw, tried.plain, dates);
  const panel = panelFromRows(plain);
  const { schema } = panel;
  const histories = historiesOf(panel);
  const policies = [drawAnyPolicy(draw, schema.grain, { core: true }), policy];
  const parted = drawGroups(draw, range.to);
  const groups = { ...parted, partings: [...parted.partings, ...drawLabelPartings(draw, schema, dates)] };
  const kernels = replay({ policies, panel, paired: true, groups, ...range, visit: () => undefined });

  const counts = new Map<string, number[]>();
  const entities: HeldBy[] = [];
  for (const history of histories) {
    const [before = [], after = []] = policies.map((each) => evaluateEntity(each, schema, history, { to: range.to }));
    const atPeriods = new Map<number, { readonly tiers: readonly string[]; readonly shielded: readonly [number, number] }>();
    for (const [at, { period, held, shielded }] of before.entries()) {
      if (period < from) continue;
      const other = present(after[at], "a row");
      const tiers = [held, other.held].map((code, index) => present(tierNames(present(policies[index], "a policy"))[code], "a tier"));
      atPeriods.set(period, { tiers, shielded: [Number(shielded), Number(other.shielded)] });
      const key = [formatPeriod(schema.grain, period), ...tiers].join();
      const [entities = 0, gmv = 0] = counts.get(key) ?? [];
      counts.set(key, [entities + 1, gmv + Number(history.rows[at]?.measures["gmv"])]);
    }
    entities.push({ history, held: atPeriods });
  }
  const tableOf = (sums: ReplaySummary["pairs"]) =>
    new Map(present(sums, "sums").cells.map((cell) => [cell.key.join(), cell.sums.map(Number)]));
  const labelOf = (parting: LabelParting, history: (typeof histories)[number], shielded: readonly [number, number]) =>
    labelsByHand(parting, history, plain, shielded);
  refuse("slow twin", counts, "kernels", tableOf(kernels.pairs));
  refuse("by hand", groupsByHand(groups, schema, entities, labelOf), "kernels", tableOf(kernels.groups));

  const told = (starts: readonly (readonly number[])[]) => {
    const replayed = policies.map((each, index) => ({ policy: each, startTiers: present(starts[index], "start tiers") }));
    return policyTotalsToSql(replayed, schema, { ...range, groups }).statement;
  };
  if (told([[], []]) === undefined) return false;
  await loadHistories(connection, schema, histories, plain);
  const { summary } = await replayInShards({
    policies,
    schema,
    ...range,
    groups,
    shardCount: 1,
    atOnce: 1,
    triesMax: 1,
    ask: async ({ startTiers }) => {
      const { sql, parameters } = present(told(startTiers), "a statement");
      const rows = (await connection.runAndReadAll(sql, [...parameters])).getRows();
      const answer = new ShardAnswerRows({ policies: 2, schema, groups });
      for (const row of rows) answer.add(row.map((value) => (value === null ? null : String(value))));
      return answer.finish();
    },
  });
  refuse("kernels", kernels, "SQL", summary);
  return true;

  function refuse(ours: string, expected: ReplaySummary | Counts, theirs: string, found: ReplaySummary | Counts): void {
    if (isDeepStrictEqual(inJson(expected), inJson(found))) return;
    const show = (value: unknown) => JSON.stringify(inJson(value), undefined, 1);
    throw new Error(
      `${ours}: ${show(expected)}\n${theirs}: ${show(found)}\n${JSON.stringify(policies[0])}\n${describeCase({ ...tried, plain })}`,
    );
  }
}

type Counts = ReadonlyMap<string, readonly number[]>;

/** Maps as sorted entries, bigints as texts, no policies. */
function inJson(value: unknown): unknown {
  const entries = value instanceof Map ? [...value].toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)) : value;
  return JSON.parse(
    JSON.stringify(entries, (key, part: unknown) => (key === "policy" ? "" : typeof part === "bigint" ? String(part) : part)),
  );
}
