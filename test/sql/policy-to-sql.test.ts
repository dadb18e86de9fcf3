/** What the third engine refuses, and that nothing of a policy reaches SQL as text. */
import { expect } from "chai";
import fc from "fast-check";
import { present } from "../../data/foundation/index.ts";
import type { Expression, LedgerLine, Metric, Policy } from "../../policies/language/index.ts";
import { dialects, policyToSql, policyTotalsToSql } from "../../policies/sql/index.ts";
import { column, parameter } from "../../policies/sql/nodes.ts";
import { printSql } from "../../policies/sql/print-sql.ts";
import { sqlRound } from "../../policies/sql/sql-expression.ts";
import { Draw } from "../properties/draw.ts";
import { openDatabase } from "../properties/duckdb-panel.ts";
import { randomSchema } from "../properties/random-panel.ts";
import { drawPolicy } from "../properties/random-policy.ts";

const schema = randomSchema("week");
const orders: Expression = { kind: "reference", to: "measure", name: "orders" };

function times(left: Expression, right: Expression): Expression {
  return { kind: "arithmetic", operator: "*", left, right };
}

function policyWith(metric: Metric): Policy {
  return {
    programme: "p",
    version: "1.0.0",
    title: "P",
    entity: "seller",
    rationale: "",
    digest: "p",
    parameters: [],
    metrics: [metric],
    scores: [],
    windows: [],
    ledgers: [],
    caps: [],
    conditions: [],
    tiers: [{ name: "all", title: "All", adverse: false, terminal: false, consequences: {} }],
    movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 1 }, demote: { after: 1 } },
  };
}

describe("policy to SQL", () => {
  it("refuses products that may exceed exact integers, naming the metric", () => {
    const over = { kind: "periods", count: 4 } as const;
    const cubed: Metric = { kind: "sum", name: "cubed", title: "Cubed", unit: "number", of: times(orders, times(orders, orders)), over };
    const { statement, diagnostics } = policyToSql(policyWith(cubed), schema);
    expect(statement).to.equal(undefined);
    expect(diagnostics.map(({ code, found }) => ({ code, found }))).to.deep.equal([{ code: "sql-unsupported", found: "metrics.cubed" }]);
  });

  it("refuses rounding to a computed number of decimals, naming the metric", () => {
    const zero: Expression = { kind: "number", value: 0, unit: "number" };
    const expression: Expression = { kind: "call", function: "round", arguments: [zero, { kind: "negate", operand: zero }] };
    const metric: Metric = { kind: "value", name: "rounded", title: "Rounded", unit: "number", expression };
    expect(policyToSql(policyWith(metric), schema).diagnostics[0]?.found).to.equal("metrics.rounded");
  });

  it("refuses amounts in another currency, by what the policy calls them", () => {
    const of: Expression = { kind: "reference", to: "measure", name: "gmv in USD" };
    const metric: Metric = { kind: "sum", name: "sales", title: "", unit: "money", of, over: { kind: "periods", count: 4 } };
    const { statement, diagnostics } = policyToSql(policyWith(metric), schema);
    expect(statement).to.equal(undefined);
    expect(diagnostics.map(({ code, found }) => ({ code, found }))).to.deep.equal([{ code: "sql-unsupported", found: "gmv in USD" }]);
  });

  it("names all that a record holds where Trino unfolds it, and brings groups beside it", () => {
    const metric: Metric = { kind: "sum", name: "sales", title: "", unit: "money", of: orders, over: { kind: "periods", count: 4 } };
    const at = schema.lastPeriod;
    const groups = { at, partings: [{ kind: "flow", measure: "orders", over: { first: at - 3, last: at }, bounds: [0, 5] }] } as const;
    const replayed = [1, 2].map(() => ({ policy: policyWith(metric), startTiers: [0] }));
    const { statement } = policyTotalsToSql(replayed, schema, { dialect: "trino", from: schema.firstPeriod, groups });
    const sql = present(statement, "a statement").sql;
    const [, record = ""] = /array_agg\(CAST\(ROW\(.*? AS ROW\((.*?)\)\) ORDER BY/.exec(sql) ?? [];
    const named = record.split(", ").map((field) => field.replace(/ [A-Z(), ]+$/, ""));
    const [, there = ""] = /AS "items" \((.*?)\)/.exec(sql) ?? [];
    expect(there.split(", ").slice(0, named.length)).to.deep.equal(named);
    expect(there).to.match(/"code 0", "code 1", "code 0 of 1", "code 1 of 1"$/);
    expect(sql.match(/"group 0"/g)).to.have.length.greaterThan(3);
    expect(sql).to.match(/FROM "replayed" AS "rows" JOIN "parts" AS "parts" ON/);
  });

  it("refuses what it cannot express, each element by its path", () => {
    const points: Expression = { kind: "number", value: 1, unit: "points" };
    const metric: Metric = { kind: "since", name: "strike", title: "", unit: "days", from: "violation" };
    const policy = policyWith(metric);
    const over = { kind: "volume", of: orders, count: points } as const;
    const period = { kind: "periods", count: 1 } as const;
    const events = { event: "violation", over: period } as const;
    const common = { title: "", unit: "count" } as const;
    const own: Expression = { kind: "reference", to: "ledger", name: "penalty" };
    const half: Expression = { kind: "number", value: 0.5, unit: "points" };
    const when: Expression = { kind: "reference", to: "condition", name: "late" };
    const lines: readonly LedgerLine[] = [
      { kind: "date", each: policy.movement.evaluate, amount: points, sign: 1 },
      { kind: "date", each: policy.movement.evaluate, amount: half, sign: 1 },
      { kind: "date", each: policy.movement.evaluate, when: own, amount: points, sign: 1 },
      { kind: "volume", of: orders, count: points, amount: points, sign: 1 },
      { kind: "event", event: "violation", when, amount: points, sign: 1 },
      { kind: "event", event: "violation", amount: { kind: "reference", to: "metric", name: "rank" }, sign: 1 },
    ];
    const { diagnostics } = policyToSql(
      {
        ...policy,
        parameters: [{ name: "line", title: "", unit: "number", by: { to: "attribute", name: "region" }, values: [] }],
        metrics: [
          metric,
          { ...common, name: "volume", kind: "sum", of: orders, over },
          { ...common, ...events, name: "alike", kind: "count", alike: "severity" },
          { ...common, name: "percentile", kind: "percentile", part: points, measure: "rating", over: period },
          { ...common, name: "largest", kind: "largest", of: orders, by: "category", over: period },
          { ...common, name: "rank", kind: "rank", of: { to: "metric", name: "strike" }, peersMin: 2 },
          { ...common, name: "wilson", kind: "share", part: orders, whole: orders, over: period, wilson: { side: "upper", level: points } },
        ],
        scores: [{ name: "s", title: "", round: 1, kind: "curve", from: { to: "metric", name: "rank" }, shape: "logistic", anchors: [] }],
        ledgers: [{ name: "penalty", title: "", unit: "points", start: points, lines, lasts: { kind: "ever" } }],
        movement: { ...policy.movement, protect: { event: "violation", tier: "all", days: 7 } },
      },
      schema,
    );
    expect(new Set(diagnostics.map(({ code }) => code))).to.deep.equal(new Set(["sql-unsupported"]));
    const metrics = ["volume", "alike", "percentile", "largest", "rank", "wilson"];
    expect(diagnostics.map(({ found }) => found)).to.deep.equal([
      "parameters.line",
      ...metrics.map((name) => `metrics.${name}`),
      "scores.s",
      ...[2, 3, 4, 5, 6].map((line) => `ledgers.penalty.lines.${line}`),
      "movement.protect",
    ]);
  });

  it("binds texts as parameters and quotes names, so that nothing of a policy becomes SQL", async () => {
    const hostile = `x"; DROP TABLE panel; --`;
    const expression: Expression = {
      kind: "if",
      condition: {
        kind: "compare",
        operator: "=",
        left: { kind: "reference", to: "attribute", name: "region" },
        right: { kind: "text", value: hostile },
      },
      // biome-ignore lint/suspicious/noThenProperty: 'then' is the field that the policy language reads aloud
      then: { kind: "number", value: 1, unit: "number" }, // oxlint-disable-line unicorn/no-thenable
      otherwise: { kind: "number", value: 2, unit: "number" },
    };
    const { statement } = policyToSql(policyWith({ kind: "value", name: hostile, title: "", unit: "number", expression }), schema);
    expect(statement?.parameters).to.include(hostile);
    expect(statement?.sql).to.contain('"metric x""; DROP TABLE panel; --"');
    expect(statement?.sql.replaceAll('"metric x""; DROP TABLE panel; --"', "")).not.to.contain("DROP");
  });

  it("freezes the nodes that it prints", () => {
    const shared = column("a");
    const result = {
      kind: "select",
      everything: false,
      columns: [{ as: "a", expression: shared }],
      source: { from: "t", as: "t" },
    } as const;
    printSql({ steps: [], result }, dialects.duckdb);
    expect(() => Object.assign(shared, { name: "b" })).to.throw(TypeError);
    expect(() => Object.assign(result.source, { from: "another" })).to.throw(TypeError);
  });

  it("gives the same text for the same policy", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const policy = drawPolicy(new Draw(g), "week", { core: true });
        expect(policyToSql(policy, schema)).to.deep.equal(policyToSql(structuredClone(policy), schema));
      }),
      { numRuns: 20, seed: 4 },
    );
  });

  it("rounds on the exact binary value, ties away from zero", async () => {
    const values = [0.5, 1.5, 2.5, -0.5, -2.5, 0.125, 0.375, 1.005, 2.675, 62.4999995, 99.9999995, 0.1 + 0.2, 1e-9, 100, -0.000_000_5];
    const connection = await openDatabase();
    for (const decimals of [0, 1, 2, 6]) {
      const one = printSql(
        {
          steps: [{ name: "given", query: { kind: "numbers", names: ["n"], rows: [[0]] } }],
          result: {
            kind: "select",
            everything: false,
            columns: values.map((value, index) => ({ as: `v${index}`, expression: sqlRound(parameter(value), decimals) })),
            source: { from: "given", as: "given" },
            where: { kind: "null-test", operand: column("n"), isNull: false },
          },
        },
        dialects.duckdb,
      );
      const [row] = (await connection.runAndReadAll(one.sql, [...one.parameters])).getRows();
      const expected = values.map((value) => Math.sign(value) * Number(Math.abs(value).toFixed(decimals)));
      expect(row?.map((value) => Number(value) + 0)).to.deep.equal(expected.map((value) => value + 0));
    }
    connection.closeSync();
  });
});
