/** The demo marketplace: same seed same rows, and every claim about it checked against its truth. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { drawCharacter } from "../../data/datasets/demo/character.ts";
import { creatorKind } from "../../data/datasets/demo/creator-life.ts";
import { enforce } from "../../data/datasets/demo/enforcement.ts";
import { makeLife } from "../../data/datasets/demo/life.ts";
import { makeMarket } from "../../data/datasets/demo/market.ts";
import { prepareDemo } from "../../data/datasets/demo/prepare-demo.ts";
import { sellerKind } from "../../data/datasets/demo/seller-life.ts";
import { importDataset } from "../../data/datasets/index.ts";
import { type DuckDb, openDuckDb, quoteText } from "../../data/engines/index.ts";

const sizes = { seller: { sellers: 600, weeks: 70 }, creator: { sellers: 250, weeks: 40 } } as const;
const files = ["panel", "entities", "events", "outcomes", "truth"] as const;

describe("prepareDemo", () => {
  let folder: string;
  let db: DuckDb;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "demo-"));
    db = await openDuckDb();
    for (const kind of ["seller", "creator"] as const) await make({ name: kind, kind, ...sizes[kind], seed: 7 });
    // The last report of each week, and the truth beside it, by name.
    for (const kind of ["seller", "creator"] as const) {
      for (const file of files) await db.run(`CREATE VIEW ${kind}_${file} AS SELECT * FROM ${fileOf(kind, file)}`);
      await db.run(`CREATE VIEW ${kind}_weeks AS SELECT * FROM ${kind}_panel
        QUALIFY row_number() OVER (PARTITION BY ${kind}_id, week_end ORDER BY known_on DESC) = 1`);
    }
  });

  after(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const fileOf = (name: string, file: string): string => quoteText(join(folder, name, `${file}.parquet`));

  function make(options: {
    name: string;
    kind: "seller" | "creator";
    sellers: number;
    weeks: number;
    seed: number;
  }): ReturnType<typeof prepareDemo> {
    const { name, ...rest } = options;
    return prepareDemo({ ...rest, workFolder: join(folder, name) });
  }

  async function one(query: string): Promise<readonly unknown[]> {
    return (await db.rows(query))[0] ?? [];
  }

  /** How many rows of a table break a rule. */
  async function broken(table: string, rule: string): Promise<unknown> {
    return (await one(`SELECT count(*) FROM ${table} WHERE NOT (${rule})`))[0];
  }

  it("gives the same rows for the same seed, and others for another", async () => {
    await make({ name: "again", kind: "seller", ...sizes.seller, seed: 7 });
    await make({ name: "other", kind: "seller", ...sizes.seller, seed: 8 });
    for (const file of files) {
      const rowsOf = (name: string): Promise<readonly (readonly unknown[])[]> =>
        db.rows(`SELECT md5(string_agg(t::VARCHAR, '|')) FROM ${fileOf(name, file)} AS t`);
      expect(await rowsOf("again"), file).to.deep.equal(await rowsOf("seller"));
      expect(await rowsOf("other"), file).not.to.deep.equal(await rowsOf("seller"));
    }
  });

  it("gives entity i the same life however many there are", async () => {
    await make({ name: "few", kind: "seller", sellers: 20, weeks: sizes.seller.weeks, seed: 7 });
    for (const file of files) {
      const difference = `(FROM ${fileOf("few", file)} EXCEPT ALL FROM ${fileOf("seller", file)})`;
      expect(await one(`SELECT count(*) FROM ${difference}`), file).to.deep.equal([0]);
    }
    expect(await one(`SELECT count(DISTINCT seller_id) FROM ${fileOf("few", "panel")}`)).to.deep.equal([20]);
  });

  it("gives one label a week, source and day, also where two appeals about one week come together", () => {
    const market = makeMarket({ seed: 1, weeks: 52 });
    const { character, stream } = drawCharacter(market, "seller", 15_588);
    const life = makeLife(sellerKind, 52);
    const { outcomes } = enforce({ kind: sellerKind, market, character, life, truth: sellerKind.live(character, market, stream, life) });
    const keys = outcomes.map(({ about, source, knownOn }) => `${about} ${source} ${knownOn}`);
    expect(keys.length).to.be.greaterThan(new Set(outcomes.map(({ about, source }) => `${about} ${source}`)).size);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it("makes even a single creator of a single week, which is imported like any other", async () => {
    const { descriptorPath } = await make({ name: "single", kind: "creator", sellers: 1, weeks: 1, seed: 1 });
    const { manifest, diagnostics } = await importDataset({ descriptorPath, home: join(folder, "home"), register: () => {} });
    expect(diagnostics).to.deep.equal([]);
    expect(manifest).to.include({ entities: 1, rows: 1 });
  });

  for (const kind of ["seller", "creator"] as const) {
    it(`describes every column of the ${kind} files, and keeps the truth apart`, async () => {
      const descriptor = parse(readFileSync(join(folder, kind, `demo-${kind}s.yaml`), "utf8"));
      expect(descriptor.known_truth).to.equal("truth.parquet");
      expect(descriptor.files.map(({ path }: { path: string }) => path)).not.to.include("truth.parquet");
      for (const file of descriptor.files) {
        const roles = ["period", "day", "source", "outcome", "known_at", "id", "kind", "points", "severity", "probability"].map(
          (role) => file[role],
        );
        const described = [...descriptor.key, ...roles, ...Object.values(file.fields ?? {}), ...Object.keys(file.columns ?? {})];
        const columns = (await db.describe(`SELECT * FROM ${quoteText(join(folder, kind, file.path))}`)).map(({ name }) => name);
        expect(described, file.path).to.include.members(columns);
      }
    });

    it(`is imported without a rejected row: ${kind}s`, async () => {
      const descriptorPath = join(folder, kind, `demo-${kind}s.yaml`);
      const { manifest, diagnostics } = await importDataset({ descriptorPath, home: join(folder, "home"), register: () => {} });
      expect(diagnostics).to.deep.equal([]);
      expect(manifest).to.deep.include({ entities: sizes[kind].sellers, rejected: { rows: 0, reasons: [] }, hasTruth: true });
      expect(manifest?.totals["orders"]).to.equal((await one(`SELECT sum(orders) FROM ${kind}_weeks`))[0]);
    });

    it(`lets every appeal of ${kind}s, and its decision, name a violation of the same ${kind} that was known before`, async () => {
      const appeals = `(SELECT e.*, v.known_on AS found_on FROM ${kind}_events AS e
        LEFT JOIN ${kind}_events AS v ON v.id = e.about AND v.${kind}_id = e.${kind}_id AND v.kind = 'violation' WHERE e.kind <> 'violation')`;
      expect(await one(`SELECT count(*) > 0 FROM ${appeals}`)).to.deep.equal([true]);
      expect(await broken(appeals, "coalesce(found_on < day AND type IS NULL AND severity IS NULL AND points IS NULL, false)")).to.equal(0);
    });

    it(`says of every violation of ${kind}s what it is of, at about the stated shares, and of what it is about nothing`, async () => {
      const { violationTypes } = { seller: sellerKind, creator: creatorKind }[kind];
      const violations = `(FROM ${kind}_events WHERE kind = 'violation')`;
      expect(await broken(violations, "type IS NOT NULL AND severity IS NOT NULL AND points IS NOT NULL AND about IS NULL")).to.equal(0);
      const counts = await db.rows(`SELECT type, count(*), sum(count(*)) OVER () FROM ${violations} GROUP BY type`);
      expect(counts.map(([type]) => type)).to.have.members(Object.keys(violationTypes));
      for (const [type, count, all] of counts) {
        const share = violationTypes[String(type)] ?? 0;
        expect(Math.abs(Number(count) - share * Number(all)), String(type)).to.be.below(4 * Math.sqrt(share * Number(all)));
      }
    });

    it(`ends the ${kind}s' weeks on 2025-09-28 and knows nothing later`, async () => {
      expect(await one(`SELECT max(week_end)::VARCHAR, count(DISTINCT week_end) FROM ${kind}_panel`)).to.deep.equal([
        "2025-09-28",
        sizes[kind].weeks,
      ]);
      expect(await broken(`${kind}_panel`, "isodow(week_end) = 7 AND known_on BETWEEN week_end AND DATE '2025-09-28'")).to.equal(0);
      expect(await broken(`${kind}_events`, "known_on BETWEEN day AND DATE '2025-09-28'")).to.equal(0);
      expect(await broken(`${kind}_outcomes`, "known_on > about AND known_on <= DATE '2025-09-28' AND isodow(about) = 7")).to.equal(0);
    });

    it(`gives ${kind}s one row a week from entry to exit, with some entering and some leaving`, async () => {
      const [entities, gaps, entering, leaving] = await one(`SELECT count(*), count(*) FILTER (WHERE weeks <> (last - first) // 7 + 1),
        count(*) FILTER (WHERE first > (SELECT min(week_end) FROM ${kind}_panel)), count(*) FILTER (WHERE last < DATE '2025-09-28')
        FROM (SELECT min(week_end) AS first, max(week_end) AS last, count(*) AS weeks FROM ${kind}_weeks GROUP BY ${kind}_id)`);
      expect([entities, gaps]).to.deep.equal([sizes[kind].sellers, 0]);
      expect(Number(entering) / sizes[kind].sellers).to.be.within(0.15, 0.35);
      expect(Number(leaving) / sizes[kind].sellers).to.be.within(0.03, 0.25);
    });

    it(`makes the ${kind}s' behaviour labels of the weeks that follow`, async () => {
      const bad = kind === "seller" ? "late_dispatches + seller_cancellations + low_reviews" : "refunds + accuracy_complaints";
      const limit = kind === "seller" ? 0.25 : 0.2;
      const again = `SELECT o.${kind}_id, about, CASE WHEN sum(${bad}) > ${limit} * sum(orders) THEN 'harmful' ELSE 'fine' END AS outcome
        FROM (SELECT DISTINCT ${kind}_id, week_end AS about FROM ${kind}_weeks WHERE month(week_end) <> month(week_end + 7)) AS o
        JOIN ${kind}_weeks AS w ON w.${kind}_id = o.${kind}_id AND week_end > about AND week_end <= about + 91
        WHERE about + 98 <= DATE '2025-09-28' GROUP BY ALL HAVING count(*) = 13 AND sum(orders) >= 30`;
      const labels = `SELECT ${kind}_id, about, outcome FROM ${kind}_outcomes WHERE source = 'bad_orders_91'`;
      expect(await one(`SELECT count(*) > 500 FROM (${labels})`)).to.deep.equal([true]);
      // A week whose correction is not known yet shows the first report in the file: at most these few labels may differ.
      expect(Number((await one(`SELECT count(*) FROM ((${again}) EXCEPT ALL (${labels}))`))[0])).to.be.at.most(2);
      expect(Number((await one(`SELECT count(*) FROM ((${labels}) EXCEPT ALL (${again}))`))[0])).to.be.at.most(2);
    });

    it(`audits ${kind}s at the stated probabilities, and finds the truth`, async () => {
      const audits = `(SELECT *, coalesce(harmful_from <= about, false) AS harmful FROM ${kind}_outcomes JOIN ${kind}_truth USING (${kind}_id) WHERE source = 'audit')`;
      expect(await broken(audits, "(outcome = 'harmful') = harmful AND probability IN (0.03, 0.08)")).to.equal(0);
      const [expected, found] = await one(`SELECT sum(p), (SELECT count(*) FROM ${audits}) FROM (
        SELECT CASE WHEN sum(orders) OVER (PARTITION BY ${kind}_id ORDER BY week_end ROWS 3 PRECEDING) >= 80 THEN 0.08 ELSE 0.03 END AS p, week_end
        FROM ${kind}_weeks) WHERE month(week_end) <> month(week_end + 7) AND week_end < DATE '2025-09-01'`);
      expect(Math.abs(Number(found) - Number(expected))).to.be.below(4 * Math.sqrt(Number(expected)));
    });
  }

  const parts = [
    [
      "seller",
      "late_dispatches <= due_dispatches AND seller_cancellations <= orders AND late_deliveries <= deliveries AND low_reviews <= reviews",
    ],
    ["seller", "reviews <= deliveries AND rating_sum BETWEEN reviews AND 5 * reviews AND late_dispatches >= 0 AND gmv >= 0"],
    ["creator", "refunds <= orders AND accuracy_complaints <= orders AND gmv >= 0 AND views >= 0"],
  ] as const;
  for (const [kind, rule] of parts) {
    it(`keeps parts within wholes: ${rule}`, async () => expect(await broken(`${kind}_panel`, rule)).to.equal(0));
  }

  it("corrects a few rows later", async () => {
    const [corrected, rows] = await one(
      `SELECT count(*) FILTER (WHERE n = 2), count(*) FROM (SELECT count(*) AS n FROM seller_panel GROUP BY seller_id, week_end)`,
    );
    expect(Number(corrected) / Number(rows)).to.be.within(0.0002, 0.005);
  });

  it("has a heavy tail: one seller in a hundred makes more than a tenth of the sales", async () => {
    const [share] = await one(`SELECT sum(gmv) FILTER (WHERE place <= 6) / sum(gmv) FROM (
      SELECT sum(gmv) AS gmv, row_number() OVER (ORDER BY sum(gmv) DESC) AS place FROM seller_weeks GROUP BY seller_id)`);
    expect(Number(share)).to.be.within(0.1, 0.6);
  });

  it("makes one region late for three weeks, and no region that late in any other week", async () => {
    const late = await db.rows(`SELECT region, week_end::VARCHAR FROM seller_weeks JOIN seller_entities USING (seller_id) GROUP BY ALL
      HAVING sum(late_deliveries) / sum(deliveries) > 0.3 ORDER BY ALL`);
    expect(late).to.have.length(3);
    expect(new Set(late.map(([region]) => region)).size).to.equal(1);
  });

  it("gives sellers that really harm worse measures than the others", async () => {
    const rates = await db.rows(`SELECT coalesce(week_end >= harmful_from, false) AS harmful,
      (sum(late_dispatches) + sum(seller_cancellations) + sum(low_reviews)) / sum(orders) AS bad FROM seller_weeks JOIN seller_truth USING (seller_id)
      GROUP BY harmful ORDER BY harmful`);
    expect(Number(rates[0]?.[1])).to.be.below(0.15);
    expect(Number(rates[1]?.[1])).to.be.above(0.25);
  });

  it("lets the innocent appeal more often, and win more often", async () => {
    const appeals = await db.rows(`SELECT coalesce(v.day >= harmful_from, false) AS harmful, count(a.id) / count(*) AS appealed,
      count(d.id) FILTER (WHERE d.kind = 'appeal_granted') / count(d.id) AS granted
      FROM seller_events AS v JOIN seller_truth USING (seller_id) LEFT JOIN seller_events AS a ON a.id = v.id || 'a'
      LEFT JOIN seller_events AS d ON d.id = v.id || 'd' WHERE v.kind = 'violation' GROUP BY harmful ORDER BY harmful`);
    const [innocent, harmful] = appeals;
    expect(Number(innocent?.[1])).to.be.above(Number(harmful?.[1]) + 0.1);
    expect(Number(innocent?.[2])).to.be.above(Number(harmful?.[2]) + 0.3);
  });

  it("assigns every tier of the old programme, restricted to few", async () => {
    const tiers = new Map(
      (await db.rows("SELECT tier, count(*) / sum(count(*)) OVER () FROM seller_weeks GROUP BY tier")).map(([tier, share]) => [
        tier,
        Number(share),
      ]),
    );
    expect([...tiers.keys()]).to.have.members(["gold", "restricted", "standard", "unrated", "watch"]);
    expect(tiers.get("restricted")).to.be.below(0.06);
    expect(tiers.get("standard")).to.be.above(0.35);
  });
});
