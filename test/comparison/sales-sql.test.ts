/** The arithmetic of caps, fees and payout holds against SQL over the same rows, which shares none of our code. */
import { expect } from "chai";
import { openDuckDb } from "../../data/engines/index.ts";
import { randomStream } from "../../data/foundation/index.ts";
import { compare } from "../../simulations/comparison/index.ts";
import { letterPolicy, panelOf, type SmallSeller } from "./small-market.ts";

const tiers = [
  { letter: "g", consequences: { traffic: 1.2, fee: 0.0525, payoutDays: 1 } },
  { letter: "s", consequences: { fee: 0.05, payoutDays: 3 } },
  { letter: "w", consequences: { traffic: 0.8, fee: 0.085, payoutDays: 5, ordersPerDayMax: 70 } },
  { letter: "r", consequences: { traffic: 0.5, fee: 0.08, payoutDays: 8, ordersPerDayMax: 50 } },
] as const;

describe("mechanical effects and SQL", () => {
  it("agree to the cent on a market of 300 sellers", async () => {
    const stream = randomStream(4, "a market for SQL");
    const letter = () => "gswru"[stream.below(5)] as string;
    const sellers: Record<string, SmallSeller> = {};
    for (let index = 0; index < 300; index++) {
      const word = () => Array.from({ length: 6 }, letter).join("");
      const assigned = Array.from({ length: 6 }, () => (stream.below(3) === 0 ? "-" : letter())).join("");
      const orders = Array.from({ length: 6 }, () => stream.below(700));
      sellers[`s${String(index).padStart(3, "0")}`] = {
        baseline: word(),
        candidate: word(),
        assigned,
        orders,
        gmv: orders.map((count) => count * (500 + stream.below(9000))),
      };
    }
    const consequences = tiers.map((tier) => tier.consequences);
    const [found] = compare({
      baseline: letterPolicy("baseline", { consequences }),
      candidates: [letterPolicy("candidate", { consequences })],
      panel: panelOf({ sellers }),
      seed: 1,
      replicates: 100,
    }).candidates;
    const { caps, revenue, holds } = found?.sales?.mechanical ?? {};
    if (caps?.kind !== "range" || revenue === undefined || holds === undefined) throw new Error("no mechanical effects");

    const rows = Object.values(sellers).flatMap(({ baseline, candidate, assigned, gmv, orders }, entity) =>
      [2, 3, 4, 5].map(
        (week) => `(${entity}, '${baseline[5]}', '${candidate[5]}', '${assigned?.[week]}', ${gmv?.[week]}, ${orders?.[week]})`,
      ),
    );
    const terms = tiers.map(
      ({ letter: name, consequences: own }) =>
        `('${name}', ${"ordersPerDayMax" in own ? own.ordersPerDayMax : "NULL"}, ${own.fee}::DECIMAL(6, 4), ${own.payoutDays})`,
    );
    const db = await openDuckDb();
    try {
      await db.run(`CREATE TABLE sales AS SELECT * FROM (VALUES ${rows.join(", ")}) AS t(entity, b, c, assigned, gmv, orders)`);
      await db.run(`CREATE TABLE terms AS SELECT * FROM (VALUES ${terms.join(", ")}) AS t(tier, cap, fee, days)`);
      // One policy's caps against none, no day above the cap in force (which bounds nothing when the week is above seven times it).
      const removed = (policy: "b" | "c") => `
        SELECT SUM((2 * gmv::HUGEINT * fewest + orders) // greatest(2 * orders, 1)) AS fewest,
               SUM((2 * gmv::HUGEINT * most + orders) // greatest(2 * orders, 1)) AS most
        FROM (
          SELECT gmv, orders,
            CASE WHEN p.cap IS NULL OR p.cap >= limit_a_day THEN 0 ELSE greatest(0, orders - 7 * p.cap) END AS fewest,
            CASE WHEN p.cap IS NULL OR p.cap >= limit_a_day THEN 0
                 ELSE (orders // limit_a_day) * (limit_a_day - p.cap) + greatest(0, orders % limit_a_day - p.cap) END AS most
          FROM (
            SELECT sales.*, CASE WHEN f.cap IS NULL OR orders > 7 * f.cap THEN 1000000 ELSE f.cap END AS limit_a_day
            FROM sales LEFT JOIN terms f ON f.tier = assigned
          ) JOIN terms p ON p.tier = ${policy}
        )`;
      const number = (value: unknown) => Number(value);
      for (const [side, policy] of [
        ["baseline", "b"],
        ["candidate", "c"],
      ] as const) {
        const [[fewest, most] = []] = await db.rows(removed(policy));
        expect(caps[side], side).to.deep.equal({ lowest: -number(most), highest: -number(fewest) });
      }
      const [[fees, cash, feesBefore] = []] = await db.rows(`
        SELECT SUM(ROUND(gmv * coalesce(c.fee, 0))) - SUM(ROUND(gmv * coalesce(b.fee, 0))),
               SUM(gmv * coalesce(c.days, 0)) - SUM(gmv * coalesce(b.days, 0)),
               SUM(ROUND(gmv * coalesce(b.fee, 0))) - (SELECT SUM(ROUND(gmv * coalesce(fee, 0))) FROM sales LEFT JOIN terms ON tier = assigned)
        FROM (SELECT entity, b, c, SUM(gmv) AS gmv FROM sales GROUP BY ALL) s
          LEFT JOIN terms b ON b.tier = s.b LEFT JOIN terms c ON c.tier = s.c`);
      expect(revenue.fees).to.include({ value: number(fees) });
      expect(revenue.baseline).to.equal(number(feesBefore));
      expect(holds.change).to.include({ value: number(cash) });
    } finally {
      db.close();
    }
  });
});
