/** Labels and really assigned tiers in tables of a warehouse's own: what is refused, at its line, and what makes another dataset. */
import { join } from "node:path";
import { expect } from "chai";
import { testFolder, writeFiles } from "../data/dataset-files.ts";
import { connectTables, openWarehouse, readTables, refusedBy, type Warehouse } from "./own-warehouse.ts";

const tables = {
  weekly: "seller,day,orders\na,2024-01-07,1\na,2024-01-14,2\nb,2024-01-14,3\n",
  held: "seller,day,tier\na,2024-01-10,gold\nb,2024-01-10,good\n",
  found:
    "seller,day,known,source,outcome,chance\na,2024-01-07,2024-01-09,audit,fine,0.5\nb,2024-01-14,2024-01-20,appeal,pending,\nb,2024-01-14,2024-01-22,appeal,harmful,\n",
};

const descriptor = `dataset: own-labels
entity: seller
grain: week
known_at: 2024-01-31
key: [seller]
outcomes:
  audit: { kind: state, role: audit, lag: 3 days, definition: An audit found the seller harmful. }
  appeal: { kind: state, role: appeal, definition: An appeal was decided. }
files:
  - table: weekly
    holds: panel
    period: day
    columns:
      orders: { flow: count }
  - table: held
    holds: panel
    period: day
    columns:
      tier: { assigned_tier: [gold, good] }
  - table: found
    holds: outcomes
    day: day
    known_at: known
    source: source
    outcome: outcome
    probability: chance
`;

describe("labels and tiers of a warehouse's own tables", () => {
  const folder = testFolder();
  let warehouse: Warehouse;
  let count = 0;

  beforeEach(async () => {
    const here = join(folder, String(count++));
    writeFiles(here, Object.fromEntries(Object.entries(tables).map(([name, csv]) => [`${name}.csv`, csv])));
    warehouse = await openWarehouse(here, Object.keys(tables));
  });
  afterEach(() => warehouse.database.close());

  const connect = async (text = descriptor) => await connectTables(warehouse, await readTables(folder, text));
  const digestNow = async () => (await connect()).laid.digest;

  it("are rows of the tables that a policy's SQL reads", async () => {
    const { views } = await connect();
    expect(await views('SELECT "entity", "period", "assigned" FROM "panel" ORDER BY ALL')).to.deep.equal([
      ["a", 2818, null],
      ["a", 2819, "gold"],
      ["b", 2819, "good"],
    ]);
    expect(await views('SELECT "entity", "position", "source", "day", "known_day", "harmful" FROM "outcomes" ORDER BY 1, 2')).to.deep.equal(
      [
        ["a", 1, "audit", 19729, 19731, 0],
        ["b", 1, "appeal", 19736, 19742, -1],
        ["b", 2, "appeal", 19736, 19744, 1],
      ],
    );
  });

  it("are none where sources are defined and no table is", async () => {
    const { views, told } = await connect(descriptor.slice(0, descriptor.indexOf("  - table: found")));
    expect(await views('SELECT count(*) FROM "outcomes"')).to.deep.equal([[0]]);
    expect(told.schema.outcomes.map(({ name }) => name)).to.deep.equal(["audit", "appeal"]);
  });

  for (const [what, change] of [
    ["a tier", "UPDATE held SET tier = 'good'"],
    ["what a label says", "UPDATE found SET outcome = 'fine'"],
    ["the day on which a label was known", "UPDATE found SET known = DATE '2024-01-23' WHERE outcome = 'harmful'"],
  ] as const)
    it(`make another dataset when ${what} changes`, async () => {
      const before = await digestNow();
      await warehouse.database.run(change);
      expect(await digestNow()).to.not.equal(before);
    });

  it("make the same dataset when some are known later, or are said of later", async () => {
    const before = await digestNow();
    await warehouse.database.run(
      "INSERT INTO found VALUES ('a', DATE '2024-01-07', DATE '2024-02-01', 'audit', 'harmful', 1), ('a', DATE '2024-02-04', DATE '2024-02-05', 'lost', 'x', 9)",
    );
    const { laid, told } = await connect();
    expect(laid.digest).to.equal(before);
    expect(told.quality.remarks.join(" ")).to.match(/2 rows of its tables are about, or were known, later than 2024-01-31/);
  });

  for (const [what, change, expected] of [
    [
      "a tier that is not listed",
      "UPDATE held SET tier = 'silver' WHERE seller = 'a'",
      /yaml:19:7 engine-unfit: 1 values of 'tier' are none of the declared tiers/,
    ],
    ["no table of labels", "DROP TABLE found", /yaml:20:12 engine-unfit: there is no table memory\.main\.found/],
    [
      "a column of another type",
      "ALTER TABLE found ALTER known TYPE VARCHAR",
      /yaml:23:15 engine-unfit: column 'known' of memory\.main\.found is varchar, where a date or a timestamp without a zone is needed/,
    ],
    [
      "a source that is not defined",
      "UPDATE found SET source = 'rumour' WHERE seller = 'a'",
      /yaml:24:13 engine-unfit: 1 labels are of a source that 'outcomes' does not define/,
    ],
    ["no source", "UPDATE found SET source = NULL", /yaml:24:13 engine-unfit: 3 labels are of a source/],
    [
      "another word",
      "UPDATE found SET outcome = 'guilty' WHERE outcome = 'harmful'",
      /yaml:25:14 engine-unfit: 1 labels say neither harmful, fine nor pending in 'outcome'/,
    ],
    [
      "a day inside a period",
      "UPDATE found SET day = DATE '2024-01-06' WHERE seller = 'a'",
      /yaml:22:10 engine-unfit: 1 labels are about a day in 'day' that is not the last of a week/,
    ],
    [
      "a label known before its day",
      "UPDATE found SET known = DATE '2024-01-06' WHERE seller = 'a'",
      /yaml:23:15 engine-unfit: 1 rows were known before the day that they are about/,
    ],
    [
      "a probability of 0",
      "UPDATE found SET chance = 0 WHERE seller = 'a'",
      /yaml:26:18 engine-unfit: 1 values of 'chance' are not above 0 and at most 1/,
    ],
    ["no key", "UPDATE found SET seller = NULL WHERE seller = 'a'", /yaml:5:\d+ engine-unfit: 1 rows have no key in 'seller'/],
    [
      "a label twice",
      "UPDATE found SET known = DATE '2024-01-22'",
      /yaml:22:10 engine-unfit: 1 times labels of 'found' are of the same entity, source and day, and were known on the same day/,
    ],
  ] as const)
    it(`are refused with ${what}`, async () => {
      await warehouse.database.run(change);
      expect(await refusedBy(connect())).to.match(expected);
    });
});
