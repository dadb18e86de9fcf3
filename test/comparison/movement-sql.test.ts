/** The course of entities derived a second time, by SQL over the frames of the replay. */
import { expect } from "chai";
import fc from "fast-check";
import { type DuckDb, openDuckDb } from "../../data/engines/index.ts";
import { present } from "../../data/foundation/index.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { letterPolicy, panelOf, type SmallMarket } from "./small-market.ts";

const weeks = 9;
const letters = (length: number) => fc.string({ unit: fc.constantFrom("g", "s", "w", "r", "u"), minLength: length, maxLength: length });
const seller = fc
  .tuple(fc.nat(3), fc.integer({ min: 1, max: weeks - 3 }))
  .chain(([first, length]) => fc.record({ baseline: letters(length), candidate: letters(length), first: fc.constant(first) }));
const markets = fc.array(seller, { minLength: 3, maxLength: 25 }).map(
  (sellers): SmallMarket => ({
    sellers: Object.fromEntries(sellers.map((one, at) => [`s${String(at).padStart(2, "0")}`, one])),
    periods: weeks,
  }),
);
const tiers = ["gold", "standard", "watch", "restricted", "unrated"];

/** Rows of both frames: entity, period, and the tier held under each policy. */
async function load(db: DuckDb, market: SmallMarket): Promise<void> {
  const rows: string[] = [];
  replay({
    policies: [letterPolicy("baseline"), letterPolicy("candidate")],
    panel: panelOf(market),
    visit: (chunk, [baseline, candidate]) => {
      for (let entity = 0; entity < chunk.entityCount; entity++)
        for (let row = chunk.rowStart[entity] as number; row < (chunk.rowStart[entity + 1] as number); row++) {
          const period = (chunk.firstPeriod[entity] as number) + row - (chunk.rowStart[entity] as number);
          rows.push(`('${chunk.entities[entity]}', ${period}, ${baseline?.held[row]}, ${candidate?.held[row]})`);
        }
    },
  });
  await db.run("CREATE OR REPLACE TABLE frames (entity VARCHAR, period INTEGER, baseline INTEGER, candidate INTEGER)");
  await db.run(`INSERT INTO frames VALUES ${rows.join(", ")}`);
}

/** Runs of adverse weeks: gaps and islands; since when those of the panel's first week run is not known. Codes 2 and 3 are adverse. */
const stays = (policy: string) => `
  WITH marked AS (
    SELECT entity, period, ${policy} IN (2, 3) AS adverse, max(period) OVER (PARTITION BY entity) AS gone,
      period - row_number() OVER (PARTITION BY entity, ${policy} IN (2, 3) ORDER BY period) AS island FROM frames),
  runs AS (
    SELECT entity, count(*) AS length, min(period) > 2800 AS known, max(period) AS until, any_value(gone) AS gone
    FROM marked WHERE adverse GROUP BY entity, island)
  SELECT count(*) FILTER (known)::INTEGER AS stays, count(*) FILTER (known AND until < gone)::INTEGER AS recovered,
    count(*) FILTER (known AND until = gone AND gone < 2800 + ${weeks} - 1)::INTEGER AS closed,
    count(*) FILTER (NOT known)::INTEGER AS running, coalesce(sum(length), 0)::INTEGER AS weeks FROM runs`;

const steps = (policy: string) => `
  SELECT "from", "to", count(*)::INTEGER AS steps FROM (
    SELECT ${policy} AS "from", coalesce(lead(${policy}) OVER (PARTITION BY entity ORDER BY period), CASE WHEN period < 2800 + ${weeks} - 1 THEN 5 END) AS "to" FROM frames)
  WHERE "to" IS NOT NULL GROUP BY ALL ORDER BY ALL`;

describe("the course of entities, derived again in SQL", () => {
  let db: DuckDb;
  before(async () => {
    db = await openDuckDb();
  });
  after(() => db.close());

  it("gives the same matrices, weeks, stays and steps", async () => {
    await fc.assert(
      fc.asyncProperty(markets, async (market) => {
        await load(db, market);
        const { candidates } = compare({
          baseline: letterPolicy("baseline"),
          candidates: [letterPolicy("candidate")],
          panel: panelOf({ ...market, chunkEntities: 4 }),
          seed: 1,
          replicates: 20,
        });
        const course = present(candidates[0]?.course, "course");
        const counted = await db.rows(
          "SELECT period - 2800 AS week, baseline, candidate, count(*)::INTEGER AS sellers FROM frames GROUP BY ALL ORDER BY ALL",
        );
        const ours = course.dates.flatMap(({ matrix }, week) =>
          matrix.flatMap((row, baseline) =>
            row.flatMap((sellers, candidate) => (sellers === 0 ? [] : [[week, baseline, candidate, sellers]])),
          ),
        );
        expect(ours).to.deep.equal(counted);
        for (const policy of ["baseline", "candidate"] as const) {
          const [found] = await db.rows(stays(policy));
          const { stays: count, recovered, closed, runningAtStart } = course.recovery[policy];
          const held = course.tierTime.filter(({ adverse, isTotal }) => adverse && !isTotal).reduce((sum, row) => sum + row[policy], 0);
          expect([count, recovered, closed, runningAtStart, held]).to.deep.equal(found);
          const taken = await db.rows(steps(policy));
          const own = course.transitions[policy].rows.flatMap(({ from, to }) =>
            to.map((one) => [tiers.indexOf(from), one.to === "closed" ? 5 : tiers.indexOf(one.to), one.steps]),
          );
          expect(own).to.deep.equal(taken);
        }
      }),
      { numRuns: 12 },
    );
  });
});
