/** Aggregates: exact sums by group, merged in any order. */
import { expect } from "chai";
import fc from "fast-check";
import { InvariantBroken } from "../../data/foundation/index.ts";
import { type Aggregates, Aggregator, mergeAggregates } from "../../data/panel/index.ts";

const request = { name: "tiers", by: ["period", "tier"], sums: ["entities", "gmv"] };
type Row = readonly [string, string, number, number];

function add(rows: readonly Row[]): Aggregates {
  const aggregator = new Aggregator(request);
  for (const [period, tier, entities, gmv] of rows) aggregator.add([period, tier], [entities, gmv]);
  return aggregator.finish();
}

const row = fc.tuple(
  fc.constantFrom("2025-01-05", "2025-01-12"),
  fc.constantFrom("gold", "watch", ""),
  fc.nat(1000),
  fc.maxSafeInteger(),
) satisfies fc.Arbitrary<Row>;

describe("aggregates", () => {
  it("are the same however the rows are split and whatever the order of the parts", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.nat(30), (rows, cut) => {
        const whole = add(rows);
        const parts = [add(rows.slice(0, cut)), add(rows.slice(cut))];
        expect(mergeAggregates(parts)).to.deep.equal(whole);
        expect(mergeAggregates(parts.toReversed())).to.deep.equal(whole);
      }),
    );
  });

  it("stay exact beyond the safe integers", () => {
    const large = Number.MAX_SAFE_INTEGER;
    const { cells } = add([
      ["2025-01-05", "gold", 1, large],
      ["2025-01-05", "gold", 1, large],
      ["2025-01-05", "gold", 1, 1],
    ]);
    expect(cells[0]?.sums).to.deep.equal([3n, 2n * BigInt(large) + 1n]);
  });

  it("refuse a number that is not a safe integer, and a key of another length", () => {
    const aggregator = new Aggregator(request);
    expect(() => aggregator.add(["2025-01-05", "gold"], [0.5, 1])).to.throw(InvariantBroken, "0.5");
    expect(() => aggregator.add(["2025-01-05"], [1, 1])).to.throw(InvariantBroken, "arity");
    expect(() => mergeAggregates([])).to.throw(InvariantBroken);
  });
});
