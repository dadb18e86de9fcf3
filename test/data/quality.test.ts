/** The account of a history's quality, and the sketch behind its quantiles. */
import { expect } from "chai";
import fastCheck from "fast-check";
import { MeasureAccount } from "../../data/datasets/measure-account.ts";
import { ValueSketch } from "../../data/datasets/value-sketch.ts";
import { importFrom, manifestOf, testFolder, writeFiles } from "./dataset-files.ts";

describe("the quality of a history", () => {
  const folder = testFolder();

  it("says ranges, missing shares, entry and exit, gaps, tails, labels and jumps", async () => {
    writeFiles(folder, {
      "panel.csv":
        "seller_id,week_end,orders,gmv,rating\na,2024-01-07,1,1.50,4\na,2024-01-14,3,0,\nb,2024-01-07,0,98.50,5\nb,2024-01-21,4,0,1\n",
      "labels.csv": "seller_id,day,source,outcome,known\na,2024-01-07,audit,harmful,2024-01-20\nb,2024-01-07,audit,pending,2024-01-20\n",
      "descriptor.yaml": `dataset: quality
entity: seller
grain: week
currency: USD
known_at: 2024-01-20
key: seller_id
files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count }, gmv: { flow: money }, rating: { level: number } } }
  - { path: labels.csv, holds: outcomes, day: day, source: source, outcome: outcome, known_at: known }
outcomes:
  audit: { kind: state, role: audit, definition: Found bad. }
`,
    });
    const result = await importFrom(folder);
    const { quality } = manifestOf(result);
    const [orders, gmv, rating] = quality.measures;
    expect(orders).to.deep.include({
      min: 0,
      max: 4,
      missingShare: 0,
      zeroShare: 0.4,
      largestJump: { period: "2024-01-14", from: 1, to: 3 },
    });
    expect(orders?.quantiles.find((each) => each.share === 0.5)?.value).to.equal(1);
    expect(gmv).to.deep.include({ max: 98.5, topOnePercentShare: 0.985, largestJump: { period: "2024-01-14", from: 100, to: 0 } });
    expect(rating?.missingShare).to.equal(0.4);
    expect(quality.entitiesByFirstPeriod).to.deep.equal([{ period: "2024-01-07", entities: 2 }]);
    expect(quality.entitiesByLastPeriod).to.deep.equal([
      { period: "2024-01-14", entities: 1 },
      { period: "2024-01-21", entities: 1 },
    ]);
    expect(quality.entitiesByPeriod.map((each) => each.entities)).to.deep.equal([2, 2, 1]);
    expect(quality.gaps).to.deep.equal({ rows: 1, rowShare: 0.2, entities: 1, sourceAbsentRows: 0, emptyPeriods: [] });
    expect(quality.labels).to.deep.equal([{ source: "audit", labels: 2, harmful: 1, fine: 0, pending: 1, coverage: 0.2, entities: 2 }]);
    expect(result.codes).to.deep.equal(["period-not-over"]);
  });

  it("gives the share of the largest hundredth of entities, ties and all", () => {
    const oneFlow = { name: "m", title: "M", kind: "flow", unit: "count", decimals: 0 } as const;
    fastCheck.assert(
      fastCheck.property(fastCheck.array(fastCheck.nat(6), { minLength: 1, maxLength: 900 }), (totals) => {
        const account = new MeasureAccount({
          grain: "week",
          firstPeriod: 0,
          lastPeriod: 0,
          measures: [oneFlow],
          entityCount: totals.length,
        });
        const rowStart = Int32Array.from({ length: totals.length + 1 }, (_, row) => row);
        account.add({ rowStart, firstPeriod: new Int32Array(totals.length), measures: [Float64Array.from(totals)] });
        const sum = (values: readonly number[]) => values.reduce((left, right) => left + right, 0);
        const largest = totals.toSorted((a, b) => b - a).slice(0, Math.max(1, Math.floor(totals.length / 100)));
        const expected = sum(totals) > 0 ? sum(largest) / sum(totals) : undefined;
        expect(account.finish()[0]?.quality.topOnePercentShare).to.equal(expected);
      }),
    );
  });

  it("names periods in which nobody has a row", async () => {
    writeFiles(folder, {
      "panel.csv": "seller_id,week_end,orders\na,2024-01-07,1\na,2024-01-21,3\n",
      "descriptor.yaml":
        "dataset: empty\nentity: seller\ngrain: week\nknown_at: 2024-02-01\nkey: seller_id\nfiles:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n",
    });
    const result = await importFrom(folder);
    expect(result.codes).to.deep.equal(["empty-periods"]);
    expect(manifestOf(result).quality.gaps.emptyPeriods).to.deep.equal(["2024-01-14"]);
  });

  it("sums exactly and gives quantiles within 1/128, in any order", () => {
    const value = fastCheck.oneof(fastCheck.integer({ min: -300, max: 300 }), fastCheck.maxSafeInteger());
    fastCheck.assert(
      fastCheck.property(
        fastCheck.array(value, { minLength: 1, maxLength: 50 }),
        fastCheck.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const sketch = new ValueSketch();
          sketch.add(Float64Array.from([...values, Number.NaN]));
          const reversed = new ValueSketch();
          reversed.add(Float64Array.from(values.toReversed()));
          expect(sketch.sum).to.equal(values.reduce((sum, each) => sum + BigInt(each), 0n));
          expect(sketch.missing).to.equal(1);
          const sorted = [...values].sort((a, b) => a - b);
          const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1] ?? 0;
          const found = sketch.quantile(share) ?? Number.NaN;
          expect(Math.abs(found - exact)).to.be.at.most(Math.abs(exact) < 256 ? 0 : Math.abs(exact) / 128);
          expect(reversed.quantile(share)).to.equal(found);
        },
      ),
    );
  });
});
