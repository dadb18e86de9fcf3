/** What lies beyond the doubles is missing: in kernels, in the slow evaluator, and in what is said of it. */
import { expect } from "chai";
import { InputRefused } from "../../data/foundation/index.ts";
import { compilePolicy, PeerCollector } from "../../policies/compile/index.ts";
import { accountOf, entityHistory, evaluateEntity, explainEntity, gatherPeers } from "../../policies/explain/index.ts";
import { canLedgerOverflow, canOverflow, type Expression, type Ledger, type Metric, type Policy } from "../../policies/language/index.ts";
import { columnNames, frameDisagreements } from "../properties/agreement.ts";
import { dayAt, panelOf } from "./histories.ts";
import { binary, byRegion, last, named, number, parameter, policyOf, share, sum, tier, value } from "./policy-parts.ts";

const always = [tier("all", undefined)];
const orders = sum("orders", "orders", { kind: "periods", count: 1 });

/** The expression multiplied by 10^15 so many times. */
function times(expression: Expression, count: number): Expression {
  return Array.from({ length: count }).reduce<Expression>((left) => binary(left, "*", 1e15), expression);
}

/** What both engines give on the last row, by name; null is missing. */
function lastRow(policy: Policy, panel = panelOf({ a: { measures: { orders: [1, 1000] } } })) {
  const { schema } = panel;
  const chunk = panel.readChunk(0);
  const compiled = compilePolicy(policy, schema);
  const collector = new PeerCollector(policy);
  if (compiled.needsPeers) compiled.gatherPeers(chunk, collector);
  const frame = compiled.run(chunk, { columns: columnNames(policy), peers: collector.finish() });
  const histories = chunk.entities.map((_, index) => entityHistory(schema, chunk, index));
  const peers = gatherPeers(policy, schema, histories);
  for (const [index, history] of histories.entries()) {
    const rows = evaluateEntity(policy, schema, history, { peers });
    expect(frameDisagreements(policy, schema, rows, frame, chunk.rowStart[index] ?? 0)).to.deep.equal([]);
  }
  const row = (chunk.rowStart[1] ?? 1) - 1;
  return Object.fromEntries([...frame.columns].map(([name, column]) => [name, Number.isNaN(column[row] ?? 0) ? null : column[row]]));
}

describe("a number that overflows", () => {
  it("is missing, whatever made it: a product, a quotient, a sum, a difference", () => {
    const huge = times(named("metric:orders"), 20);
    const policy = policyOf({
      metrics: [
        orders,
        value("near", huge),
        value("product", binary(huge, "*", 1e6)),
        value("quotient", binary(named("metric:near"), "/", 0.000001)),
        value("total", binary("metric:near", "+", "metric:near")),
        value("difference", binary(binary(named("metric:near"), "*", 179_000), "-", binary(named("metric:near"), "*", -179_000))),
      ],
      tiers: always,
    });
    const { near, total, ...beyond } = lastRow(policy);
    expect([near, total]).to.deep.equal([9.999999999999995e302, 1.999999999999999e303]);
    expect(beyond).to.deep.equal({ orders: 1000, product: null, quotient: null, difference: null });
  });

  it("is missing before bounds, conditions, minima and scores look at it", () => {
    const beyond = times(named("metric:orders"), 21);
    const policy = policyOf({
      metrics: [
        orders,
        { ...value("bounded", beyond), within: { lower: number(0), upper: number(10) } } as Metric,
        value("least", { kind: "call", function: "min", arguments: [beyond, number(3)] }),
      ],
      scores: [{ kind: "value", name: "cut", title: "Cut", round: 1, expression: beyond }],
      conditions: [{ name: "large", title: "Large", expression: binary(beyond, ">", 1) }],
      tiers: always,
    });
    expect(lastRow(policy)).to.deep.equal({ orders: 1000, bounded: null, least: null, cut: null, large: null });
  });

  it("is missing as the points of a ledger: of an entry, of a line, of all lines, also within bounds and below a line's most", () => {
    const ledger = (name: string, lines: readonly Partial<Ledger["lines"][number]>[], rest: Partial<Ledger> = {}): Ledger => ({
      name,
      title: name,
      unit: "points",
      start: number(0),
      lasts: { kind: "ever" },
      lines: lines.map(
        (line) => ({ kind: "event", event: "violation", sign: 1, amount: named("event:points"), ...line }) as Ledger["lines"][number],
      ),
      ...rest,
    });
    const policy = policyOf({
      metrics: [orders],
      ledgers: [
        ledger("line", [{}]),
        ledger("capped", [{ atMost: number(5) }]),
        ledger("lines", [{ event: "warning" }, { event: "warning" }]),
        ledger("bounded", [{ event: "warning" }, { event: "warning" }], { within: { lower: number(0), upper: number(9) } }),
        ledger("one", [{ event: "warning" }]),
        ledger("volume", [{ kind: "volume", count: number(1), of: named("orders"), amount: times(number(1e7), 20) } as never]),
      ],
      tiers: always,
    });
    const events = [
      { kind: "violation", known: "2024-01-02", points: 1e308 },
      { kind: "violation", known: "2024-01-03", points: 1e308 },
      { kind: "warning", known: "2024-01-03", points: 1e308 },
    ];
    const panel = panelOf({ a: { measures: { orders: [1, 1000] }, events } });
    const found = lastRow(policy, panel);
    expect(found).to.deep.equal({ orders: 1000, line: null, capped: null, lines: null, bounded: null, one: 1e308, volume: null });
  });

  it("is missing as a ratio to peers whose median is too small or too large", () => {
    const metric = (name: string, of: string): Metric => ({
      kind: "ratio",
      name,
      title: name,
      unit: "number",
      of: { to: "metric", name: of },
      peersMin: 1,
    });
    const panel = panelOf({ a: { measures: { orders: [1000] } }, b: { measures: { orders: [0] } }, c: { measures: { orders: [0] } } });
    const policy = policyOf({
      metrics: [orders, value("large", binary(times(named("metric:orders"), 20), "+", times(number(1e-300), 1))), metric("r", "large")],
      tiers: always,
    });
    expect(lastRow(policy, panel)).to.deep.include({ large: 9.999999999999995e302, r: null });
    const pair = panelOf({ a: { measures: { orders: [1] } }, b: { measures: { orders: [1] } } });
    const twice = policyOf({
      metrics: [orders, value("large", binary(named("metric:orders"), "/", 6e-309)), metric("r", "large")],
      tiers: always,
    });
    expect(lastRow(twice, pair)).to.deep.include({ r: null });
  });

  it("is said to be too large, never to be infinite", () => {
    const policy = policyOf({
      metrics: [orders, value("near", times(named("metric:orders"), 20)), value("beyond", times(named("metric:orders"), 21))],
      scores: [{ kind: "value", name: "cut", title: "Cut", round: 1, expression: named("metric:beyond") }],
      headlineScore: "cut",
      tiers: [tier("good", binary("metric:near", ">=", 1)), tier("rest", binary("score:cut", ">=", 1)), tier("all", undefined)],
    });
    const panel = panelOf({ a: { measures: { orders: [1, 1000] } } });
    const history = entityHistory(panel.schema, panel.readChunk(0), 0);
    const account = accountOf(explainEntity(policy, panel.schema, history, dayAt("2024-01-14"), {}));
    expect(account).not.to.match(/Infinity|e\+/);
    expect(account).to.contain("1.00 \u00d7 10^303");
  });
});

describe("where a kernel asks whether a number is finite", () => {
  const policy = policyOf({
    parameters: [byRegion("by_region", { MX: 0.5, BR: 2 })],
    metrics: [
      orders,
      share("rate", "late", "orders", { kind: "lifetime" }),
      last("rating", "rating"),
      value("twice", binary("metric:orders", "*", 2)),
    ],
    tiers: always,
  });
  const asks = (expression: Expression) => canOverflow(policy, expression as Extract<Expression, { kind: "arithmetic" }>);

  it("is nowhere in what a policy of usual numbers computes", () => {
    expect(asks(binary("metric:orders", "*", 1e15))).to.equal(false);
    expect(asks(binary("metric:orders", "/", "metric:rate"))).to.equal(false);
    expect(asks(binary(binary("metric:twice", "*", "metric:twice"), "/", parameter("by_region")))).to.equal(false);
    expect(asks(binary("today", "-", 19_000))).to.equal(false);
    expect(asks(binary("metric:orders", "/", binary("metric:orders", "*", "metric:rating")))).to.equal(false);
  });

  it("is where it divides by what may be as good as nothing, or multiplies without end", () => {
    expect(asks(binary("metric:orders", "/", binary("metric:rate", "-", 0.1)))).to.equal(true);
    expect(asks(times(named("metric:orders"), 21))).to.equal(true);
    expect(asks(binary("event:points", "*", 2))).to.equal(true);
  });

  it("takes time linear in metrics that read each other twice", () => {
    const chain = Array.from({ length: 200 }, (_, index) => value(`m${index + 1}`, binary(`metric:m${index}`, "+", `metric:m${index}`)));
    const deep = policyOf({ metrics: [sum("m0", "orders", { kind: "lifetime" }), ...chain], tiers: always });
    expect(canOverflow(deep, binary("metric:m200", "*", 2) as Extract<Expression, { kind: "arithmetic" }>)).to.equal(false);
  });

  it("is not in a ledger of small amounts, and is in one of whatever points events carry", () => {
    const ledger = (amount: Expression): Ledger => ({
      name: "l",
      title: "l",
      unit: "points",
      start: number(0),
      lasts: { kind: "ever" },
      lines: [{ kind: "event", event: "violation", sign: 1, amount }],
    });
    expect(canLedgerOverflow(policy, ledger(number(4)))).to.equal(false);
    expect(canLedgerOverflow(policy, ledger(named("event:points")))).to.equal(true);
  });
});

describe("an operand of many decimals", () => {
  it("is refused by a limit, not by a crash", () => {
    const tiny = Array.from({ length: 30 }).reduce<Expression>((left) => binary(left, "*", 1e-15), named("orders"));
    const policy = policyOf({ metrics: [sum("m", tiny, { kind: "lifetime" })], tiers: always });
    expect(() => lastRow(policy))
      .to.throw(InputRefused)
      .with.nested.property("diagnostics[0].message")
      .that.matches(/the limit 'operandDecimals' is 22/);
  });
});
