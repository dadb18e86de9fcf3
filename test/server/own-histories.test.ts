/** Gaps, corrections, snapshots and labels in a warehouse's own tables: to the last row, tier and error rate what an import of the same rows gives. */
import { join } from "node:path";
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import { type Panel, rangeOf } from "../../data/panel/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";
import { eventRowsOf, labelCountsInSql, outcomeRowsOf, panelRowsOf, policyToSql, policyTotalsToSql } from "../../policies/sql/index.ts";
import { fillTable } from "../../server/operations/lay-tables.ts";
import { askShardStarts } from "../../server/operations/own-dataset.ts";
import { compare, describeLabels, drawUnlessAsked, labelCountsOf, pairedGroups } from "../../simulations/comparison/index.ts";
import { replay, replayInShards, ShardAnswerRows } from "../../simulations/replay/index.ts";
import { importFrom, manifestOf, panelOf, testFolder, writeFiles } from "../data/dataset-files.ts";
import { drawnHistory, type History, headOf, ownPolicyText } from "./drawn-history.ts";
import { type Connected, connectTables, openWarehouse, readTables, refusedBy, type Warehouse } from "./own-warehouse.ts";

describe("a history in a warehouse's own tables", () => {
  const folder = testFolder();
  let count = 0;

  async function bothWays({ grain, tables, files }: History, work: (imported: Panel, there: Connected & Warehouse) => Promise<void>) {
    const here = join(folder, String(count++));
    const descriptor = (where: (name: string) => string) => `${headOf(grain)}${files(where)}`;
    writeFiles(here, {
      ...Object.fromEntries(Object.entries(tables).map(([name, csv]) => [`${name}.csv`, csv])),
      "descriptor.yaml": descriptor((name) => `path: ${name}.csv`),
    });
    const imported = await importFrom(here);
    const panel = panelOf(imported);
    const { entities, rows, periods, totals, schema, quality } = manifestOf(imported);
    const warehouse = await openWarehouse(here, Object.keys(tables));
    try {
      const there = await connectTables(
        warehouse,
        await readTables(
          here,
          descriptor((name) => `table: ${name}`),
        ),
      );
      const { gaps, entitiesByFirstPeriod, entitiesByLastPeriod, entitiesByPeriod } = quality;
      expect(there.told).to.deep.include({ entities, rows, periods, totals, schema });
      expect(there.told.quality).to.deep.include({ gaps, entitiesByFirstPeriod, entitiesByLastPeriod, entitiesByPeriod });
      await expectSameRows(panel, { ...there, ...warehouse });
      await work(panel, { ...there, ...warehouse });
    } finally {
      warehouse.database.close();
    }
  }

  async function expectSameRows(panel: Panel, { views, database }: Connected & Warehouse) {
    expect(panel.chunkCount).to.equal(1);
    const [{ schema }, chunk] = [panel, panel.readChunk(0)];
    for (const [table, rows, ...places] of [
      ["panel", panelRowsOf(schema, chunk)],
      ["events", eventRowsOf(schema, chunk)],
      // Sources of one day may stand in any order.
      ["outcomes", outcomeRowsOf(schema, chunk), "position"],
    ] as const) {
      await fillTable(database, table, rows);
      const names = rows.columns.map(({ name }) => name).filter((name) => !places.some((place) => place === name));
      // Events and labels of entities without a row stand beside none.
      const sql = `SELECT ${names.map((name) => `"${name}"`).join(", ")} FROM "${table}" WHERE "entity" IN (SELECT "entity" FROM "panel") ORDER BY ALL`;
      expect(await views(sql), table).to.deep.equal(await database.rows(sql));
    }
  }

  async function expectSameTiers(policy: Policy, panel: Panel, { database, own }: Connected & Warehouse) {
    const { statement } = policyToSql(policy, panel.schema, { own: { tables: own.tables, range: {} } });
    const { sql, parameters } = present(statement, "a statement");
    const told = (await database.rows(sql, parameters)).map(([entity, period, , , , held]) => `${entity} ${period} ${held}`);
    const expected: string[] = [];
    replay({
      policies: [policy],
      panel,
      to: panel.schema.lastPeriod,
      visit: ({ entities, firstPeriod, rowStart }, [frame]) => {
        for (const [entity, key] of entities.entries())
          for (let row = rowStart[entity] as number; row < (rowStart[entity + 1] as number); row++)
            expected.push(`${key} ${(firstPeriod[entity] as number) + row - (rowStart[entity] as number)} ${frame?.held[row]}`);
      },
    });
    expect(told.toSorted()).to.deep.equal(expected.toSorted());
    expect(new Set(expected.map((line) => line.split(" ").at(-1))).size, "tiers that occur").to.be.above(1);
  }

  /** Replayed in shards of keys, as a warehouse is asked. */
  async function expectSameErrors(policies: readonly [Policy, Policy], panel: Panel, { database, own, ask, views }: Connected & Warehouse) {
    const { schema } = panel;
    const range = rangeOf(schema, {});
    const counted = (await ask(labelCountsInSql(own.tables, "trino"))).map(
      ([source, day, labels]) => [String(source), Number(day), Number(labels)] as const,
    );
    const asked = pairedGroups(policies, schema, range, labelCountsOf(schema, counted));
    const starts = await askShardStarts(views, 3);
    const { summary } = await replayInShards({
      policies,
      schema,
      ...range,
      groups: asked.groups,
      shardCount: starts.length + 1,
      atOnce: 1,
      triesMax: 1,
      ask: async ({ startTiers }, shard) => {
        const [from, before] = [starts[shard - 1], starts[shard]];
        const keys = { ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) };
        const replayed = policies.map((policy, index) => ({ policy, startTiers: present(startTiers[index], "start tiers") }));
        const options = { ...range, groups: asked.groups, shard, own: { tables: own.tables, range: keys } };
        const { sql, parameters } = present(policyTotalsToSql(replayed, schema, options).statement, "a statement");
        const rows = new ShardAnswerRows({ policies: policies.length, schema, groups: asked.groups });
        for (const row of await database.rows(sql, parameters)) rows.add(row);
        return rows.finish();
      },
    });
    const told = describeLabels(present(summary.groups, "groups"), asked, { policies, schema, to: range.to, ...drawUnlessAsked });
    const [baseline, candidate] = policies;
    const compared = compare({ baseline, candidates: [candidate], panel, ...drawUnlessAsked, studies: false });
    const errors = present(compared.candidates[0], "a candidate").errors.map(({ estimates: _estimates, ...counts }) => counts);
    expect(told).to.deep.equal(errors);
    return errors;
  }

  for (const [grain, rule, seed] of [
    ["week", "last", 1],
    ["week", "first", 2],
    ["month", "last", 3],
    ["day", "first", 5],
  ] as const)
    it(`is filled, corrected and picked as an import does it, by ${grain} and the ${rule} snapshot`, async () => {
      await bothWays(drawnHistory(grain, rule, seed), async (panel, there) => {
        expect(there.told.quality.gaps.sourceAbsentRows, "rows in which nobody delivered").to.be.above(0);
        expect(there.told.quality.gaps.rows).to.be.above(there.told.quality.gaps.sourceAbsentRows);
        expect(there.told.quality.remarks.join(" "))
          .to.match(/stand for periods that none of its tables reports/)
          .and.match(/\d+ labels are of entities that have no row in the history/)
          .and.match(/events are of entities that have no row in the history/)
          .and.match(/were known, later than 2024-06-20/);
        const [first, second] = (["1.0.0", "2.0.0"] as const).map((version) =>
          present(readPolicy({ text: ownPolicyText(grain, version), file: "own.yaml", load: () => undefined }).policy, version),
        ) as [Policy, Policy];
        await expectSameTiers(first, panel, there);
        const errors = await expectSameErrors([first, second], panel, there);
        expect(errors.filter(({ labelled }) => labelled > 0)).to.have.lengthOf.above(2);
        expect(new Set(errors.flatMap(({ unlabelled }) => unlabelled.map(({ reason }) => reason))).size, "reasons of no label").to.be.above(
          1,
        );
      });
    });

  it("leaves where a table of its own goes on without it, and stays where none is there", async () => {
    const rows = (seller: string, ...days: readonly string[]) => days.map((day) => `${seller},${day},1,1\n`).join("");
    const three = ["2024-01-07", "2024-01-14", "2024-02-04"];
    await bothWays(
      {
        grain: "week",
        tables: {
          weekly: `seller,day,orders,gmv\n${rows("all", ...three)}${rows("both", ...three.slice(0, 2))}${rows("left", ...three.slice(0, 1))}${rows("stays", ...three.slice(0, 2))}`,
          taken: "seller,on,followers\nboth,2024-01-14,1\nother,2024-01-21,2\nother,2024-02-04,2\n",
        },
        files: (where) => `files:
  - { ${where("weekly")}, holds: panel, period: day, columns: { orders: { flow: count }, gmv: { flow: money } } }
  - { ${where("taken")}, holds: snapshots, date: on, rule: last in period, columns: { followers: { level: count } } }
`,
      },
      async (_, { told }) => {
        expect(told.rows, "5 of all, 2 of both, 1 of left, 3 of other, 4 of stays").to.equal(15);
        expect(told.quality.gaps).to.deep.include({ rows: 5, sourceAbsentRows: 5, emptyPeriods: ["2024-01-28"] });
      },
    );
  });

  it("is refused where one of several feeds is absent, at the line of the feed, and read where none is", async () => {
    const files = (feed: string) => (where: (name: string) => string) =>
      `files:
  - { ${where("weekly")}, holds: panel, period: day, columns: { orders: { flow: count }, gmv: { flow: money } } }
  - { ${where("taken")}, holds: snapshots, date: on, rule: last in period, source: ${feed}, columns: { followers: { level: count } } }
`;
    const history = {
      grain: "week",
      tables: {
        weekly: "seller,day,orders,gmv\na,2024-01-07,1,1\na,2024-01-14,1,1\na,2024-01-21,1,1\n",
        taken:
          "seller,on,feed,one,followers\na,2024-01-07,x,z,1\na,2024-01-14,x,z,2\nb,2024-01-14,y,z,2\na,2024-01-21,x,z,3\nb,2024-01-21,x,z,3\n",
      },
    } as const;
    await bothWays({ ...history, files: files("one") }, async (_, { told }) => void expect(told.absences).to.deep.equal([]));
    expect(await refusedBy(bothWays({ ...history, files: files("feed") }, async () => {}))).to.match(
      /tables\.yaml:11:\d+ engine-unfit: a feed of 'feed' or a table delivered nothing in some periods.*Leave 'source' out/,
    );
  });
});
