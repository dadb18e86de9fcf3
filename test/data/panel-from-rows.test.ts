/** Panels from plain rows, which other rooms' tests stand on. */
import { expect } from "chai";
import { type PanelSchema, panelFromRows } from "../../data/panel/index.ts";

const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: 2800,
  lastPeriod: 2805,
  knownAt: 19_700,
  measures: [
    { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
    { name: "rating", kind: "level", unit: "number", decimals: 2, title: "Rating", carryPeriods: 1 },
  ],
  attributes: [
    { name: "region", scope: "row", type: "text", title: "Region" },
    { name: "opened", scope: "entity", type: "day", title: "Opened on" },
  ],
  events: [{ name: "violation", title: "Violation" }],
  outcomes: [{ name: "audit", title: "Audit", kind: "state", role: "audit", horizonDays: 0, lagDays: 0, measures: [], definition: "" }],
  assignedTiers: ["gold", "watch"],
};
const rows = [
  { entity: "b", period: 2804, measures: { orders: 6 } },
  {
    entity: "b",
    period: 2801,
    measures: { orders: 5, rating: 430 },
    attributes: { region: "x", opened: "2020-01-01" },
    assignedTier: "watch",
  },
  { entity: "a", period: 2801, measures: {} },
];

describe("a panel from plain rows", () => {
  it("fills gaps as the schema declares", () => {
    const panel = panelFromRows({ schema, rows });
    expect([panel.chunkCount, panel.entityCount, panel.rowCount]).to.deep.equal([1, 2, 5]);
    const chunk = panel.readChunk(0);
    expect(chunk.entities).to.deep.equal(["a", "b"]);
    expect([...(chunk.measures[0] ?? [])]).to.deep.equal([0, 5, 0, 0, 6]);
    expect([...(chunk.measures[1] ?? [])]).to.deep.equal([Number.NaN, 430, 430, Number.NaN, Number.NaN]);
    expect([...chunk.reported]).to.deep.equal([1, 1, 0, 0, 1]);
    expect([...chunk.assignedTier]).to.deep.equal([-1, 1, -1, -1, -1]);
    expect([...(chunk.attributes[0] ?? [])]).to.deep.equal([-1, 0, 0, 0, 0]);
    expect([...(chunk.attributes[1] ?? [])]).to.deep.equal([Number.NaN, 18_262]);
  });

  it("orders events and labels, whatever their order was", () => {
    const event = { entity: "b", kind: "violation", day: 3 };
    const label = { entity: "b", source: "audit", harmful: 1 as const };
    const { events, outcomes } = panelFromRows({
      schema,
      rows,
      events: [
        { ...event, knownDay: 5, id: "x" },
        { ...event, knownDay: 4, id: "z" },
        { ...event, knownDay: 4, id: "y" },
      ],
      outcomes: [
        { ...label, day: 9, knownDay: 9 },
        { ...label, day: 8, knownDay: 12 },
      ],
    }).readChunk(0);
    expect([events.id, [...events.start]]).to.deep.equal([
      ["y", "z", "x"],
      [0, 0, 3],
    ]);
    expect([[...outcomes.day], [...outcomes.start]]).to.deep.equal([
      [8, 9],
      [0, 0, 2],
    ]);
  });

  it("gives every field that some kind lists, empty where an event carries none", () => {
    const kinds = [
      { name: "violation", title: "Violation", fields: ["severity", "buyer"], points: true },
      { name: "appeal", title: "Appeal", fields: ["about"] },
    ];
    const event = { entity: "b", day: 3, knownDay: 5 };
    const { events } = panelFromRows({
      schema: { ...schema, events: kinds },
      rows,
      events: [
        { ...event, kind: "appeal", id: "w", fields: { about: "v" } },
        { ...event, kind: "violation", id: "v", fields: { severity: "high" }, points: 2 },
      ],
    }).readChunk(0);
    expect([...events.fields]).to.deep.equal([
      ["about", ["", "v"]],
      ["buyer", ["", ""]],
      ["severity", ["high", ""]],
    ]);
    expect([...events.points]).to.deep.equal([2, Number.NaN]);
  });

  it("throws when an event carries what its kind does not list", () => {
    const event = { entity: "a", kind: "violation", day: 3, knownDay: 5, id: "x" };
    expect(() => panelFromRows({ schema, rows, events: [{ ...event, fields: { buyer: "q" } }] })).to.throw("carry no field 'buyer'");
    expect(() => panelFromRows({ schema, rows, events: [{ ...event, points: 1 }] })).to.throw("carry no points");
  });

  it("cuts chunks between entities", () => {
    const panel = panelFromRows({ schema, rows, chunkEntities: 1 });
    expect([panel.chunkCount, panel.readChunk(1).entities, panel.readChunk(1).index]).to.deep.equal([2, ["b"], 1]);
  });

  it("throws when a row names what the schema lacks", () => {
    const wrong = [{ entity: "a", period: 2801, measures: { order: 1 } }];
    expect(() => panelFromRows({ schema, rows: wrong })).to.throw("measure 'order' is absent");
    expect(() => panelFromRows({ schema, rows: [...rows, ...rows] })).to.throw("two rows of period");
  });
});
