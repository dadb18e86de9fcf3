/** Histories that lie in tables elsewhere: what is known of them here, what is wrong with tables, and what needs their rows. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { verifyDataset } from "../../data/datasets/index.ts";
import { type DuckDb, openDuckDb, quoteText } from "../../data/engines/index.ts";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { type DatasetManifest, openPanel } from "../../data/panel/index.ts";
import { compareFormContext } from "../../server/http/compare-form.ts";
import { datasetContext } from "../../server/http/dataset-page.ts";
import { newerThan } from "../../server/http/newer-dataset.ts";
import { datasetSummary } from "../../server/http/page-lists.ts";
import { type AskTables, connectedManifest, type LaidDataset } from "../../server/operations/connected-dataset.ts";
import { registerConnected } from "../../server/operations/dataset-connect.ts";
import { findOperation, openHome, resolveDataset } from "../../server/operations/index.ts";
import { readDescription, writeDescription } from "../../server/operations/laid-description.ts";
import { layTables } from "../../server/operations/lay-tables.ts";
import { renderPage } from "../../views/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { startCoordinator } from "./coordinator.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

describe("a dataset that lies elsewhere", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  let folder: string;
  let imported: DatasetManifest;
  let laid: LaidDataset;
  let database: DuckDb;

  before(async () => {
    market = await smallMarketplace();
    folder = mkdtempSync(join(tmpdir(), "counterweight-laid-"));
    const record = resolveDataset(market.store, market.dataset);
    imported = record.manifest;
    await layTables(openPanel(record.folder), { names: imported, folder, shardCount: 3 });
  });
  beforeEach(async () => {
    database = await openDuckDb();
    for (const [name, files] of [
      ["panel", "*/*.parquet"],
      ["events", "*/*.parquet"],
      ["outcomes", "*/*.parquet"],
      ["laid", "*.parquet"],
    ] as const)
      await database.run(`CREATE TABLE ${name} AS SELECT * FROM read_parquet(${quoteText(join(folder, name, files))})`);
    const [[digest, rows, text] = []] = await database.rows('SELECT "dataset", "rows", "described" FROM laid');
    const described = readDescription(String(text));
    if ("wrong" in described) throw new Error(described.wrong);
    laid = { digest: String(digest), rows: Number(rows), shards: 3, described };
  });
  afterEach(() => database.close());
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    market.remove();
  });

  const ask: AskTables = (sql) => database.rows(sql);
  const refusedBy = async (work: Promise<unknown>): Promise<string> => {
    const refused = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refused instanceof InputRefused)) throw refused ?? new Error("not refused");
    return refused.message;
  };

  it("is told of as its import told of it, from sums alone", async () => {
    const told = await connectedManifest(ask, laid, "warehouse");
    const { id, name, title, digest, schema, entities, rows, periods, totals, source } = imported;
    expect(told).to.deep.include({ id, name, title, digest, schema, entities, rows, periods, totals, source, liesIn: "warehouse" });
    const { entitiesByPeriod, entitiesByFirstPeriod, entitiesByLastPeriod, events, measures } = imported.quality;
    expect(told.quality).to.deep.include({ entitiesByPeriod, entitiesByFirstPeriod, entitiesByLastPeriod });
    const byKind = (a: { readonly kind: string }, b: { readonly kind: string }) => (a.kind < b.kind ? -1 : 1);
    expect(told.quality.events).to.deep.equal(events.toSorted(byKind));
    const known = ({ name: measure, min, max, missingShare, zeroShare }: (typeof measures)[number]) => ({
      measure,
      min,
      max,
      missingShare,
      zeroShare,
    });
    expect(told.quality.measures.map(known)).to.deep.equal(measures.map(known));
  });

  it("lies in files of one shard each, in key order, and no file knows more than its own", async () => {
    const files = readdirSync(join(folder, "panel"), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".parquet"));
    expect(files.toSorted()).to.deep.equal([0, 1, 2].map((shard) => join(`shard=${shard}`, "chunk-000000.parquet")));
    const [[columns] = []] = await database.rows(
      `SELECT count(*) FROM parquet_schema(${quoteText(join(folder, "panel", present(files[0], "a file")))}) WHERE name = 'shard'`,
    );
    expect(Number(columns)).to.equal(0);
    const [[overlaps] = []] = await database.rows(
      `SELECT count(*) FROM (SELECT shard, min(entity) AS least, max(entity) AS most FROM panel GROUP BY shard) AS a
      JOIN (SELECT shard, min(entity) AS least FROM panel GROUP BY shard) AS b ON a.shard < b.shard AND a.most >= b.least`,
    );
    expect(Number(overlaps)).to.equal(0);
  });

  for (const [what, change, expected] of [
    ["an entity with a gap", `DELETE FROM panel WHERE period = (SELECT min(period) + 5 FROM panel)`, /entities have a gap, a period twice/],
    ["a period twice", `UPDATE panel SET period = period - 1 WHERE period = (SELECT max(period) FROM panel)`, /a period twice/],
    [
      "an entity in two shards",
      `UPDATE panel SET shard = 2 WHERE shard = 0 AND period = (SELECT max(period) FROM panel)`,
      /two shards or none/,
    ],
    ["rows that are gone", `DELETE FROM panel WHERE shard = 1`, /table 'panel' has \d+ rows, and table 'laid' says \d+/],
    ["rows outside the history", `UPDATE panel SET period = period + 1000`, /lie outside the history/],
    ["a flow that is empty", `UPDATE panel SET "measure orders" = NULL WHERE period % 3 = 0`, /flow 'orders' is empty in \d+ rows/],
    ["a count below 0", `UPDATE panel SET "measure orders" = -1`, /'orders' is a count and holds -1/],
    ["a number beyond exact ones", `UPDATE panel SET "measure gmv" = 9007199254740993`, /'gmv' holds 9007199254740993, beyond 2\^53/],
    ["shards that are never asked", `UPDATE panel SET shard = shard + 1`, /two shards or none of 0 to 2/],
    [
      "events in another shard than their entity",
      `UPDATE events SET shard = (shard + 1) % 3`,
      /lie where 'panel' has no row of their entity/,
    ],
    ["events of nobody", `UPDATE events SET entity = 'nobody' || position`, /lie where 'panel' has no row of their entity/],
    ["a position twice", `INSERT INTO events SELECT * FROM events WHERE position = 1`, /have no position, one twice/],
    ["labels of nobody", `UPDATE outcomes SET entity = 'nobody' || position`, /labels of source '\w+'.* lie where 'panel' has no row/],
    ["labels in another order", `UPDATE outcomes SET position = 1000 - position`, /against the order in which they were known/],
    ["a label that is none", `UPDATE outcomes SET harmful = 2`, /no label of -1 to 1/],
    ["labels of another source", `UPDATE outcomes SET source = 'gossip'`, /holds source 'gossip', which table 'laid' does not describe/],
    [
      "a tier that is unknown",
      `UPDATE panel SET assigned = 'platinum'`,
      /holds assigned tier 'platinum', which table 'laid' does not describe/,
    ],
    ["events of another kind", `UPDATE events SET kind = 'praise'`, /holds kind 'praise', which table 'laid' does not describe/],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      await database.run(change);
      expect(await refusedBy(connectedManifest(ask, laid, "warehouse")))
        .to.match(/^engine-unfit: connection 'warehouse': /)
        .and.match(expected);
    });
  }

  it("is not taken from a description that is wrong, and it is said where", () => {
    const text = writeDescription(laid.described);
    expect(readDescription(text)).to.deep.equal(laid.described);
    for (const [given, expected] of [
      ["{", /JSON/],
      [text.replace('"grain":"week"', '"grain":"year"'), /^schema\.grain: /],
      [text.replace('"kind":"flow"', '"kind":"river"'), /^schema\.measures\.0\.kind: /],
      [text.replace(/"lastPeriod":\d+/, '"lastPeriod":1'), /^schema\.lastPeriod: /],
      [text.replace(/"name":"[^"]+"/, '"name":"Shop!"'), /^name: /],
    ] as const)
      expect(readDescription(given)).to.have.property("wrong").that.matches(expected);
  });

  it("says to whatever needs its rows where they lie, and has them when they are imported", async () => {
    const { home, remove } = temporaryHome();
    const store = openHome(home);
    try {
      const manifest = await connectedManifest(ask, laid, "warehouse");
      registerConnected(store, manifest);
      const dataset = manifest.id;
      const policy = "seller-performance@2.0.0";
      for (const [name, input] of [
        ["replay", { policy, dataset }],
        ["replay", { policy, dataset, engine: "duckdb" }],
        ["compare", { baseline: policy, candidates: ["seller-performance@1.0.0"], dataset }],
        ["entity find", { text: "a", dataset }],
        ["explain", { policy, dataset, entity: "a", date: "2025-05-01" }],
        ["what-if", { policy, dataset }],
        ["comparison estimate", { baseline: policy, candidates: ["seller-performance@1.0.0"], dataset }],
        ["preset save", { name: "later", baseline: policy, candidates: ["seller-performance@1.0.0"], dataset }],
        ["dataset tables", { dataset, folder: join(home, "tables") }],
        ["dataset rejected", { dataset }],
        ["experiment assign", { dataset, salt: "a" }],
      ] as const)
        expect(await refusedBy(perform(store, name, input)), name).to.match(
          /^rows-elsewhere: the rows of .* lie in connection 'warehouse'/,
        );
      expect(await perform(store, "entity find", { text: "a" })).to.deep.include({ datasets: [], datasetsLeftOut: 1 });
      const shown = await perform<{ quality: { remarks: readonly string[] } }>(store, "dataset show", { dataset });
      expect(shown.quality.remarks[0]).to.match(/^Its rows lie in connection 'warehouse'/);
      const made = await perform<{ dataset: { id: string }; reused: boolean }>(store, "dataset demo", { sellers: 60, weeks: 40 });
      expect(made).to.deep.include({ reused: false }).and.to.have.nested.property("dataset.id", dataset);
      expect(await perform(store, "replay", { policy, dataset })).to.have.property("entities", manifest.entities);
    } finally {
      store.close();
      remove();
    }
  });

  it("is not said to have what only an import knows: labels, gaps and rejected rows", async () => {
    const { home, remove } = temporaryHome();
    const store = openHome(home);
    try {
      registerConnected(store, await connectedManifest(ask, laid, "lake"));
      registerConnected(store, await connectedManifest(ask, laid, "warehouse"));
      const record = present(store.datasets.list()[0], "the dataset");
      registerConnected(store, await connectedManifest(ask, { ...laid, digest: `f${laid.digest.slice(1)}` }, "warehouse"));
      expect(newerThan(store, record), "a later one without rows, which nothing can be asked of").to.equal(undefined);
      expect(() => openPanel(record.folder), "where it was found last").to.throw(InputRefused, /lie in connection 'warehouse'/);
      expect(readdirSync(join(home, "work")), "what was made on the way").to.deep.equal([]);
      const page = renderPage("dataset", await datasetContext(record));
      expect(page).to.contain("<code>rows-elsewhere</code>").and.contain("Appeal filed");
      const form = renderPage("compare-form", compareFormContext(store, {}, []));
      expect(form)
        .to.contain("its rows lie in connection warehouse, not here")
        .and.match(/value="demo-sellers-[^"]+" required disabled>/);
      const list = renderPage("datasets", { notices: [], datasets: [datasetSummary(record)] });
      expect(list).to.contain("not known: rows lie in warehouse");
      const printed = async (name: string, input: object) => {
        const operation = present(findOperation(name), name);
        return operation.print(await operation.perform(input, contextOf(store)), input, contextOf(store));
      };
      for (const text of [page, list, await printed("dataset show", { dataset: record.id }), await printed("dataset list", {})])
        expect(text).to.not.match(
          /rows rejected at import|were rejected|gaps inside|filled gaps, in|of entities have a label|[ >]0 labels|every row was|Compare on/,
        );
    } finally {
      store.close();
      remove();
    }
  });

  it("stays what it is here when tables of the same content call it otherwise", async () => {
    const told = await connectedManifest(ask, { ...laid, described: { ...laid.described, name: "our-sellers" } }, "warehouse");
    expect(told.id).to.match(/^our-sellers-/);
    const answer = registerConnected(market.store, told);
    expect(answer).to.deep.include({ reused: true }).and.to.have.nested.property("dataset.id", market.dataset);
    expect(resolveDataset(market.store, market.dataset).manifest).to.not.have.property("liesIn");
  });

  it("keeps its id when it is imported from files that call it otherwise than its tables", async () => {
    const { home, remove } = temporaryHome();
    const store = openHome(home);
    try {
      const told = await connectedManifest(ask, { ...laid, described: { ...laid.described, name: "our-sellers" } }, "warehouse");
      registerConnected(store, told);
      for (const reused of [false, true]) {
        const made = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 60, weeks: 40 });
        expect(made).to.deep.include({ reused }).and.to.have.nested.property("dataset.id", told.id);
      }
      expect(store.datasets.list().map(({ name, id }) => [name, id])).to.deep.equal([[imported.name, told.id]]);
      expect(readdirSync(join(home, "datasets"))).to.deep.equal([told.id]);
      const { folder: there } = resolveDataset(store, imported.name);
      expect(verifyDataset(there)).to.deep.equal([]);
      expect(await perform(store, "replay", { policy: "seller-performance@2.0.0", dataset: told.id })).to.have.property(
        "entities",
        told.entities,
      );
    } finally {
      store.close();
      remove();
    }
  });

  it("is not asked for any longer when that is called off, and a table that names no dataset is refused", async () => {
    const panel = openPanel(resolveDataset(market.store, market.dataset).folder);
    const coordinators = await Promise.all([
      startCoordinator({ panel }),
      startCoordinator({ panel: { ...panel, digest: "Version 1" } }),
      startCoordinator({ panel, without: "described" }),
    ]);
    try {
      const [endless, nameless, undescribed] = coordinators.map(({ url }) => ({
        engine: "trino",
        url,
        user: "reader",
        catalog: "c",
        schema: "s",
        shards: 2,
      }));
      writeFileSync(join(market.home, "connections.yaml"), JSON.stringify({ connections: { endless, nameless, undescribed } }));
      const stopping = new AbortController();
      const connect = async (connection: string) => {
        const context = { ...contextOf(market.store), heedStop: () => stopping.signal };
        return await refusedBy(Promise.resolve(present(findOperation("dataset connect"), "it").perform({ connection }, context)));
      };
      expect(await connect("nameless")).to.match(/^engine-unfit: .*says of no dataset that it lies there, but \["Version 1",2,\d+\]/);
      expect(await connect("undescribed")).to.match(/^engine-unfit: .*table 'laid' has no column 'described'/);
      const ended = connect("endless");
      await coordinators[0]?.whenRunning;
      stopping.abort();
      expect(await ended).to.match(/^interrupted: asking 'endless' was called off/);
    } finally {
      for (const { close } of coordinators) close();
    }
  });
});
