/** Periods, gaps, snapshots and corrections: what the frozen history shows, also as it was known on a day. */
import { join } from "node:path";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { parseDay, present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { importFrom, manifestOf, panelOf, rejectedOf, testFolder, valuesOf, writeFiles } from "./dataset-files.ts";

const head = "dataset: history\nentity: seller\ngrain: week\nknown_at: 2024-03-31\nkey: [seller_id]\n";
const day = (text: string) => present(parseDay(text), text);

/** Entity and its periods' count, for all chunks. */
function spans(panel: Panel): string[] {
  const found: string[] = [];
  for (let index = 0; index < panel.chunkCount; index++) {
    const chunk = panel.readChunk(index);
    for (const [i, entity] of chunk.entities.entries()) {
      const reported = [...chunk.reported.subarray(present(chunk.rowStart[i], "start"), present(chunk.rowStart[i + 1], "end"))].join("");
      found.push(`${entity.replaceAll("\u001f", "/")} ${reported}`);
    }
  }
  return found;
}

describe("periods and gaps", () => {
  const folder = testFolder();

  it("fills a gap with flows of 0 and levels carried as far as declared, and keeps exits", async () => {
    writeFiles(join(folder, "gaps"), {
      "panel.csv":
        "seller_id,week_end,orders,rating\na,2024-01-07,1,4\na,2024-02-04,2,5\nb,2024-01-07,1,4\nb,2024-01-14,1,\nb,2024-01-21,1,\nc,2024-01-28,1,3\n",
      "descriptor.yaml": `${head}files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count }, rating: { level: number, carry: 2 periods } } }
`,
    });
    const panel = panelOf(await importFrom(join(folder, "gaps")));
    expect(spans(panel)).to.deep.equal(["a 10001", "b 111", "c 1"]);
    expect(valuesOf(panel, "a", "orders")).to.deep.equal([1, 0, 0, 0, 2]);
    expect(valuesOf(panel, "a", "rating")).to.deep.equal([4, 4, 4, undefined, 5]);
    expect(valuesOf(panel, "b", "rating")).to.deep.equal([4, 4, 4]);
  });

  it("knows the last period whose flows are complete: the last one that had ended", async () => {
    const files = (completeTo: string) => ({
      "panel.csv": "seller_id,week_end,orders\na,2024-01-14,1\na,2024-02-04,2\n",
      "descriptor.yaml": `${head}complete_to: ${completeTo}\nfiles:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n`,
    });
    writeFiles(join(folder, "complete"), files("2024-01-27"));
    const imported = await importFrom(join(folder, "complete"));
    const { firstPeriod, completeTo } = panelOf(imported).schema;
    expect(completeTo).to.equal(firstPeriod + 1);
    expect(manifestOf(imported).quality.remarks).to.deep.equal([
      "Flows are complete up to 2024-01-21; the 2 weeks after it hold only what became of earlier facts. " +
        "Replays and comparisons end there unless they name a later day.",
    ]);
    writeFiles(join(folder, "too-early"), files("2024-01-13"));
    const [fault, ...rest] = (await importFrom(join(folder, "too-early"))).diagnostics;
    expect(rest).to.deep.equal([]);
    expect(fault).to.deep.include({ code: "bad-form", expected: "2024-01-14 or a later day" });
    expect(fault?.place).to.include({ line: 6, column: 14 });
  });

  it("joins the columns of a composite key, whose order counts", async () => {
    writeFiles(join(folder, "keys"), {
      "panel.csv": "shop,market,week_end,orders\n1,BR,2024-01-07,1\n1,MX,2024-01-07,2\n01,BR,2024-01-07,3\n",
      "descriptor.yaml": `${head.replace("[seller_id]", "[market, shop]")}files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }
`,
    });
    expect(spans(panelOf(await importFrom(join(folder, "keys"))))).to.deep.equal(["BR/01 1", "BR/1 1", "MX/1 1"]);
  });

  it("sorts entities by code units, also beyond the basic plane", async () => {
    const names = ["\u{1F600}", "\uFF5E", "z", "Z", "é"];
    writeFiles(join(folder, "order"), {
      "panel.csv": `seller_id,week_end,orders\n${names.map((name) => `${name},2024-01-07,1`).join("\n")}\n`,
      "descriptor.yaml": `${head}files:\n  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }\n`,
    });
    expect(panelOf(await importFrom(join(folder, "order"))).readChunk(0).entities).to.deep.equal([...names].sort());
  });

  it("puts months and days into periods", async () => {
    for (const [grain, count] of [
      ["month", 3],
      ["day", 61],
    ] as const) {
      writeFiles(join(folder, grain), {
        "panel.csv": "seller_id,at,orders\na,2023-12-31,1\na,2024-02-29,2\n",
        "descriptor.yaml": `${head.replace("week", grain)}files:\n  - { path: panel.csv, holds: panel, period: at, columns: { orders: { flow: count } } }\n`,
      });
      const { periods } = manifestOf(await importFrom(join(folder, grain)));
      expect(periods).to.deep.equal({ grain, from: "2023-12-31", to: "2024-02-29", count });
    }
  });
});

describe("snapshots at irregular dates", () => {
  const folder = testFolder();
  const snapshots =
    "seller_id,taken_on,feed,rating\na,2024-01-02,x,1\na,2024-01-06,x,2\na,2024-01-19,x,3\nb,2024-01-03,y,5\nb,2024-01-03,y,5\nb,2024-02-01,y,7\nc,2024-01-04,x,9\nd,2024-01-05,y,4\nc,2024-02-01,x,8\n";
  const descriptor = (rule: string, source: string) => `${head}files:
  - { path: shots.csv, holds: snapshots, date: taken_on, rule: ${rule},${source} columns: { rating: { level: number, carry: 1 period } }, ignore: feed }
`;

  it("take the last of a period, or the first, as declared", async () => {
    for (const [rule, first] of [
      ["last in period", 2],
      ["first in period", 1],
    ] as const) {
      const place = join(folder, rule);
      writeFiles(place, { "shots.csv": snapshots, "descriptor.yaml": descriptor(rule, "") });
      const result = await importFrom(place);
      expect(valuesOf(panelOf(result), "a", "rating").slice(0, 3)).to.deep.equal([first, first, 3]);
      expect(rejectedOf(result).map((entry) => [entry.line, entry.code])).to.deep.equal([[6, "duplicate-row"]]);
      expect(manifestOf(result).quality.remarks.some((remark) => remark.startsWith("1 snapshots"))).to.equal(true);
    }
  });

  it("are picked by one rule in all files of a table", async () => {
    const place = join(folder, "rules");
    const second =
      "  - { path: more.csv, holds: snapshots, date: taken_on, rule: first in period, columns: { rating: { level: number, carry: 1 period } }, ignore: feed }\n";
    writeFiles(place, { "shots.csv": snapshots, "more.csv": snapshots, "descriptor.yaml": `${descriptor("last in period", "")}${second}` });
    const { manifest, diagnostics } = await importFrom(place);
    expect(manifest).to.equal(undefined);
    expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).to.deep.equal([
      "conflicting-definition: 'more.csv' is part of one table with 'shots.csv' and picks the first in period, not the last in period",
    ]);
  });

  it("make a run in which a whole source is absent a gap, not an exit", async () => {
    const place = join(folder, "feeds");
    writeFiles(place, { "shots.csv": snapshots, "descriptor.yaml": descriptor("last in period", " source: feed,") });
    const result = await importFrom(place);
    // Feed y delivers nothing in the second to fourth week: d may be there still. Feed x delivers in the third without c, then in the fifth.
    expect(spans(panelOf(result))).to.deep.equal(["a 1010", "b 10001", "c 10001", "d 1000"]);
    expect(manifestOf(result).quality.gaps).to.deep.include({ entities: 4, sourceAbsentRows: 10 });
    expect(valuesOf(panelOf(result), "d", "rating")).to.deep.equal([4, 4, undefined, undefined]);
  });
});

describe("two clocks", () => {
  const folder = testFolder();
  let panelAt: (text?: string) => Panel;

  before(async () => {
    writeFiles(folder, {
      "panel.csv": [
        "seller_id,week_end,known,orders,region,tier",
        "a,2024-01-07,2024-01-08,1,north,gold",
        "a,2024-01-07,2024-02-01,9,south,watch",
        "a,2024-01-14,2024-01-15,2,,",
        "b,2024-01-07,2024-03-01,5,north,gold",
        "b,2024-01-14,2024-01-15,6,north,gold",
        "a,2024-01-07,2024-02-01,9,south,watch",
        "c,2024-01-14,2024-01-15,3,north,gold",
        "c,2024-01-28,2024-01-29,4,north,gold",
        "d,2024-01-21,2024-01-22,4,north,gold",
      ].join("\n"),
      "events.csv": "seller_id,id,day,known,kind\na,e1,2024-01-08,2024-01-09,violation\na,e2,2024-01-08,2024-02-09,violation\n",
      "labels.csv": "seller_id,day,source,outcome,known\na,2024-01-07,audit,pending,2024-01-10\na,2024-01-07,audit,harmful,2024-02-10\n",
      "descriptor.yaml": `${head}files:
  - path: panel.csv
    holds: panel
    period: week_end
    known_at: known
    columns: { orders: { flow: count }, region: { attribute: text }, tier: { assigned_tier: [gold, watch] } }
  - { path: events.csv, holds: events, id: id, day: day, known_at: known, kind: kind, kinds: { violation: Violation } }
  - { path: labels.csv, holds: outcomes, day: day, source: source, outcome: outcome, known_at: known }
outcomes:
  audit: { kind: state, role: audit, definition: Found bad by an audit. }
`,
    });
    const result = await importFrom(folder, { chunkRows: 3 });
    panelAt = (text) => panelOf(result, text === undefined ? undefined : day(text));
    expect(rejectedOf(result).map((entry) => [entry.line, entry.code])).to.deep.equal([[7, "duplicate-row"]]);
    expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
  });

  it("shows the latest correction", () => {
    expect(valuesOf(panelAt(), "a", "orders")).to.deep.equal([9, 2]);
    expect(panelAt().readChunk(0).assignedTier[0]).to.equal(1);
  });

  it("shows what was known on a day, unchanged by later corrections", () => {
    const panel = panelAt("2024-01-21");
    expect(valuesOf(panel, "a", "orders")).to.deep.equal([1, 2]);
    expect(panel.readChunk(0).assignedTier[0]).to.equal(0);
    expect(valuesOf(panel, "b", "orders")).to.deep.equal([6]);
    expect(spans(panel)).to.deep.equal(["a 11", "b 1", "c 1"]);
    expect([panel.entityCount, panel.rowCount, panel.schema.knownAt]).to.deep.equal([3, 4, day("2024-01-21")]);
    expect(panel.schema.lastPeriod).to.equal(panelAt().schema.lastPeriod - 1);
    const chunk = panel.readChunk(0);
    expect([chunk.events.count, chunk.outcomes.count, chunk.outcomes.harmful[0]]).to.deep.equal([1, 1, -1]);
  });

  it("carries a dated attribute until another is stated", () => {
    const panel = panelAt("2024-01-21");
    const values = panel.schema.attributes[0]?.values ?? [];
    expect(Array.from(present(panel.readChunk(0).attributes[0], "region").subarray(0, 2), (code) => values[code])).to.deep.equal([
      "north",
      "north",
    ]);
  });

  it("is the same on every day after the last that the files know", () => {
    expect(panelAt("2030-01-01").readChunk(0)).to.deep.equal(panelAt().readChunk(0));
    expect(panelAt("2024-03-30").readChunk(0)).to.deep.equal(panelAt().readChunk(0));
  });

  it("leaves out entities of which nothing was known yet", () => {
    expect(spans(panelAt("2024-01-08"))).to.deep.equal(["a 1"]);
  });

  it("refuses a day before any period had ended", () => {
    expect(() => panelAt("2024-01-06")).to.throw("nothing-known-yet");
  });
});
