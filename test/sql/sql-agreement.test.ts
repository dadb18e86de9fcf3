/** What SQL gives, beside what the kernels give, for one policy of everything that SQL expresses and random policies may not hold. */
import { expect } from "chai";
import { policyToSql } from "../../policies/sql/index.ts";
import { panelOf, runOn } from "../compile/histories.ts";
import { binary, named, number, policyOf, sum, tier } from "../compile/policy-parts.ts";
import { loadHistories, openDatabase } from "../properties/duckdb-panel.ts";

describe("SQL beside kernels", () => {
  it("gives what the kernels give for today, values within bounds, value scores, caps and first weekdays, in any order", async () => {
    const within = { lower: number(10), upper: number(60) };
    const policy = policyOf({
      metrics: [
        { kind: "value", name: "bounded", title: "", unit: "number", expression: named("score:s"), within },
        sum("orders", "orders", { kind: "periods", count: 1 }),
      ],
      scores: [{ kind: "value", name: "s", title: "", round: 1, expression: binary("metric:orders", "*", 12.34) }],
      headlineScore: "s",
      conditions: [{ name: "early", title: "", expression: binary("today", "<", 19_770) }],
      tiers: ["good", "fair", "bad"].map((name, code) => tier(name, binary("metric:bounded", ">=", 60 - 20 * code))),
      otherwise: "none",
      caps: [
        { tier: "bad", when: binary("metric:orders", ">=", 9) },
        { tier: "fair", when: named("condition:early") },
      ],
      movement: { evaluate: { kind: "first-weekday", weekday: 0, unit: "month" }, promote: { after: 1 }, demote: { after: 1 } },
    });
    const histories = { a: [3, 4, 5, 6, 7, 8, 9, 10, 9, 2, 3, 4, 5, 0], b: Array<number>(13).fill(0) };
    const panel = panelOf(Object.fromEntries(Object.entries(histories).map(([entity, list]) => [entity, { measures: { orders: list } }])));
    const frame = runOn(policy, panel, { columns: ["bounded", "early"] });
    const { statement } = policyToSql(policy, panel.schema, { columns: true });
    const connection = await openDatabase();
    const rowsOf = (list: readonly number[]) =>
      list.map((value, row) => ({ period: panel.schema.firstPeriod + row, measures: { orders: value }, attributes: {} }));
    const loaded = Object.entries(histories).map(([entity, list]) => ({ entity, rows: rowsOf(list), events: [] }));
    await loadHistories(connection, panel.schema, loaded);
    const { sql, parameters } = statement ?? { sql: "", parameters: [] };
    const rows = (
      await connection.runAndReadAll(
        `SELECT merited, held, score, "metric bounded", CAST("condition early" AS INTEGER) FROM (${sql}) ORDER BY entity, period`,
        [...parameters],
      )
    ).getRows();
    connection.closeSync();
    const plain = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
    const expected = Array.from(frame.held, (held, row) => [
      frame.merited[row],
      held,
      ...[frame.score[row], frame.columns.get("bounded")?.[row], frame.columns.get("early")?.[row]].map(plain),
    ]);
    expect(rows).to.deep.equal(expected);
    expect([...new Set(frame.merited)]).to.have.members([-1, 0, 1, 2, 3]);
  });
});
