/** Ranks and ratios: who the peers are, whatever chunk they are in, and where a value stands among them. */
import { expect } from "chai";
import type { OutcomeFrame, Panel } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import type { Metric, Policy } from "../../policies/language/index.ts";
import { gatherPeers, replay } from "../../simulations/replay/index.ts";
import { type History, panelOf } from "./histories.ts";
import { binary, curve, last, policyOf, sum, tier } from "./policy-parts.ts";

type Peers = Extract<Metric, { kind: "rank" | "ratio" }>;

function compared(kind: "rank" | "ratio", rest: Partial<Peers> = {}): Peers {
  return { name: "m", title: "", unit: "number", kind, of: { to: "metric", name: "x" }, peersMin: 1, ...rest };
}

function policyFor(metric: Peers, rest: Partial<Policy> = {}): Policy {
  return policyOf({ metrics: [last("x", "x"), metric], tiers: [tier("all", undefined)], ...rest });
}

/** The column by entity, as a replay gives it. */
function columns(policy: Policy, panel: Panel): Record<string, (number | null)[]> {
  const found: Record<string, (number | null)[]> = {};
  const visit = (chunk: ReturnType<Panel["readChunk"]>, [frame]: readonly OutcomeFrame[]) => {
    for (const [index, entity] of chunk.entities.entries()) {
      const values = frame?.columns.get("m")?.subarray(chunk.rowStart[index], chunk.rowStart[index + 1]) ?? [];
      found[entity] = Array.from(values, (value) => (Number.isNaN(value) ? null : value));
    }
  };
  replay({ policies: [policy], panel, columns: ["m"], visit });
  return found;
}

const histories: Record<string, History> = {
  a: { measures: { x: [1, 5] }, attributes: { region: "MX" } },
  b: { measures: { x: [2, 5] }, attributes: { region: "BR" } },
  c: { measures: { x: [2, null] }, attributes: { region: "MX" } },
  d: { measures: { x: [7] }, attributes: { region: "MX" }, starting: "2024-01-08" },
  e: { measures: { x: [4, 9] } },
};

describe("peers", () => {
  const panel = (chunkEntities?: number) =>
    panelOf(histories, { levels: ["x"], ...(chunkEntities === undefined ? {} : { chunkEntities }) });

  it("are those with a row and a value at the evaluation; a rank counts equals half", () => {
    // First: 1 2 2 4; second: 5 5 7 9.
    const expected = { a: [1 / 8, 2 / 8], b: [4 / 8, 2 / 8], c: [4 / 8, null], d: [5 / 8], e: [7 / 8, 7 / 8] };
    expect(columns(policyFor(compared("rank")), panel())).to.deep.equal(expected);
    for (const chunkEntities of [1, 2, 3]) expect(columns(policyFor(compared("rank")), panel(chunkEntities))).to.deep.equal(expected);
  });

  it("a ratio is over their median; a median of 0 gives none", () => {
    // Medians: 2 and 6.
    expect(columns(policyFor(compared("ratio")), panel(2))).to.deep.equal({
      a: [1 / 2, 5 / 6],
      b: [1, 5 / 6],
      c: [1, null],
      d: [7 / 6],
      e: [2, 9 / 6],
    });
    const zero = panelOf({ a: { measures: { x: [0] } }, b: { measures: { x: [0] } }, c: { measures: { x: [5] } } }, { levels: ["x"] });
    expect(columns(policyFor(compared("ratio")), zero)).to.deep.equal({ a: [null], b: [null], c: [null] });
  });

  it("among a group: those of the same text; nobody without one; missing below the least number", () => {
    const among = { to: "attribute", name: "region" } as const;
    // MX: 1 2, then 5 7. BR: b alone. e has no region.
    expect(columns(policyFor(compared("rank", { among })), panel(1))).to.deep.equal({
      a: [1 / 4, 1 / 4],
      b: [1 / 2, 1 / 2],
      c: [3 / 4, null],
      d: [3 / 4],
      e: [null, null],
    });
    expect(columns(policyFor(compared("rank", { among, peersMin: 2 })), panel(1))).to.deep.include({ b: [null, null], a: [1 / 4, 1 / 4] });
    expect(columns(policyFor(compared("rank", { among, peersMin: 3 })), panel(1))).to.deep.include({ a: [null, null] });
  });

  it("among the same largest category, which may change", () => {
    const by: Metric = {
      name: "main",
      title: "",
      unit: "number",
      kind: "largest",
      by: "category",
      over: { kind: "periods", count: 1 },
      of: { kind: "reference", to: "measure", name: "orders" },
    };
    const shop = (x: number[], categories: string[], orders = [1, 1]): History => ({ measures: { x, orders }, categories });
    const shops = panelOf(
      {
        a: shop([1, 1], ["toys", "art"]),
        b: shop([2, 2], ["toys", "toys"]),
        c: shop([3, 3], ["art", "art"]),
        d: shop([0, 0], ["art", "art"], [0, 0]),
      },
      { levels: ["x"], chunkEntities: 1 },
    );
    const metric = compared("rank", { among: { to: "metric", name: "main" } });
    const policy = policyFor(metric, { metrics: [last("x", "x"), by, metric] });
    expect(columns(policy, shops)).to.deep.equal({ a: [1 / 4, 1 / 4], b: [3 / 4, 1 / 2], c: [1 / 2, 3 / 4], d: [null, null] });
  });

  it("compare scores, too, and decide tiers", () => {
    const metric = compared("rank", { of: { to: "score", name: "s" } });
    const policy = policyFor(metric, {
      metrics: [last("x", "x"), metric],
      scores: [
        curve("s", "x", [
          [0, 0],
          [10, 100],
        ]),
      ],
      tiers: [tier("top", binary("metric:m", ">=", 0.5)), tier("rest", undefined)],
    });
    expect(columns(policy, panel(2))["e"]).to.deep.equal([7 / 8, 7 / 8]);
    const cells = replay({ policies: [policy], panel: panel(2), visit: () => undefined }).policies[0]?.tiersByPeriod.cells;
    expect(cells?.map(({ key, sums }) => [...key, sums[0]].join(" "))).to.deep.equal([
      "2024-01-07 rest 1",
      "2024-01-07 top 3",
      "2024-01-14 rest 3",
      "2024-01-14 top 2",
    ]);
  });

  it("are only those up to `to`, and only policies that compare are gathered for", () => {
    const one = panel(2);
    const plain = policyOf({ metrics: [sum("x", "x", { kind: "lifetime" })], tiers: [tier("all", undefined)] });
    const [none, some] = gatherPeers(one, [plain, policyFor(compared("rank"))], one.schema.firstPeriod);
    expect(none).to.equal(undefined);
    expect(
      [...(some?.get("m") ?? [])].map(([period, groups]) => [period - one.schema.firstPeriod, [...(groups.get("") ?? [])]]),
    ).to.deep.equal([[0, [1, 2, 2, 4]]]);
  });

  it("must be there for a policy that compares", () => {
    const compiled = compilePolicy(policyFor(compared("rank")), panel().schema);
    expect(compiled.needsPeers).to.equal(true);
    expect(() => compiled.run(panel().readChunk(0))).to.throw(/nobody gathered them/);
  });
});
