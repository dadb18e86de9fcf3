/** What the records of a home promise. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "chai";
import { digestOf, InputRefused, present } from "../../data/foundation/index.ts";
import { inputDigestOf, migrate, migrations, openStore, type Store } from "../../data/store/index.ts";
import { someManifest } from "./some-manifest.ts";
import { temporaryHome, tickingClock } from "./temporary-home.ts";

describe("the store", () => {
  let home: string;
  let remove: () => void;
  let store: Store;

  beforeEach(() => {
    ({ home, remove } = temporaryHome());
    store = openStore({ home, clock: tickingClock() });
  });
  afterEach(() => {
    store.close();
    remove();
  });

  describe("datasets", () => {
    it("finds one by id, by name, and by the beginning of its digest", () => {
      const manifest = someManifest("alpha", "one");
      store.datasets.register(manifest, join(home, "datasets", manifest.id));
      for (const name of [manifest.id, "alpha", manifest.digest.slice(0, 4), manifest.digest]) {
        expect(
          store.datasets.find(name).map(({ id }) => id),
          name,
        ).to.deep.equal([manifest.id]);
      }
      expect(store.datasets.find(manifest.digest.slice(0, 3)), "three digits are too few").to.deep.equal([]);
      expect(store.datasets.find("beta")).to.deep.equal([]);
    });

    it("registers the same content once", () => {
      const manifest = someManifest("alpha", "one");
      store.datasets.register(manifest, join(home, "datasets", manifest.id));
      store.datasets.register(manifest, join(home, "datasets", manifest.id));
      expect(store.datasets.list()).to.have.length(1);
    });

    it("gives the one that was imported last first where a name is borne twice", () => {
      const [first, second] = [someManifest("alpha", "one"), someManifest("alpha", "two")];
      for (const manifest of [first, second, first]) store.datasets.register(manifest, join(home, "datasets", manifest.id));
      expect(store.datasets.find("alpha").map(({ id }) => id)).to.deep.equal([first.id, second.id]);
    });

    it("gives all whose digest begins so, for the caller to refuse", () => {
      const seen = new Map<string, string>();
      let pair: readonly string[] = [];
      for (let index = 0; pair.length === 0; index++) {
        const content = `content ${index}`;
        const prefix = digestOf(content).slice(0, 4);
        const earlier = seen.get(prefix);
        if (earlier !== undefined) pair = [earlier, content];
        seen.set(prefix, content);
      }
      for (const content of pair) {
        const manifest = someManifest(content.replace(" ", "-"), content);
        store.datasets.register(manifest, join(home, "datasets", manifest.id));
      }
      const prefix = digestOf(present(pair[0], "content")).slice(0, 4);
      expect(store.datasets.find(prefix)).to.have.length(2);
    });

    it("keeps folders relative to the home, so that the home can be moved", () => {
      const manifest = someManifest("alpha", "one");
      store.datasets.register(manifest, join(home, "datasets", manifest.id));
      const database = new Database(join(home, "counterweight.sqlite"), { readonly: true });
      expect(database.prepare("SELECT folder FROM datasets").pluck().get()).to.equal(join("datasets", manifest.id));
      database.close();
      expect(store.datasets.list()[0]?.folder).to.equal(join(home, "datasets", manifest.id));
    });
  });

  describe("runs", () => {
    const run = {
      kind: "replay",
      title: "a replay",
      digest: "d1",
      inputs: { policy: "p", seed: 1 },
      provenance: { command: "c" },
      result: { periods: [1, 2] },
    } as const;

    it("keeps identical inputs once, whatever the order of their fields, and gives the result back", () => {
      const manifest = someManifest("alpha", "one");
      store.datasets.register(manifest, home);
      const first = store.runs.keep({ ...run, datasetId: manifest.id });
      const second = store.runs.keep({ ...run, inputs: { seed: 1, policy: "p" }, digest: "d2", datasetId: manifest.id });
      expect(second).to.deep.equal(first);
      expect(store.runs.list(10)).to.have.length(1);
      expect(store.runs.result(first.id)).to.deep.equal(run.result);
      expect(store.runs.findByInputs("replay", { seed: 1, policy: "p" })?.id).to.equal(first.id);
      expect(store.runs.findByInputs("comparison", { seed: 1, policy: "p" }), "another kind").to.equal(undefined);
    });

    it("names a run by the first digits of the digest of its inputs", () => {
      const manifest = someManifest("alpha", "one");
      store.datasets.register(manifest, home);
      const { id } = store.runs.keep({ ...run, datasetId: manifest.id });
      expect(id).to.equal(inputDigestOf("replay", run.inputs).slice(0, 12));
      expect(store.runs.find(id.slice(0, 5)).map((found) => found.id)).to.deep.equal([id]);
      expect(store.runs.find("%")).to.deep.equal([]);
    });

    it("refuses a run on a dataset that is not there", () => {
      expect(() => store.runs.keep({ ...run, datasetId: "nowhere" })).to.throw(/FOREIGN KEY/);
    });
  });

  it("forgets a rendered report when the views have changed", () => {
    const manifest = someManifest("alpha", "one");
    store.datasets.register(manifest, home);
    const { id } = store.runs.keep({
      kind: "comparison",
      title: "",
      digest: "",
      datasetId: manifest.id,
      inputs: {},
      provenance: {},
      result: {},
    });
    store.reports.keep(id, "full", "views 1", "<p>one</p>");
    expect(store.reports.find(id, "full", "views 1")).to.equal("<p>one</p>");
    expect(store.reports.find(id, "full", "views 2")).to.equal(undefined);
    expect(store.reports.find(id, "brief", "views 1")).to.equal(undefined);
  });

  it("gives a waiting job to one process only", () => {
    const { id } = store.jobs.add({ operation: "compare", title: "", input: {}, inputDigest: "i", owner: "server" });
    expect([store.jobs.start(id, "1:1"), store.jobs.start(id, "2:2")]).to.deep.equal([true, false]);
    expect(store.jobs.find(id)).to.include({ process: "1:1", attempts: 1 });
    store.jobs.finish(id, { state: "done" });
    expect(store.jobs.start(id, "2:2")).to.equal(false);
  });

  it("follows a job from the queue to its end", () => {
    const { id } = store.jobs.add({ operation: "compare", title: "t", input: { a: 1 }, inputDigest: "i", owner: "server" });
    expect(store.jobs.find(id)?.state).to.equal("queued");
    expect(store.jobs.findActive("i")?.id).to.equal(id);
    store.jobs.start(id, "1:2");
    store.jobs.progress(id, { stage: "Replaying", done: 1, total: 2 });
    expect(store.jobs.find(id)).to.include({ state: "running", process: "1:2", attempts: 1 });
    store.jobs.finish(id, { state: "done", result: { run: "r" }, link: "/runs/r/report" });
    expect(store.jobs.find(id)).to.include({ state: "done", link: "/runs/r/report" }).and.not.have.property("process");
    expect(store.jobs.result(id)).to.deep.equal({ run: "r" });
    expect(store.jobs.findActive("i")).to.equal(undefined);
    expect(store.jobs.find("job-999"), "unknown").to.equal(undefined);
    expect(store.jobs.find("'; DROP TABLE jobs"), "not an id").to.equal(undefined);
  });
});

describe("migrations", () => {
  it("are numbered from 1 without gaps", () => {
    expect(migrations.map(({ number }) => number)).to.deep.equal(migrations.map((_, index) => index + 1));
  });

  it("bring every older catalogue up to date and keep what it holds", () => {
    for (let from = 0; from < migrations.length; from++) {
      const database = new Database(":memory:");
      migrate(database, "old", migrations.slice(0, from));
      if (from >= 1) database.exec("INSERT INTO datasets VALUES ('id', 'n', 'd', 'f', '{}', 't')");
      migrate(database, "old");
      expect(database.pragma("user_version", { simple: true })).to.equal(migrations.length);
      expect(database.prepare("SELECT count(*) FROM datasets").pluck().get()).to.equal(from >= 1 ? 1 : 0);
      database.close();
    }
  });

  it("leave the last whole step when one fails", () => {
    const database = new Database(":memory:");
    const broken = { number: migrations.length + 1, adds: "nothing", sql: "CREATE TABLE half (a); CREATE TABLE half (a);" };
    expect(() => migrate(database, "f", [...migrations, broken])).to.throw(/already exists/);
    expect(database.pragma("user_version", { simple: true })).to.equal(migrations.length);
    expect(database.prepare("SELECT count(*) FROM sqlite_master WHERE name = 'half'").pluck().get()).to.equal(0);
    database.close();
  });

  it("refuse a catalogue that a later version wrote", () => {
    const database = new Database(":memory:");
    database.pragma(`user_version = ${migrations.length + 1}`);
    expect(() => migrate(database, "f")).to.throw(InputRefused, "catalogue-newer");
    database.close();
  });
});
