/** Measures in another currency: exact to the hundredth, whatever the sizes, and nothing at all where none is asked for. */
import { expect } from "chai";
import fc from "fast-check";
import { InputRefused, parseDay, periodOf, present } from "../../data/foundation/index.ts";
import { conversionIn, convertedPanel, type Panel, type PanelSchema, panelFromRows, panelMeasure } from "../../data/panel/index.ts";

const first = periodOf("week", present(parseDay("2024-01-01"), "a day"));
const day = present(parseDay("2024-01-07"), "a day");

/** One entity with so many hundredths a week, at one rate. */
function panelOf(amounts: readonly number[], rate = 1, kind: "flow" | "level" = "flow"): Panel {
  const schema: PanelSchema = {
    entity: "seller",
    grain: "week",
    firstPeriod: first,
    lastPeriod: first + amounts.length - 1,
    currency: "EUR",
    rates: [{ to: "USD", dated: [{ day, rate }] }],
    measures: [{ name: "gmv", kind, unit: "money", decimals: 2, title: "Sales" }],
    attributes: [],
    events: [],
    outcomes: [],
    assignedTiers: [],
    knownAt: day + 1000,
  };
  const rows = amounts.map((gmv, index) => ({ entity: "a", period: first + index, measures: { gmv } }));
  return panelFromRows({ schema, rows });
}

function converted(panel: Panel, name = "gmv in USD"): readonly number[] {
  const { schema, convert } = convertedPanel(panel.schema, [name]);
  const index = schema.measures.findIndex((measure) => measure.name === name);
  return [...present(convert(panel.readChunk(0)).measures[index], name)];
}

describe("amounts in another currency", () => {
  it("are columns behind the panel's own, by the names that policies use", () => {
    const panel = panelOf([100, 250], 1.1);
    const { schema, convert } = convertedPanel(panel.schema, ["gmv", "gmv in USD", "gmv in USD", "gmv in EUR"]);
    expect(schema.measures.map(({ name, title }) => [name, title])).to.deep.equal([
      ["gmv", "Sales"],
      ["gmv in USD", "Sales in USD"],
      ["gmv in EUR", "Sales in EUR"],
    ]);
    expect(convert(panel.readChunk(0)).measures.map((column) => [...column])).to.deep.equal([
      [100, 250],
      [110, 275],
      [100, 250],
    ]);
  });

  it("cost nothing where none is read: schema and chunks are those of the panel", () => {
    const { schema, readChunk } = panelOf([100]);
    const plain = convertedPanel(schema, ["gmv"]);
    const chunk = readChunk(0);
    expect(plain.schema).to.equal(schema);
    expect(plain.convert(chunk)).to.equal(chunk);
  });

  it("are made from the columns that they need: no other is asked for", () => {
    const { schema, readChunk } = panelOf([100, 250], 1.1);
    const chunk = readChunk(0);
    const refused = { enumerable: true, get: () => expect.fail("nobody needs it") };
    const amounts = present(chunk.measures[0], "amounts");
    const measures: Float64Array[] = [amounts];
    Object.defineProperty(measures, 1, refused);
    const shy = Object.defineProperties({ ...chunk, measures }, { events: refused, outcomes: refused, attributes: refused });
    const wider = { ...schema, measures: [...schema.measures, { ...present(schema.measures[0], "a measure"), name: "fees" }] };
    const read = convertedPanel(wider, ["gmv in USD"]).convert(shy);
    expect([...present(read.measures[2], "converted")]).to.deep.equal([110, 275]);
    expect([read.rowCount, read.measures[0], read.measures.length]).to.deep.equal([2, amounts, 3]);
  });

  it("are the exact product to the nearest whole, ties away from zero, of any amount and rate", () => {
    const digits = fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.integer({ min: 0, max: 14 }));
    const amounts = fc.array(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger()), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(digits, amounts, ([times, decimals], given) => {
        const rate = Number(`${times}e-${decimals}`);
        // Twice the exact product in parts, so that a half is whole: its distance from twice the result is at most one part.
        const parts = 10n ** BigInt(decimals);
        const safe = given.filter((amount) => Math.abs(amount) * rate < 2 ** 52);
        if (safe.length === 0) return;
        for (const [index, value] of converted(panelOf(safe, rate)).entries()) {
          const amount = BigInt(present(safe[index], "an amount"));
          const distance = amount * BigInt(times) * 2n - BigInt(value) * 2n * parts;
          const [size, isOutward] = [distance < 0n ? -distance : distance, distance < 0n === amount >= 0n];
          expect(size < parts || (size === parts && isOutward), `${amount} x ${times}e-${decimals} = ${value}`).to.equal(true);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("are missing where a level is", () => {
    const panel = panelOf([100, Number.NaN], 2, "level");
    expect(converted(panel)).to.deep.equal([200, Number.NaN]);
  });

  it("stop the run where they would no longer be exact", () => {
    const beyond = () => converted(panelOf([Number.MAX_SAFE_INTEGER], 1.5));
    expect(beyond).to.throw(InputRefused).with.nested.property("diagnostics[0].code", "limit-exceeded");
    expect(beyond).to.throw(/'gmv in USD' of seller a/);
  });

  it("have names that no measure has by itself", () => {
    expect(["gmv in USD", "gmv", "in", "gmv in usd", "gmv in USDT"].map(conversionIn)).to.deep.equal([
      { measure: "gmv", currency: "USD" },
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(["gmv in USD", "gmv"].map(panelMeasure)).to.deep.equal(["gmv", "gmv"]);
  });
});
