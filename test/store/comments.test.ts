/** What the records of comments promise: added to only, and kept with the run that they are about. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { migrate, migrations, openStore, type Store } from "../../data/store/index.ts";
import { someManifest } from "./some-manifest.ts";
import { temporaryHome, tickingClock } from "./temporary-home.ts";

describe("comments in the store", () => {
  let home: string;
  let remove: () => void;
  let store: Store;
  let run: { readonly runId: string; readonly runDigest: string };

  beforeEach(() => {
    ({ home, remove } = temporaryHome());
    store = openStore({ home, clock: tickingClock() });
    const manifest = someManifest("alpha", "one");
    store.datasets.register(manifest, join(home, "datasets", manifest.id));
    const kept = store.runs.keep({
      kind: "comparison",
      title: "t",
      digest: "d1",
      datasetId: manifest.id,
      inputs: { a: 1 },
      provenance: {},
      result: {},
    });
    run = { runId: kept.id, runDigest: kept.digest };
  });
  afterEach(() => {
    store.close();
    remove();
  });

  const opened = () => store.comments.add({ ...run, candidate: "2.0.0", anchor: "movement", author: "Ana", text: "Why?" });

  it("keep who, when, what and about which result, in the order in which they were written", () => {
    const first = opened();
    const reply = store.comments.add({
      ...run,
      candidate: "2.0.0",
      anchor: "movement",
      replyTo: first.number,
      author: "李",
      text: "因为\nمرحبا",
    });
    expect(first).to.include({ ...run, number: 1, author: "Ana", text: "Why?", createdAt: "2026-01-01T00:00:02.000Z" });
    expect(first).not.to.have.property("replyTo");
    expect(reply).to.include({ replyTo: 1, text: "因为\nمرحبا" });
    expect(store.comments.list(run.runId)).to.deep.equal([first, reply]);
    expect(store.comments.count(run.runId)).to.equal(2);
    expect(store.comments.find(99)).to.equal(undefined);
    expect(store.comments.list("another")).to.deep.equal([]);
  });

  it("note what happens to one after the other, and keep the text of one that was withdrawn", () => {
    const { number } = opened();
    store.comments.note(number, { step: "resolved", author: "Bo", reason: "Settled" });
    store.comments.note(number, { step: "reopened", author: "Ana", reason: "" });
    const last = store.comments.note(number, { step: "withdrawn", author: "Ana", reason: "Misread" });
    expect(last.events.map(({ step }) => step)).to.deep.equal(["resolved", "reopened", "withdrawn"]);
    expect(last.text).to.equal("Why?");
  });

  it("are only added to: the file itself refuses to change or delete one", () => {
    const { number } = opened();
    store.comments.note(number, { step: "resolved", author: "Bo", reason: "" });
    const database = new Database(join(home, "counterweight.sqlite"));
    for (const sql of [
      "UPDATE comments SET text = 'x'",
      "DELETE FROM comments",
      "UPDATE comment_events SET author = 'x'",
      "DELETE FROM comment_events",
    ])
      expect(() => database.exec(sql), sql).to.throw("are only added to");
    database.close();
  });

  it("come to a catalogue of an earlier version, which keeps what it has", () => {
    const step = migrations.findIndex(({ adds }) => adds === "comments on reports");
    const database = new Database(":memory:");
    migrate(database, "old", migrations.slice(0, step));
    const tables = () => database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    const before = tables();
    expect(before).not.to.include("comments");
    migrate(database, "old");
    expect(tables()).to.include.members([...before, "comments", "comment_events"]);
    expect(database.pragma("user_version", { simple: true })).to.equal(present(migrations.at(-1), "a step").number);
    database.close();
  });
});
