/** A warehouse's own tables, told of by a descriptor: read as an import of the same rows reads them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { openPanel } from "../../data/panel/index.ts";
import { readPolicy } from "../../policies/language/index.ts";
import { eventRowsOf, panelRowsOf, policyToSql } from "../../policies/sql/index.ts";
import type { LaidDataset } from "../../server/operations/connected-dataset.ts";
import { openHome, resolveDataset } from "../../server/operations/index.ts";
import { fillTable } from "../../server/operations/lay-tables.ts";
import { askOwnDataset, askShardStarts, type OwnDataset } from "../../server/operations/own-dataset.ts";
import { connectTables, openWarehouse, readTables, refusedBy, type Warehouse } from "./own-warehouse.ts";
import { perform } from "./small-marketplace.ts";

const sellers = [
  ["a,1", "north", "2024-01-03", 1],
  ["b\"2'; DROP TABLE weekly; --", "south", "2023-11-30", 20],
  ["c", "", "2024-02-29", 300],
] as const;
const weeks = Array.from({ length: 20 }, (_, week) => new Date(Date.UTC(2024, 0, 3 + 7 * week)).toISOString().slice(0, 10));
const rows = sellers.flatMap(([seller, , , size], index) =>
  weeks
    .slice(index)
    .map((day, week) => [
      seller,
      day,
      10 + ((week * 7 + size) % 5),
      (week * size) % 3,
      `${size * week}.${(week % 9) + 1}5`,
      week % 4 === 0 ? "" : "4.25",
    ]),
);
const events = weeks
  .slice(3, 9)
  .map((day, index) => [`e${9 - index}`, present(sellers[index % 3], "a seller")[0], day, index % 2 === 0 ? "violation" : "appeal", index]);

const csv = (table: readonly (readonly (string | number)[])[]) =>
  table.map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",")).join("\n");

/** The same descriptor for files and for tables, but for where the rows stand. */
const descriptor = (where: (name: string) => string, change: (text: string) => string = (text) => text) =>
  change(`dataset: own-sellers
title: Sellers of the warehouse
entity: seller
grain: week
currency: EUR
known_at: 2024-05-12
key: [Seller Key]
gmv: gmv
orders: orders
source: The warehouse
files:
  - ${where("weekly")}
    holds: panel
    period: day
    columns:
      orders: { flow: count, column: Orders }
      late: { flow: count, part_of: orders }
      gmv: { flow: money, column: 'gross "value"' }
      rating: { level: number, decimals: 2 }
  - ${where("sellers")}
    holds: entities
    columns:
      region: { attribute: text }
      opened_on: { attribute: day }
  - ${where("happenings")}
    holds: events
    id: id
    day: day
    kind: kind
    points: points
    kinds: { violation: Violation, appeal: Appeal }
`);

describe("a warehouse's own tables", () => {
  let folder: string;
  let warehouse: Warehouse;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "counterweight-own-"));
    const write = (name: string, head: string, table: Parameters<typeof csv>[0]) =>
      writeFileSync(join(folder, `${name}.csv`), `${head}\n${csv(table)}\n`);
    write("weekly", '"Seller Key",day,Orders,late,"gross ""value""",rating', rows);
    write("sellers", '"Seller Key",region,opened_on,size', sellers);
    write(
      "happenings",
      'id,"Seller Key",day,kind,points',
      events.map(([id, seller, ...rest]) => [id, seller, ...rest] as never),
    );
  });
  beforeEach(async () => {
    warehouse = await openWarehouse(folder, ["weekly", "sellers", "happenings"]);
  });
  afterEach(() => warehouse.database.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  const read = async (change?: (text: string) => string): Promise<OwnDataset> =>
    await readTables(
      folder,
      descriptor((name) => `table: ${name}`, change),
    );
  const connect = async (own: OwnDataset): Promise<LaidDataset> => (await connectTables(warehouse, own)).laid;

  it("is told of as an import of the same rows tells of them, and read as its rows", async () => {
    const home = mkdtempSync(join(tmpdir(), "counterweight-own-home-"));
    const store = openHome(home);
    try {
      const path = join(folder, "files.yaml");
      writeFileSync(
        path,
        descriptor((name) => `path: ${name}.csv`),
      );
      const { dataset } = await perform<{ dataset: { id: string } }>(store, "dataset import", { descriptor: path });
      const imported = resolveDataset(store, dataset.id);
      const { told, views } = await connectTables(warehouse, await read());
      const { database } = warehouse;
      const { schema, entities, rows: count, periods, totals } = imported.manifest;
      expect(told).to.deep.include({ schema, entities, rows: count, periods, totals });
      const panel = openPanel(imported.folder);
      const chunk = panel.readChunk(0);
      await fillTable(database, "panel", panelRowsOf(schema, chunk));
      await fillTable(database, "events", eventRowsOf(schema, chunk));
      for (const [table, columns, order] of [
        ["panel", panelRowsOf(schema, chunk).columns, "1, 2"],
        ["events", eventRowsOf(schema, chunk).columns, "1, 2"],
      ] as const) {
        const sql = `SELECT ${columns.map(({ name }) => `"${name}"`).join(", ")} FROM "${table}" ORDER BY ${order}`;
        expect(await views(sql), table).to.deep.equal(await database.rows(sql));
      }
    } finally {
      store.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("is asked once each for what fails the checks, its periods, its sums, its texts and its events", async () => {
    const own = await read();
    const asked: string[] = [];
    const ask: Warehouse["ask"] = async (statement) => {
      asked.push(statement.sql);
      return await warehouse.ask(statement);
    };
    await askOwnDataset(ask, own, 3);
    expect(asked).to.have.length(5);
  });

  it("has shards that follow one another in key order, and a policy sees in each its own entities", async () => {
    const {
      own,
      views,
      laid: { described },
    } = await connectTables(warehouse, await read());
    const starts = await askShardStarts(views, 3);
    expect(starts).to.deep.equal([sellers[1][0], sellers[2][0]]);
    const text = `programme: own
version: 1.0.0
title: Own
entity: seller
rationale: What a policy reads of tables that others made.
metrics:
  late_rate: { share: late of orders, over: 28 days }
  violations: { count: violation, over: 90 days }
tiers:
  - good: { when: late_rate <= 10 % and violations < 1 }
  - watch: {}
movement:
  evaluate: every Sunday
`;
    const { policy } = readPolicy({ text, file: "own.yaml", load: () => undefined });
    const whole: unknown[] = [];
    for (const [shard, [from, before]] of [
      [undefined, starts[0]],
      [starts[0], starts[1]],
      [starts[1], undefined],
    ].entries()) {
      const range = { ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) };
      const { statement } = policyToSql(present(policy, "a policy"), described.schema, { shard, own: { tables: own.tables, range } });
      const { sql, parameters } = present(statement, "a statement");
      const answer = await warehouse.database.rows(sql, parameters);
      expect(new Set(answer.map(([entity]) => entity))).to.deep.equal(new Set([present(sellers[shard], "a seller")[0]]));
      whole.push(...answer);
    }
    expect(whole).to.have.length(rows.filter(([, day]) => String(day) <= "2024-05-12").length);
  });

  it("is another dataset when a value changes, and the same when rows of later are added", async () => {
    const own = await read();
    const { digest, own: { leftOut } = { leftOut: 0 } } = await connect(own);
    expect(leftOut)
      .to.equal(rows.filter(([, day]) => String(day) > "2024-05-12").length)
      .and.above(0);
    await warehouse.database.run(`INSERT INTO weekly VALUES ('later', DATE '2025-01-01', 1, 0, 1, NULL)`);
    const again = await connect(own);
    expect([again.digest, again.own?.leftOut]).to.deep.equal([digest, leftOut + 1]);
    await warehouse.database.run(`UPDATE weekly SET late = 1 - late WHERE "Seller Key" = 'c' AND late < 2`);
    expect((await connect(own)).digest).to.not.equal(digest);
  });

  for (const [what, change, expected] of [
    [
      "a column that is not there",
      `ALTER TABLE weekly RENAME COLUMN late TO tardy`,
      /tables\.yaml:17:7 engine-unfit: memory\.main\.weekly has no column 'late'/,
    ],
    ["a table that is not there", `DROP TABLE sellers`, /tables\.yaml:20:\d+ engine-unfit: there is no table memory\.main\.sellers/],
    [
      "a text where a number is needed",
      `ALTER TABLE weekly ALTER late TYPE VARCHAR`,
      /tables\.yaml:17:7 engine-unfit: column 'late' .* is varchar, where a number is needed/,
    ],
    [
      "more decimals than declared",
      `ALTER TABLE weekly ALTER rating TYPE DOUBLE; UPDATE weekly SET rating = 4.255 WHERE rating IS NOT NULL`,
      /tables\.yaml:19:7 engine-unfit: \d+ values of 'rating' have more than 2 decimals/,
    ],
    [
      "an id twice",
      `UPDATE happenings SET id = 'same'`,
      /tables\.yaml:27:9 engine-unfit: 3 events have an id that another of the same entity has/,
    ],
    [
      "a row twice",
      `INSERT INTO weekly SELECT * FROM weekly LIMIT 2`,
      /tables\.yaml:14:\d+ engine-unfit: 2 times rows of 'weekly' are of the same/,
    ],
    [
      "an entity twice",
      `INSERT INTO sellers SELECT * FROM sellers LIMIT 1`,
      /tables\.yaml:20:\d+ engine-unfit: 1 entities have more than one row/,
    ],
    [
      "no date",
      `UPDATE weekly SET day = NULL WHERE late = 1`,
      /tables\.yaml:14:\d+ engine-unfit: \d+ rows have no date from 1900 to 2199 in 'day'/,
    ],
    [
      "a key with spaces",
      `UPDATE weekly SET "Seller Key" = "Seller Key" || ' '`,
      /tables\.yaml:7:\d+ engine-unfit: \d+ rows have no key in 'Seller Key'/,
    ],
    [
      "a part above its whole",
      `UPDATE weekly SET late = 99 WHERE late = 1`,
      /tables\.yaml:17:7 engine-unfit: \d+ values of 'late' are more than 'Orders'/,
    ],
    ["a count below 0", `UPDATE weekly SET late = -1 WHERE late = 1`, /tables\.yaml:17:7 engine-unfit: \d+ values of 'late' are below 0/],
    [
      "an infinity",
      `ALTER TABLE weekly ALTER rating TYPE DOUBLE; UPDATE weekly SET rating = 'inf' WHERE late = 1`,
      /tables\.yaml:19:7 engine-unfit: \d+ values of 'rating' are too large/,
    ],
    [
      "an event of an unlisted kind",
      `UPDATE happenings SET kind = 'praise' WHERE points = 2`,
      /tables\.yaml:29:\d+ engine-unfit: 1 events are of a kind/,
    ],
    ["no rows", `DELETE FROM weekly`, /tables\.yaml:\d+:\d+ engine-unfit: 'weekly' has no row up to 2024-05-12/],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      for (const statement of change.split("; ")) await warehouse.database.run(statement);
      expect(await refusedBy(read().then(connect))).to.match(expected);
    });
  }

  for (const [what, change, expected] of [
    [
      "rates",
      (text: string) => `${text}  - table: rates\n    holds: rates\n    date: day\n    from: base\n    to: quote\n    rate: rate\n`,
      /tables\.yaml:32:\d+ conflicting-keys: 'rates' holds rates, and no policy .*Leave it out/,
    ],
    ["a path", (text: string) => text.replace("table: weekly", "path: weekly.csv"), /tables\.yaml:12:\d+ /],
    [
      "a table's name of four parts",
      (text: string) => text.replace("table: weekly", "table: a.b.c.d"),
      /tables\.yaml:12:\d+ bad-form: 'a\.b\.c\.d' is not a table/,
    ],
  ] as const) {
    it(`is not described by ${what}`, async () => {
      expect(await refusedBy(read(change))).to.match(expected);
    });
  }
});
