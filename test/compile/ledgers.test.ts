/** Ledgers: which entries evaluations make, how long they live, and what they add up to. Evaluations are Mondays from 2024-01-08. */
import { expect } from "chai";
import type { Expression, Ledger, LedgerLine, Metric, Policy } from "../../policies/language/index.ts";
import { columnOn, type History, panelOf, runOn } from "./histories.ts";
import { binary, byRegion, named, number, parameter, policyOf, sum, text, tier } from "./policy-parts.ts";

const points = named("event:points");
const monday = { kind: "weekday", weekday: 0 } as const;

function line(
  parts: Partial<LedgerLine> & { readonly kind: LedgerLine["kind"]; readonly event?: string; readonly where?: Expression },
): LedgerLine {
  return { amount: number(1), sign: 1, ...(parts.kind === "event" ? { event: "violation" } : { each: monday }), ...parts } as LedgerLine;
}

function ledgerOf(lines: readonly LedgerLine[], rest: Partial<Ledger> = {}): Ledger {
  return { name: "penalty", title: "Penalty", unit: "points", start: number(0), lines, lasts: { kind: "ever" }, ...rest };
}

function policyFor(ledger: Ledger, rest: Partial<Policy> = {}): Policy {
  const metrics: readonly Metric[] = [sum("orders", "orders", { kind: "periods", count: 1 })];
  return policyOf({ metrics, ledgers: [ledger], tiers: [tier("all", undefined)], ...rest });
}

/** The balances of one seller, week by week. */
function balances(ledger: Ledger, history: History, rest: Partial<Policy> = {}): (number | null)[] {
  return columnOn(policyFor(ledger, rest), panelOf({ a: history }), "penalty");
}

describe("ledger lines", () => {
  const measures = { orders: [1, 3, 0, 4, 5] };

  it("of events: each once, at the first evaluation that knows it, whenever it happened", () => {
    const events = [
      { kind: "violation", known: "2023-12-31", points: 100 },
      { kind: "violation", known: "2024-01-01", points: 4 },
      { kind: "warning", known: "2024-01-02", points: 100 },
      { kind: "violation", day: "2024-01-02", known: "2024-01-21", points: 2 },
      { kind: "violation", known: "2024-01-22", points: 1 },
    ];
    expect(balances(ledgerOf([line({ kind: "event", amount: points })]), { measures, events })).to.deep.equal([104, 104, 106, 107, 107]);
  });

  it("of events: `where` is about the event, `number` counts its kind, `when` is about the entity at that evaluation", () => {
    const high = { severity: "high" };
    const events = [
      { kind: "violation", known: "2024-01-02", fields: high },
      { kind: "violation", known: "2024-01-09", fields: { severity: "low" } },
      { kind: "violation", known: "2024-01-10", fields: high },
      { kind: "violation", known: "2024-01-16", fields: high },
      { kind: "violation", known: "2024-01-23" },
    ];
    const isHigh = binary(named("event:severity"), "=", text("high"));
    const repeated = binary(isHigh, "and", binary(named("event:number"), ">", number(1)));
    expect(balances(ledgerOf([line({ kind: "event", amount: number(8), where: repeated })]), { measures, events })).to.deep.equal([
      0, 8, 16, 16, 16,
    ]);
    const busy = binary("metric:orders", ">", 0);
    const busyOnly = ledgerOf([line({ kind: "event", amount: number(8), where: repeated, when: busy })]);
    expect(balances(busyOnly, { measures, events })).to.deep.equal([0, 8, 8, 8, 8]);
  });

  it("of dates: at evaluations on such a date, when the entity is so", () => {
    const when = binary("metric:orders", ">=", 3);
    expect(balances(ledgerOf([line({ kind: "date", when, amount: number(2) })]), { measures })).to.deep.equal([0, 2, 2, 4, 6]);
    // The first Monday of February is 2024-02-05, the last evaluation; that of January lies before the first one.
    const monthly = line({ kind: "date", each: { kind: "first-weekday", weekday: 0, unit: "month" } });
    expect(balances(ledgerOf([monthly]), { measures })).to.deep.equal([0, 0, 0, 0, 1]);
    const unknown = binary(binary(1, "/", 0), "=", 1);
    expect(balances(ledgerOf([line({ kind: "date", when: unknown })]), { measures })).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it("of volumes: counts on, keeps the remainder, and what a false `when` passes over is gone", () => {
    const each: Extract<LedgerLine, { kind: "volume" }> = {
      kind: "volume",
      of: named("orders"),
      count: number(3),
      amount: number(4),
      sign: -1,
    };
    // Orders so far 1 4 4 8 13: multiples of 3 so far 0 1 1 2 4.
    expect(balances(ledgerOf([each], { start: number(100) }), { measures })).to.deep.equal([100, 96, 96, 92, 84]);
    const few = { ...each, when: binary("metric:orders", "!=", 4) };
    expect(balances(ledgerOf([few], { start: number(100) }), { measures })).to.deep.equal([100, 96, 96, 96, 88]);
    const limited = { ...each, atMost: number(6) };
    expect(balances(ledgerOf([limited], { start: number(100) }), { measures })).to.deep.equal([100, 96, 96, 94, 94]);
  });

  it("of volumes: whole multiples exactly, where a quotient of doubles would fall short", () => {
    const each = { kind: "volume", of: binary("orders", "*", 0.1), count: number(0.1), amount: number(1), sign: 1 } as const;
    // 0.3 / 0.1 is 2.9999999999999996.
    expect(balances(ledgerOf([each]), { measures: { orders: [3, 3, 6] } })).to.deep.equal([3, 6, 12]);
  });

  it("read the ledger itself just then, and other things as they stand at the evaluation", () => {
    const events = ["2024-01-02", "2024-01-03", "2024-01-09"].map((known) => ({ kind: "violation", known }));
    const penalty = named("ledger:penalty");
    const doubling = ledgerOf([line({ kind: "event", amount: penalty }), line({ kind: "date", when: binary(penalty, ">=", number(4)) })], {
      start: number(1),
    });
    // Two events double 1 to 4, the date line sees 4 and adds 1; one more doubles 5 to 10, then 1 each.
    expect(balances(doubling, { measures, events })).to.deep.equal([5, 11, 12, 13, 14]);
  });
});

describe("ledger entries", () => {
  const measures = { orders: [1, 1, 1, 1, 1] };
  const violation = (known: string, id: string, amount = 1) => ({ kind: "violation", known, id, points: amount });
  const granted = (known: string, about: string) => ({ kind: "appeal_granted", known, fields: { about } });
  const byPoints = line({ kind: "event", amount: points });

  it("live so many days from the day that the event was known, and none is made that has ended before", () => {
    const events = [violation("2024-01-01", "a", 1), violation("2024-01-07", "b", 10)];
    const days = (count: number) => ledgerOf([byPoints], { lasts: { kind: "days", count } });
    // Known on Monday 1st: 14 days end on Monday 15th; known on Sunday 7th: on the 21st, before Monday 22nd.
    expect(balances(days(14), { measures, events })).to.deep.equal([11, 10, 0, 0, 0]);
    expect(balances(days(15), { measures, events })).to.deep.equal([11, 11, 0, 0, 0]);
    expect(balances(days(1), { measures, events })).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it("live until the first date of a calendar after the evaluation that made them", () => {
    const lasts = { kind: "until", calendar: { kind: "first-weekday", weekday: 0, unit: "month" } } as const;
    const starting = "2024-01-22";
    // Evaluations 29 January, 5 and 12 February. The entry of 29 January ends on 5 February; the one made on 5 February lives on.
    const events = [violation("2024-01-22", "a", 1), violation("2024-01-30", "b", 10)];
    const history = { measures: { orders: [1, 1, 1] }, starting, events };
    expect(balances(ledgerOf([byPoints], { lasts }), history)).to.deep.equal([1, 10, 10]);
  });

  it("are taken back by id from the day that it is known, or never made", () => {
    const events = [
      violation("2024-01-02", "a", 1),
      violation("2024-01-03", "b", 10),
      violation("2024-01-24", "c", 100),
      granted("2024-01-16", "a"),
      granted("2024-01-17", "nobody"),
      granted("2024-01-23", "c"),
      { kind: "warning", known: "2024-01-09", fields: { about: "b" } },
    ];
    const ledger = ledgerOf([byPoints], { takeBack: { event: "appeal_granted", of: "violation" } });
    expect(balances(ledger, { measures, events })).to.deep.equal([11, 11, 10, 10, 10]);
  });

  it("of other kinds and of dates are never taken back", () => {
    const events = [{ kind: "warning", known: "2024-01-02", id: "a", points: 1 }, granted("2024-01-03", "a")];
    const lines = [line({ kind: "event", event: "warning", amount: points }), line({ kind: "date" })];
    const ledger = ledgerOf(lines, { takeBack: { event: "appeal_granted", of: "violation" } });
    expect(balances(ledger, { measures, events })).to.deep.equal([2, 3, 4, 5, 6]);
  });

  it("stay whole: bounds and limits apply when the ledger is read", () => {
    const events = [violation("2024-01-01", "a", 50), violation("2024-01-08", "b", 30)];
    const rest = { lasts: { kind: "days", count: 21 }, within: { lower: number(0), upper: number(60) } } as const;
    // 50, 80 read as 60, then 30 remain when the first ends on the 22nd.
    expect(balances(ledgerOf([byPoints], rest), { measures, events })).to.deep.equal([50, 60, 30, 0, 0]);
    const limited = line({ kind: "event", amount: points, atMost: number(40) });
    expect(balances(ledgerOf([limited], rest), { measures, events })).to.deep.equal([40, 40, 30, 0, 0]);
  });

  it("without points make the ledger missing while they live", () => {
    const events = [{ kind: "violation", known: "2024-01-09" }];
    const ledger = ledgerOf([byPoints], { lasts: { kind: "days", count: 14 } });
    expect(balances(ledger, { measures, events })).to.deep.equal([0, null, null, 0, 0]);
  });
});

describe("ledgers", () => {
  it("begin anew with every entity, whatever chunk it is in, and step though no tier reads them", () => {
    const events = [{ kind: "violation", known: "2024-01-02", points: 3 }];
    const histories = { a: { measures: { orders: [1, 1] }, events }, b: { measures: { orders: [1, 1] } } };
    const policy = policyFor(ledgerOf([line({ kind: "event", amount: points }), line({ kind: "date" })]));
    expect(columnOn(policy, panelOf(histories), "penalty")).to.deep.equal([4, 5, 1, 2]);
    const panel = panelOf(histories, { chunkEntities: 1 });
    expect(columnOn(policy, { ...panel, readChunk: () => panel.readChunk(1) }, "penalty")).to.deep.equal([1, 2]);
  });

  it("see events only at evaluations, all that came since the last", () => {
    const events = ["2024-01-02", "2024-01-30", "2024-02-06"].map((known) => ({ kind: "violation", known }));
    const movement = { evaluate: { kind: "every", unit: "month" }, promote: { after: 1 }, demote: { after: 1 } } as const;
    // Evaluated on 1 February, recorded on the week that ended on 28 January: it does not know of 30 January.
    const history = { measures: { orders: Array(9).fill(1) }, events };
    expect(balances(ledgerOf([line({ kind: "event" })]), history, { movement })).to.deep.equal([null, null, null, 1, 1, 1, 1, 3, 3]);
  });

  it("are read by metrics, conditions, scores and each other", () => {
    const events = [{ kind: "violation", known: "2024-01-02" }];
    const bonus = ledgerOf([line({ kind: "date", when: { kind: "reference", to: "condition", name: "clean" } })]);
    const policy = policyFor(ledgerOf([line({ kind: "event" })]), {
      ledgers: [{ ...bonus, name: "bonus" }, ledgerOf([line({ kind: "event", amount: number(5) })])],
      metrics: [{ name: "net", title: "", unit: "points", kind: "value", expression: binary("ledger:bonus", "-", "ledger:penalty") }],
      conditions: [{ name: "clean", title: "", expression: binary("ledger:penalty", "<", 5) }],
    });
    const panel = panelOf({ a: { measures: { orders: [1, 1] }, events }, b: { measures: { orders: [1, 1] } } });
    expect(columnOn(policy, panel, "net")).to.deep.equal([-5, -5, 1, 2]);
  });

  it("take parameters by text: start, amount, limit, count, bounds; missing where one is", () => {
    const histories = Object.fromEntries(
      ["MX", "BR", undefined].map((region, index) => [
        `s${index}`,
        { measures: { orders: [4, 4] }, ...(region === undefined ? {} : { attributes: { region } }) },
      ]),
    );
    const parameters = [byRegion("two", { MX: 2, BR: 3 })];
    const at = (ledger: Ledger) => columnOn(policyFor(ledger, { parameters }), panelOf(histories), "penalty");
    const two = parameter("two");
    expect(at(ledgerOf([line({ kind: "date" })], { start: two }))).to.deep.equal([3, 4, 4, 5, null, null]);
    expect(at(ledgerOf([line({ kind: "date", amount: two })]))).to.deep.equal([2, 4, 3, 6, null, null]);
    expect(at(ledgerOf([line({ kind: "date", amount: number(9), atMost: two })]))).to.deep.equal([2, 2, 3, 3, null, null]);
    expect(at(ledgerOf([line({ kind: "date" })], { within: { lower: number(0), upper: two } }))).to.deep.equal([1, 2, 1, 2, null, null]);
    const volume = { kind: "volume", of: named("orders"), count: two, amount: number(1), sign: 1 } as const;
    expect(at(ledgerOf([volume]))).to.deep.equal([2, 4, 1, 2, null, null]);
  });
});

describe("caps", () => {
  const when = (name: string, least: number): Expression => binary(`metric:${name}`, ">=", least);
  const policy = policyOf({
    metrics: [sum("orders", "orders", { kind: "periods", count: 1 }), sum("bad", "bad", { kind: "periods", count: 1 })],
    tiers: [tier("gold", when("orders", 3)), tier("silver", when("orders", 2)), tier("bronze", when("orders", 1))],
    otherwise: "none",
    caps: [
      { tier: "silver", when: when("bad", 1) },
      { tier: "bronze", when: when("bad", 2) },
      { tier: "gold", when: binary(binary(1, "/", 0), ">", 0) },
    ],
  });

  it("keep the merited tier no better than the worst that applies, and take those whom no tier took", () => {
    const measures = { orders: [3, 3, 3, 1, 0, 0, 0], bad: [0, 1, 2, 1, 0, 1, 2] };
    const { merited, held } = runOn(policy, panelOf({ a: { measures } }));
    expect([...merited]).to.deep.equal([0, 1, 2, 2, 3, 1, 2]);
    expect([...held]).to.deep.equal([...merited]);
  });
});
