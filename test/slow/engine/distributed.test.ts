/** The distributed engine, for real: a coordinator and two workers on this machine, of which one is lost half way. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson, digestOf, formatPeriod, InputRefused, present, randomStream } from "../../../data/foundation/index.ts";
import type { GroupsAt, Panel, PanelSchema } from "../../../data/panel/index.ts";
import { type EntityHistory, evaluateEntity } from "../../../policies/explain/index.ts";
import { type Policy, readLibraryPolicy, readPolicy } from "../../../policies/language/index.ts";
import { policyToSql, policyTotalsToSql } from "../../../policies/sql/index.ts";
import { enginesDigest } from "../../../server/operations/code-digest.ts";
import { openHome, resolveDataset } from "../../../server/operations/index.ts";
import { layTables } from "../../../server/operations/lay-tables.ts";
import { readOwnDataset } from "../../../server/operations/own-dataset.ts";
import { replayOnEngine } from "../../../server/operations/replay-engines.ts";
import { countLabels, pairedGroups } from "../../../simulations/comparison/index.ts";
import { type ReplaySummary, replayWithDigests } from "../../../simulations/replay/index.ts";
import { importFrom, panelOf, writeFiles } from "../../data/dataset-files.ts";
import { sqlDisagreements } from "../../properties/agreement.ts";
import { overHistories } from "../../properties/inline-panel.ts";
import { runs } from "../../properties/parity.ts";
import { describeCase, drawCase, historiesOf } from "../../properties/random-case.ts";
import { drawnHistory, headOf, ownPolicyText } from "../../server/drawn-history.ts";
import { perform } from "../../server/small-marketplace.ts";
import { libraryPanel, libraryReferences } from "../../sql/library-panels.ts";
import { bytesOfShard, exchangesOf, sentToEntities } from "./exchanges.ts";
import { expectPairs } from "./expect-pairs.ts";
import { createdFrom, knownInTime, ownTables } from "./own-tables.ts";
import { serveHome } from "./serve-home.ts";
import { findTrino, startCluster, type TrinoCluster } from "./trino-cluster.ts";

const shardCount = 4;
const earlier = {
  against: "seller-performance@1.0.0",
  baseline: present(readLibraryPolicy("seller-performance@1.0.0").policy, "a policy"),
};
const found = findTrino();

describe("the distributed engine", () => {
  let cluster: TrinoCluster;
  let home: string;

  before(async function start() {
    if ("missing" in found) {
      process.stdout.write(`    skipped: ${found.missing}\n`);
      this.skip();
      return;
    }
    cluster = await startCluster(found);
    home = mkdtempSync(join(tmpdir(), "counterweight-engine-"));
  });

  after(async () => {
    await cluster?.stop();
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  });

  /** Lays the panel down as tables of a schema, and describes the connection that reads them. */
  async function layDown(panel: Panel, schema: string): Promise<void> {
    const statements = await layTables(panel, {
      names: { name: schema, title: schema, source: "drawn" },
      folder: join(cluster.warehouse, schema),
      shardCount,
    });
    const loading = cluster.connect("loading", schema);
    await loading.query({ sql: `CREATE SCHEMA ${schema}`, parameters: [] });
    for (const statement of statements) await loading.query({ sql: statement.replace("LOCATION", `local:///${schema}`), parameters: [] });
    connectTo("warehouse", "history", schema);
  }

  function connectTo(name: string, catalog: string, schema: string, url = cluster.url, more: object = {}): void {
    const described = { engine: "trino", url, user: "tester", catalog, schema, shards: shardCount, shards_at_once: 2, ...more };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { [name]: described } }));
  }

  /** With the digest of the frames, which is that of every row's score, tiers and counters. */
  function onEngine(
    policy: Policy,
    panel: Panel,
    onProgress: (done: number, total: number) => void = () => {},
    signal?: AbortSignal,
  ): Promise<ReplaySummary> {
    const { firstPeriod: from, lastPeriod: to } = panel.schema;
    const frames = { take: () => {}, finish: async () => {} };
    return replayOnEngine("warehouse", { policy, panel, from, to, home, inputs: policy.digest, onProgress, signal, frames });
  }

  async function inProcess(policy: Policy, panel: Panel): Promise<string> {
    return bytesOf(await replayWithDigests({ policies: [policy], panel, to: panel.schema.lastPeriod, visit: () => {} }));
  }

  for (const [schema, reference] of [
    ["ebay", "ebay-seller-levels@2024.1.0"],
    ["shopee", "shopee-penalty-points@2024.1.0"],
    ["sellers", "seller-performance@2.0.0"],
  ] as const) {
    it(`replays ${reference} to the same bytes with a worker killed half way`, async () => {
      const { policy, panel } = libraryPanel(reference, 60);
      await layDown(panel, schema);
      let isKilled = false;
      const summary = await onEngine(policy, panel, (done) => {
        if (done < shardCount / 2 || isKilled) return;
        isKilled = true;
        cluster.killWorker();
      });
      expect(isKilled).to.equal(true);
      expect(bytesOf(summary)).to.equal(await inProcess(policy, panel));
      await cluster.startWorker();
    }).timeout(600_000);
  }

  for (const { schema, reference, toEntities } of sentToEntities) {
    it(`sends no row over the network twice, and of it what the policy reads: ${reference}`, async () => {
      const { policy, panel } = libraryPanel(reference, 60);
      const { firstPeriod: from, lastPeriod: to } = panel.schema;
      const options = { dialect: "trino", from, to, shard: 1 } as const;
      const sumsOf = (policies: readonly Policy[], more: { readonly groups?: GroupsAt } = {}) =>
        policyTotalsToSql(
          policies.map((each) => ({ policy: each, startTiers: [0] })),
          panel.schema,
          { ...options, ...more },
        );
      // What pairs are parted by comes with the rows that go to their entity anyway, and the parts of a period to every worker.
      const groups: GroupsAt = { at: to, partings: [{ kind: "everyone" }] };
      for (const [policies, statement, ...last] of [
        [1, present(policyToSql(policy, panel.schema, options).statement, "a statement")],
        [1, present(sumsOf([policy]).statement, "a statement"), "HASH gid period"],
        [2, present(sumsOf([policy, policy]).statement, "a statement"), "HASH gid gid period"],
        [2, present(sumsOf([policy, policy], { groups }).statement, "a statement"), "BROADCAST", "HASH field gid gid gid period"],
      ] as const) {
        const engine = cluster.connect("history", schema);
        const found = await exchangesOf(engine, statement);
        // For each policy rows and events go to where their entity is and the calendar to all; then a worker's sums to those of the others, the answer to us.
        const each = <T>(list: readonly T[]): readonly T[] => Array.from({ length: policies }, () => list).flat();
        const expected = [...each(["BROADCAST", ...toEntities.map(() => "HASH entity")]), "SINGLE", ...last];
        expect(found.map(({ by }) => by)).to.have.members(expected);
        const rowsSent = found.filter(({ by }) => by === "HASH entity").map(({ columns }) => columns);
        expect(rowsSent).to.have.deep.members([...each<readonly string[]>(toEntities)]);
        // Of the files those of the shard, once for each policy.
        const [read, most] = [(await engine.query(statement)).bytesRead, policies * bytesOfShard(join(cluster.warehouse, schema), 1)];
        expect(read).to.be.within(1, most);
      }
    });
  }

  it("makes the tables' dataset known to a home that has none of its rows, and replays it there", async () => {
    const { policy, panel } = libraryPanel("seller-performance@2.0.0", 5, { sales: true });
    await layDown(panel, "known");
    const store = openHome(home);
    try {
      const { dataset } = await perform<{ dataset: { id: string; rows: number } }>(store, "dataset connect", { connection: "warehouse" });
      expect(dataset.rows).to.equal(panel.rowCount);
      const asked = { policy: "seller-performance@2.0.0", dataset: dataset.id, engine: "warehouse", frame: true };
      const { run, frame } = await perform<{ run: { digest: string }; frame?: { bytes: number } }>(store, "replay", asked);
      const expected = await replayWithDigests({ policies: [policy], panel, visit: () => {} });
      expect(run.digest).to.equal(expected.policies[0]?.digest);
      expect(frame?.bytes).to.be.greaterThan(0);
      await expectPairs(store, { ...asked, frame: false }, { policy, panel, ...earlier });
      // For labels goes what a worker knows of an entity: of its outcomes the latest, of its rows the last and how many are of restricting and of known tiers.
      const range = { from: panel.schema.firstPeriod, to: panel.schema.lastPeriod };
      const { groups: all } = pairedGroups([policy, policy], panel.schema, range, countLabels(panel));
      const sentFor = async (groups: GroupsAt) => {
        const replayed = [policy, policy].map((each) => ({ policy: each, startTiers: [0] }));
        const { statement } = policyTotalsToSql(replayed, panel.schema, { dialect: "trino", ...range, shard: 1, groups });
        const sent = await exchangesOf(cluster.connect("history", "known"), present(statement, "a statement"));
        return sent.flatMap(({ by, columns }) => (by === "HASH entity" ? [columns] : []));
      };
      const [without, withLabels] = [
        await sentFor({ ...all, partings: all.partings.filter(({ kind }) => kind !== "labels") }),
        await sentFor(all),
      ];
      const latest = withLabels.find((columns) => columns.every((name) => name === "entity" || name === "max"));
      expect(latest).to.include("max");
      expect(withLabels).to.have.deep.members([...without, latest, ["count", "count", "entity", "max"]]);
    } finally {
      store.close();
    }
  }).timeout(600_000);

  it("replays a warehouse's own tables, which a descriptor tells of, to the kernels' bytes", async () => {
    const { policy, panel: drawn } = libraryPanel("seller-performance@2.0.0", 5, { sales: true });
    const panel = knownInTime(drawn);
    await layDown(panel, "source");
    connectTo("warehouse", "history", "own", cluster.url, { dataset: "own.yaml" });
    const loading = cluster.connect("loading", "own");
    const { statements, another, descriptor } = ownTables(panel.schema, "source");
    for (const sql of statements) await loading.query({ sql, parameters: [] });
    writeFileSync(join(home, "own.yaml"), descriptor);
    const store = openHome(home);
    try {
      const { dataset } = await perform<{ dataset: { id: string; rows: number } }>(store, "dataset connect", { connection: "warehouse" });
      expect(dataset.rows).to.equal(panel.rowCount);
      const asked = { policy: "seller-performance@2.0.0", dataset: dataset.id, engine: "warehouse", frame: true };
      const { run } = await perform<{ run: { digest: string } }>(store, "replay", asked);
      const expected = await replayWithDigests({ policies: [policy], panel, visit: () => {} });
      expect(run.digest).to.equal(expected.policies[0]?.digest);
      await expectPairs(store, { ...asked, frame: false }, { policy, panel, ...earlier });
      await loading.query({ sql: another, parameters: [] });
      const refused = await perform(store, "replay", { ...asked, frame: false }).catch(String);
      expect(refused, "rows that changed since").to.match(/engine-unfit: .*its tables hold dataset \w+ now/);
    } finally {
      store.close();
    }
  }).timeout(600_000);

  it("fills, corrects and picks rows of a warehouse's own tables as an import does", async () => {
    const { grain, tables, files } = drawnHistory("month", "last", 3);
    const loading = cluster.connect("loading", "drawn");
    await loading.query({ sql: "CREATE SCHEMA drawn", parameters: [] });
    for (const [name, csv] of Object.entries(tables)) await loading.query({ sql: createdFrom(name, csv), parameters: [] });
    connectTo("warehouse", "history", "drawn", cluster.url, { dataset: "drawn.yaml" });
    writeFileSync(join(home, "drawn.yaml"), `${headOf(grain)}${files((name) => `table: ${name}`)}`);
    writeFiles(join(home, "drawn"), {
      ...Object.fromEntries(Object.entries(tables).map(([name, csv]) => [`${name}.csv`, csv])),
      "descriptor.yaml": `${headOf(grain)}${files((name) => `path: ${name}.csv`)}`,
    });
    const panel = panelOf(await importFrom(join(home, "drawn")));
    const store = openHome(home);
    try {
      const { dataset } = await perform<{ dataset: { id: string; rows: number } }>(store, "dataset connect", { connection: "warehouse" });
      expect(dataset.rows).to.equal(panel.rowCount);
      const [first, second] = (["1.0.0", "2.0.0"] as const).map((version) => {
        const [text, file] = [ownPolicyText(grain, version), join(home, `own-${version}.policy.yaml`)];
        writeFileSync(file, text);
        return { file, policy: present(readPolicy({ text, file, load: () => undefined }).policy, file) };
      }) as [OwnPolicy, OwnPolicy];
      const { policy } = second;
      const asked = { policy: second.file, dataset: dataset.id, engine: "warehouse", frame: true };
      const { run } = await perform<{ run: { digest: string } }>(store, "replay", asked);
      const expected = await replayWithDigests({ policies: [policy], panel, visit: () => {} });
      expect(run.digest).to.equal(expected.policies[0]?.digest);
      await expectPairs(store, { ...asked, frame: false }, { policy, panel, against: first.file, baseline: first.policy });
      const { schema, absences = [] } = resolveDataset(store, dataset.id).manifest;
      const { tables: described } = await readOwnDataset(join(home, "drawn.yaml"));
      const own = { tables: { ...described, absences }, range: {} };
      const statement = present(policyToSql(policy, schema, { dialect: "trino", own }).statement, "a statement");
      const sent = await exchangesOf(cluster.connect("history", "drawn"), statement);
      // Rows of both parts, snapshots, events and entities, each to where its entity is; calendar and absences to all; nothing is sent on but the answer.
      expect(sent.map(({ by }) => by).toSorted()).to.deep.equal([
        ...Array<string>(3).fill("BROADCAST"),
        ...Array<string>(5).fill("HASH seller"),
        "SINGLE",
      ]);
    } finally {
      store.close();
    }
  }).timeout(600_000);

  it("goes on from a server that was killed to the same bytes, and stops its statement when the job is cancelled", async () => {
    const { policy, panel } = libraryPanel("seller-performance@2.0.0", 5, { sales: true });
    connectTo("warehouse", "history", "known");
    const store = openHome(home);
    const dataset = present(store.datasets.list()[0], "the dataset that was connected").id;
    store.close();
    const [from, to] = [panel.schema.firstPeriod + 2, panel.schema.lastPeriod];
    const asked = (first: number) => ({
      policy: "seller-performance@2.0.0",
      dataset,
      engine: "warehouse",
      frame: true,
      from: formatPeriod(panel.schema.grain, first),
    });
    // By their ids: the engine forgets the oldest ones meanwhile.
    const statements = async (state: string, known: readonly string[] = []): Promise<readonly string[]> => {
      const sql = `SELECT query_id FROM system.runtime.queries WHERE ${state} AND query LIKE '%"replayed"%' AND query NOT LIKE '%runtime%'`;
      const { rows } = await cluster.connect("history", "known").query({ sql, parameters: [] });
      return rows.map(([id]) => String(id)).filter((id) => !known.includes(id));
    };
    const before = await statements("state = 'FINISHED'");
    let server = await serveHome(home);
    try {
      const job = await server.ask("/api/replays", asked(from));
      let kept = 0;
      for (; kept === 0; await wait(100)) kept = (await server.ask(`/api/jobs/${job.id}`)).progress?.done ?? 0;
      await server.kill();
      expect(kept).to.be.below(shardCount);
      server = await serveHome(home);
      let again = await server.ask(`/api/jobs/${job.id}`);
      for (; again.state === "queued" || again.state === "running"; await wait(100)) again = await server.ask(`/api/jobs/${job.id}`);
      expect(again.state, again.sentence).to.equal("done");
      const expected = await replayWithDigests({ policies: [policy], panel, from, to, visit: () => {} });
      const reopened = openHome(home);
      expect(reopened.runs.list(1)[0]?.digest).to.equal(expected.policies[0]?.digest);
      reopened.close();
      // Two a shard, none of them twice but what ran when the server was killed.
      expect((await statements("state = 'FINISHED'", before)).length).to.be.within(2 * shardCount, 2 * shardCount + 2);

      const stopped = await statements("error_code = 'USER_CANCELED'");
      const other = await server.ask("/api/replays", asked(from + 1));
      while ((await statements("state = 'RUNNING'")).length === 0) await wait(100);
      expect((await server.ask(`/api/jobs/${other.id}/cancel`, {})).state).to.equal("cancelled");
      expect(await statements("state NOT IN ('FINISHED', 'FAILED')")).to.deep.equal([]);
      expect((await statements("error_code = 'USER_CANCELED'", stopped)).length).to.be.above(0);
    } finally {
      await server.kill();
    }
    const shard = join(cluster.warehouse, "known", "panel", "shard=2");
    for (const file of readdirSync(shard)) rmSync(join(shard, file));
    const changed = openHome(home);
    const refused = await perform(changed, "replay", { ...asked(from + 3), frame: false }).catch(String);
    changed.close();
    expect(refused, "rows that went away since").to.match(/engine-unfit: 'warehouse' gave \d+ rows of \S+ in 4 shards/);
  }).timeout(600_000);

  it("calls off what the engine runs when the replay is called off, and goes on from there to the same bytes", async () => {
    const { policy, panel } = libraryPanel("seller-performance@2.0.0", 60);
    connectTo("warehouse", "history", "sellers");
    const stopping = new AbortController();
    const onProgress = (done: number) => void (done === 2 && stopping.abort());
    const refused = await onEngine(policy, panel, onProgress, stopping.signal).catch((error: unknown) => error);
    expect(refused)
      .to.be.instanceOf(InputRefused)
      .and.match(/interrupted: /);
    const running = "SELECT count(*) FROM system.runtime.queries WHERE state NOT IN ('FINISHED', 'FAILED') AND query NOT LIKE '%runtime%'";
    expect((await cluster.connect("history", "sellers").query({ sql: running, parameters: [] })).rows).to.deep.equal([[0]]);
    const seen: number[] = [];
    const summary = await onEngine(policy, panel, (done) => seen.push(done));
    expect(seen[0]).to.equal(2);
    expect(bytesOf(summary)).to.equal(await inProcess(policy, panel));
  });

  it("says what is wrong with a connection: who may write, what is not there, who does not answer", async () => {
    const { policy, panel } = libraryPanel("seller-performance@2.0.0", 60);
    const another = libraryPanel("seller-performance@2.0.0", 1).panel;
    const codeOf = async (catalog: string, schema: string, url?: string, asked = panel): Promise<string | undefined> => {
      connectTo("warehouse", catalog, schema, url);
      const refused = await onEngine(policy, asked).catch((error: unknown) => error);
      return refused instanceof InputRefused
        ? refused.diagnostics.map(({ code, found: what }) => `${code} ${what ?? ""}`.trim()).join()
        : "none";
    };
    expect(await codeOf("loading", "sellers")).to.equal("engine-unfit");
    expect(await codeOf("history", "nowhere")).to.equal("engine-unfit");
    expect(await codeOf("history", "sellers", undefined, another)).to.equal(`engine-unfit ${panel.digest}`);
    expect(await codeOf("nowhere", "sellers")).to.equal("engine-failed");
    expect(await codeOf("history", "sellers", "http://127.0.0.1:9")).to.equal("engine-unreachable");
  });

  /** Where the engine and the slow twin differ, on any column of any row; undefined where SQL does not speak the policy. */
  async function disagreements(
    policy: Policy,
    schema: PanelSchema,
    histories: readonly EntityHistory[],
  ): Promise<readonly string[] | undefined> {
    const { statement } = policyToSql(policy, schema, { columns: true, dialect: "trino" });
    if (statement === undefined) return undefined;
    const { rows } = await cluster.connect("history", "default").query(overHistories(statement, schema, histories));
    const sections = { metric: policy.metrics, score: policy.scores, ledger: policy.ledgers, condition: policy.conditions };
    const own = Object.entries(sections).flatMap(([kind, list]) => list.map(({ name }) => `${kind} ${name}`));
    const names = ["entity", "period", "evaluated", "score", "merited", "held", "promote_count", "demote_count", "shielded", ...own];
    const told = new Map(rows.map((row) => [`${row[0]} ${row[1]}`, Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))]));
    return histories.flatMap((history) => sqlDisagreements(policy, history.entity, evaluateEntity(policy, schema, history), told));
  }

  // With every change of the code that speaks to engines others are drawn.
  const seed = Number.parseInt(digestOf(enginesDigest()).slice(0, 7), 16);

  it("gives what the slow twin gives on random policies and histories", async () => {
    await fc.assert(
      fc.asyncProperty(fc.gen(), async (g) => {
        const tried = drawCase(g, { core: true });
        const apart = (await disagreements(tried.policy, tried.schema, tried.histories)) ?? [];
        if (apart.length > 0) throw new Error(`${apart.slice(0, 12).join("\n")}\n${describeCase(tried)}`);
      }),
      { ...runs(12, seed, 500_000), endOnFailure: true },
    );
  }).timeout(600_000);

  it("gives what the slow twin gives on policies of the library", async () => {
    const random = randomStream(seed, "policies of the library");
    const waiting = [...libraryReferences()];
    for (let tried = 0; tried < 2; ) {
      const [reference = ""] = waiting.splice(random.below(waiting.length), 1);
      const { policy, panel } = libraryPanel(reference, 3);
      const apart = await disagreements(policy, panel.schema, historiesOf(panel));
      expect(apart ?? [], `${reference}, drawn by ${seed}`).to.deep.equal([]);
      if (apart !== undefined) tried++;
    }
  }).timeout(600_000);
});

interface OwnPolicy {
  readonly file: string;
  readonly policy: Policy;
}

/** Everything but the policy itself. */
function bytesOf({ policies, ...summary }: ReplaySummary): string {
  const parts = policies.map(({ tiers, tiersByPeriod, startMatters, digest }) => ({
    tiers,
    startMatters,
    digest,
    request: tiersByPeriod.request,
    cells: tiersByPeriod.cells.map(({ key, sums }) => ({ key, sums: sums.map(String) })),
  }));
  return canonicalJson({ ...summary, parts });
}
