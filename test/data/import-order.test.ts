/** The order of rows and of files says nothing: with rows that repeat or contradict each other, too, it is one dataset. */
import { join } from "node:path";
import { expect } from "chai";
import { importFrom, manifestOf, panelOf, rejectedOf, testFolder, valuesOf, writeFiles } from "./dataset-files.ts";

/** Tables with repeated and contradicting rows: header, then rows. */
const tables = {
  panel: [
    "seller_id,week_end,orders,rate,weight",
    "a,2024-01-07,1,0.5,1.25",
    "a,2024-01-05,1,0.50,1.25",
    "a,2024-01-14,2,,1.25",
    "b,2024-01-07,3,0.5,1.25",
    "b,2024-01-07,4,0.5,1.25",
    "b,2024-01-07,3,0.5,1.25",
    "b,2024-01-14,,0,0",
    "b,2024-01-14,0,-0,-0",
    "c,2024-01-14,5,,1.25",
    "c,2024-01-14,5,0,1.25",
    "c,2024-01-21,6,1,1.25",
  ],
  versions: [
    "seller_id,week_end,known,fines",
    "a,2024-01-07,2024-01-08,1",
    "a,2024-01-07,2024-01-20,2",
    "a,2024-01-07,2024-01-20,3",
    "c,2024-01-21,2024-01-22,4",
    "c,2024-01-21,2024-01-22,4",
  ],
  shots: [
    "seller_id,taken,feed,shown",
    "a,2024-01-03,x,1",
    "a,2024-01-03,y,1",
    "c,2024-01-17,x,2",
    "c,2024-01-17,y,3",
    "c,2024-01-16,y,4",
    "b,2024-02-01,y,5",
  ],
  events: [
    "seller_id,id,day,known,kind,points",
    "a,e1,2024-01-08,2024-01-09,violation,2",
    "a,e1,2024-01-08,2024-01-12,violation,2.0",
    "a,e2,2024-01-08,2024-01-09,violation,2",
    "a,e2,2024-01-08,2024-01-09,violation,",
    "c,e2,2024-01-20,2024-01-21,violation,1",
  ],
  labels: [
    "seller_id,day,source,outcome,known,p",
    "a,2024-01-07,audit,fine,2024-02-01,0.1",
    "a,2024-01-07,audit,harmful,2024-02-01,0.1",
    "a,2024-01-14,audit,fine,2024-02-01,0.1",
    "a,2024-01-14,audit,fine,2024-02-01,0.1",
    "a,2024-01-14,audit,harmful,2024-02-09,0.1",
    "c,2024-01-14,audit,fine,2024-02-01,0.1",
    "c,2024-01-14,audit,fine,2024-02-01,0.2",
  ],
  sellers: ["seller_id,state", "a,X", "b,X", "b,Y", "c,Z", "c,Z"],
} as const;

const reasons = [
  { code: "conflicting-row", count: 17 },
  { code: "duplicate-row", count: 7 },
];

describe("rows in another order", () => {
  const folder = testFolder();
  const descriptor = (files: readonly string[]) => {
    const described: Readonly<Record<string, string>> = {
      panel:
        "holds: panel, period: week_end, columns: { orders: { flow: count }, rate: { level: share, decimals: 2 }, weight: { attribute: number } }",
      versions: "holds: panel, period: week_end, known_at: known, columns: { fines: { flow: count } }",
      shots: "holds: snapshots, date: taken, rule: last in period, source: feed, columns: { shown: { level: count, carry: 3 periods } }",
      events: "holds: events, id: id, day: day, known_at: known, kind: kind, points: points, kinds: { violation: Violation }",
      labels: "holds: outcomes, day: day, source: source, outcome: outcome, known_at: known, probability: p",
      sellers: "holds: entities, columns: { state: { attribute: text } }",
    };
    const list = files.map((file) => `  - { path: ${file}, ${described[file.replace(/\d?\..*/, "")]} }\n`).join("");
    return `dataset: order\nentity: seller\ngrain: week\nknown_at: 2024-03-31\nkey: [seller_id]\nfiles:\n${list}outcomes:\n  audit: { kind: state, role: audit, definition: Found bad by an audit. }\n`;
  };
  const importTables = (name: string, contents: Readonly<Record<string, string>>) => {
    writeFiles(join(folder, name), { ...contents, "descriptor.yaml": descriptor(Object.keys(contents)) });
    return importFrom(join(folder, name));
  };
  const inOrder = (name: string, order: (rows: readonly string[]) => readonly string[]) =>
    importTables(
      name,
      Object.fromEntries(Object.entries(tables).map(([table, [header, ...rows]]) => [`${table}.csv`, [header, ...order(rows)].join("\n")])),
    );
  let digest = "";

  before(async () => {
    const result = await inOrder("given", (rows) => rows);
    digest = manifestOf(result).digest;
    expect(manifestOf(result).rejected.reasons).to.deep.equal(reasons);
    const panel = panelOf(result);
    expect(valuesOf(panel, "a", "orders")).to.deep.equal([1, 2]);
    expect(panel.readChunk(0).attributes[0]?.[0]).to.equal(1.25);
    expect(valuesOf(panel, "a", "fines")).to.deep.equal([1, 0]);
    expect(valuesOf(panel, "b", "orders")[0]).to.equal(0);
    expect(valuesOf(panel, "c", "shown")).to.deep.equal([4, 4]);
    const { events, outcomes } = panel.readChunk(0);
    expect([...events.id]).to.deep.equal(["e1", "e2"]);
    expect(events.knownDay[0]).to.equal(Date.UTC(2024, 0, 9) / 86_400_000);
    expect([...outcomes.harmful]).to.deep.equal([0, 1]);
    expect(new Set(rejectedOf(result).map((entry) => entry.reason.replace(/^'.*?' /, "")))).to.deep.equal(
      new Set([
        "has another row of the same period that says something else; neither is kept",
        "has another row of the same period that says the same; one is kept",
        "has another row of the same period and known-at day that says something else; neither is kept",
        "has another row of the same period and known-at day that says the same; one is kept",
        "has another row of the same date that says something else; neither is kept",
        "has another row of the same date that says the same; one is kept",
        "stands in another row that says something else; neither is kept",
        "stands in another row that says the same; one is kept",
      ]),
    );
  });

  it("are the same dataset", async () => {
    expect(manifestOf(await inOrder("turned", (rows) => rows.toReversed())).digest).to.equal(digest);
    for (const step of [2, 3, 5]) {
      const stepped = (rows: readonly string[]) =>
        Array.from({ length: step }, (_, start) => rows.filter((_row, i) => i % step === start)).flat();
      expect(manifestOf(await inOrder(`step ${step}`, stepped)).digest).to.equal(digest);
    }
  });

  it("are the same dataset when they stand in two files, whichever comes first", async () => {
    const halves = (first: number) =>
      Object.fromEntries(
        Object.entries(tables).flatMap(([table, [header, ...rows]]) =>
          [first, 1 - first].map((half, index) => [`${table}${index}.csv`, [header, ...rows.filter((_, i) => i % 2 === half)].join("\n")]),
        ),
      );
    for (const first of [0, 1]) {
      const result = await importTables(`halves ${first}`, halves(first));
      expect(manifestOf(result).rejected.reasons).to.deep.equal(reasons);
      expect(manifestOf(result).digest).to.equal(digest);
    }
  });
});
