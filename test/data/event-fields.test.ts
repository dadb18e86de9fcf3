/** Named text fields of events, from the file to the panel. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { parseDay, present } from "../../data/foundation/index.ts";
import { chunkPath, type EventColumns, openPanel, readManifest } from "../../data/panel/index.ts";
import { entityHistory } from "../../policies/explain/entity-history.ts";
import { importFrom, manifestOf, ndjsonOf, panelOf, parquetOf, rejectedOf, testFolder, writeFiles } from "./dataset-files.ts";

const panelCsv = "seller_id,week_end,orders\na,2024-01-07,1\na,2024-02-04,2\nb,2024-01-14,3\n";
const eventsCsv = `seller_id,id,day,known,kind,points,severity,violation_id,buyer_id
a,g1,2024-01-20,2024-01-20,appeal_granted,,,v1,
a,v2,2024-01-04,2024-01-05,violation,,, ,7
a,v1,2024-01-03,2024-01-05,violation,4,high,,q
b,v3,2024-01-10,2024-01-12,violation,2,low,,q
`;
const head = `dataset: fields
entity: seller
grain: week
known_at: 2024-03-31
key: [seller_id]
files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }
`;
const columns = "holds: events, id: id, day: day, known_at: known, kind: kind";
const kinds = "kinds: { violation: Violation, appeal_granted: Appeal granted }";
const fields = "points: points, severity: severity, fields: { buyer: buyer_id, about: violation_id }";
const descriptor = (path: string) => `${head}  - { path: ${path}, ${columns}, ${fields}, ${kinds} }\n`;

function shown({ id, fields }: EventColumns): unknown {
  return { id, ...Object.fromEntries(fields) };
}

describe("fields of events", () => {
  const folder = testFolder();
  const importEvents = async (path: string, content: string | Uint8Array, text = descriptor(path)) => {
    const place = join(folder, path);
    writeFiles(place, { "panel.csv": panelCsv, [path]: content, "descriptor.yaml": text });
    return importFrom(place);
  };
  const whole = {
    id: ["v1", "v2", "g1", "v3"],
    about: ["", "", "v1", ""],
    buyer: ["q", "7", "", "q"],
    severity: ["high", "", "", "low"],
  };

  const forms: Record<string, () => Promise<string | Uint8Array> | string> = {
    "events.csv": () => eventsCsv,
    "events.ndjson": () => ndjsonOf(eventsCsv),
    "events.parquet": () => parquetOf(folder, eventsCsv),
  };
  const digests = new Set<string>();
  for (const [name, content] of Object.entries(forms)) {
    it(`are read from ${name}, trimmed, in the order of their names`, async () => {
      const result = await importEvents(name, await content());
      expect(manifestOf(result).rejected.rows).to.equal(0);
      const panel = panelOf(result);
      expect(shown(panel.readChunk(0).events)).to.deep.equal(whole);
      expect([...panel.readChunk(0).events.fields.keys()]).to.deep.equal(["about", "buyer", "severity"]);
      expect(panel.schema.events).to.deep.equal([
        { name: "violation", title: "Violation", fields: ["about", "buyer", "severity"], points: true },
        { name: "appeal_granted", title: "Appeal granted", fields: ["about", "buyer", "severity"], points: true },
      ]);
      expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
      digests.add(manifestOf(result).digest);
    });
  }

  it("give one digest whatever the format, the order in which they are listed and the chunks", async () => {
    const turned = descriptor("turned.csv").replace("buyer: buyer_id, about: violation_id", "about: violation_id, buyer: buyer_id");
    digests.add(manifestOf(await importEvents("turned.csv", eventsCsv, turned)).digest);
    const small = await importFrom(join(folder, "turned.csv"), { home: join(folder, "small"), chunkRows: 2, memoryBytes: 1 });
    expect(panelOf(small).chunkCount).to.equal(2);
    expect(shown(panelOf(small).readChunk(1).events)).to.deep.equal({ id: ["v3"], about: [""], buyer: ["q"], severity: ["low"] });
    digests.add(manifestOf(small).digest);
    expect(digests.size).to.equal(1);
  });

  it("give another digest when one of them changes, or its name", async () => {
    digests.add(manifestOf(await importEvents("text.csv", eventsCsv.replace("appeal_granted,,,v1", "appeal_granted,,,v2"))).digest);
    digests.add(manifestOf(await importEvents("name.csv", eventsCsv, descriptor("name.csv").replace("buyer:", "bought_by:"))).digest);
    expect(digests.size).to.equal(3);
  });

  it("stay with their events when the panel is pinned to a day", async () => {
    const result = await importEvents("pinned.csv", eventsCsv);
    const known = (day: string) => shown(panelOf(result, present(parseDay(day), day)).readChunk(0).events);
    expect(known("2024-01-19")).to.deep.equal({
      id: ["v1", "v2", "v3"],
      about: ["", "", ""],
      buyer: ["q", "7", "q"],
      severity: ["high", "", "low"],
    });
    expect(known("2024-01-10")).to.deep.equal({ id: ["v1", "v2"], about: ["", ""], buyer: ["q", "7"], severity: ["high", ""] });
  });

  it("reach the history of an entity, those that are not empty", async () => {
    const panel = panelOf(await importEvents("history.csv", eventsCsv));
    expect(entityHistory(panel.schema, panel.readChunk(0), 0).events.map((event) => event.fields)).to.deep.equal([
      { buyer: "q", severity: "high" },
      { buyer: "7" },
      { about: "v1" },
    ]);
  });

  it("may differ from file to file: a kind lists what any file of it holds", async () => {
    const place = join(folder, "two");
    writeFiles(place, {
      "panel.csv": panelCsv,
      "found.csv": "seller_id,id,at,what,sort,code\na,v1,2024-01-03,violation,fake,x\na,v2,2024-01-04,violation,,y\n",
      "told.csv": "seller_id,id,at,what,points,of\na,v3,2024-01-05,violation,3,\na,g1,2024-01-06,appeal_granted,,v1\n",
      "descriptor.yaml": `${head}  - { path: found.csv, holds: events, id: id, day: at, kind: what, fields: { type: sort, code: code }, kinds: { violation: Violation } }
  - { path: told.csv, holds: events, id: id, day: at, kind: what, points: points, fields: { about: of }, ${kinds} }
`,
    });
    const result = await importFrom(place);
    const panel = panelOf(result);
    expect(panel.schema.events).to.deep.equal([
      { name: "violation", title: "Violation", fields: ["about", "code", "type"], points: true },
      { name: "appeal_granted", title: "Appeal granted", fields: ["about"], points: true },
    ]);
    expect(shown(panel.readChunk(0).events)).to.deep.equal({
      id: ["v1", "v2", "v3", "g1"],
      about: ["", "", "", "v1"],
      code: ["x", "y", "", ""],
      type: ["fake", "", "", ""],
    });
    expect(verifyDataset(present(result.folder, "folder"))).to.deep.equal([]);
  });

  it("are part of what an event says: one that comes twice with another buyer is left out", async () => {
    const twice = `${eventsCsv}a,v1,2024-01-03,2024-01-05,violation,4,high,,r\nb,v3,2024-01-10,2024-01-13,violation,2,low,,q\n`;
    const result = await importEvents("twice.csv", twice);
    expect(rejectedOf(result).map(({ line, code }) => `${line} ${code}`)).to.have.members([
      "4 conflicting-row",
      "6 conflicting-row",
      "7 duplicate-row",
    ]);
  });

  it("are text columns of the frozen file, named as they are", async () => {
    const { folder: frozen } = await importEvents("arrow.csv", eventsCsv);
    const table = tableFromIPC(readFileSync(chunkPath(present(frozen, "folder"), "events", 0)));
    expect(table.schema.fields.slice(4).map((field) => `${field.name} ${field.type}`)).to.deep.equal([
      "points Float64",
      "id Utf8",
      "about Utf8",
      "buyer Utf8",
      "severity Utf8",
    ]);
  });

  it("say which column of theirs is missing", async () => {
    const { codes, diagnostics } = await importEvents("missing.csv", eventsCsv.replace("buyer_id", "buyers_id"));
    expect(codes).to.deep.equal(["missing-column", "unknown-column"]);
    expect([diagnostics[0]?.near, diagnostics[0]?.place?.line]).to.deep.equal(["buyers_id", 8]);
  });

  it("are none in a dataset that was frozen before kinds listed them, which opens and is sound", async () => {
    const text = descriptor("before.csv").replace(", fields: { buyer: buyer_id, about: violation_id }", "");
    const result = await importEvents(
      "before.csv",
      eventsCsv.replace("v2,2024-01-04,2024-01-05,violation,,, ,7", "v2,2024-01-04,2024-01-05,violation,,,,"),
      text,
    );
    const frozen = present(result.folder, "folder");
    // What stood in the manifest then: kinds without fields and points, and the digest that this content had.
    const manifest = readManifest(frozen);
    const events = manifest.schema.events.map(({ name, title }) => ({ name, title }));
    const digest = "4fc3b9e40588ec6a8e136d9ef0df377624cfdfd605207105ecd3f872cbf70dea";
    writeFileSync(join(frozen, "dataset.json"), JSON.stringify({ ...manifest, digest, schema: { ...manifest.schema, events } }));
    expect(shown(openPanel(frozen).readChunk(0).events)).to.deep.equal({ id: whole.id });
    expect(openPanel(frozen, { knownAt: present(parseDay("2024-01-19"), "a day") }).readChunk(0).events.fields.size).to.equal(0);
    expect(verifyDataset(frozen)).to.deep.equal([]);
  });
});
