/** The note on known truth: right, in Method mode only, and nowhere else. */
import { join } from "node:path";
import { expect } from "chai";
import { openDuckDb } from "../../data/engines/index.ts";
import { present } from "../../data/foundation/index.ts";
import { reportHtml, resolveRun } from "../../server/operations/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const [baseline, candidate] = ["seller-performance@1.0.0", "seller-performance@2.0.0"] as const;

describe("the known truth of a generated marketplace", () => {
  it("stands in Method mode, as SQL over the frames and the truth counts it, and in no other answer", async () => {
    const { home, store, dataset, remove } = await smallMarketplace();
    const answer = await perform<{ run: { id: string }; candidates: { errors: { at: string }[] }[] }>(store, "compare", {
      baseline,
      candidates: [candidate],
      dataset,
      replicates: 100,
    });
    const run = resolveRun(store, answer.run.id);
    const method = reportHtml(store, run, { mode: "method", standalone: false });
    const dates = [...new Set(answer.candidates[0]?.errors.map(({ at }) => at))].sort();
    expect(dates).not.to.deep.equal([]);
    const [before, after] = [await frameOf(baseline, "a.parquet"), await frameOf(candidate, "b.parquet")];
    const truth = `'${join(present(store.datasets.list()[0], "dataset").folder, "truth.parquet")}'`;
    const db = await openDuckDb();
    for (const at of dates) {
      const [row] = await db.rows(`
        SELECT count(*), count(*) FILTER (fine), count(*) FILTER (fine AND a.tier IN ('watch', 'restricted')),
          count(*) FILTER (fine AND b.tier IN ('watch', 'restricted'))
        FROM '${before}' a JOIN '${after}' b USING (entity, period)
        JOIN (SELECT seller_id AS entity, coalesce(harmful_from > DATE '${at}', true) AS fine FROM ${truth}) USING (entity)
        WHERE period = DATE '${at}'`);
      const [inFrame, fine, first, second] = present(row, "counts").map(Number);
      const rate = (count = 0) => `${((100 * count) / present(fine, "fine")).toFixed(2)} %`;
      expect(method).to.contain(
        `Known truth at ${at}: ${fine} of the ${inFrame} sellers in the frame are fine. 1.0.0 holds ${first} of them in an adverse tier, a true false-positive rate of ${rate(first)}; 2.0.0 holds ${second}, ${rate(second)}.`,
      );
    }
    db.close();
    for (const mode of ["brief", "full"] as const) {
      expect(reportHtml(store, run, { mode, standalone: false })).not.to.contain("Known truth");
    }
    const shown = await perform(store, "run show", { run: run.id });
    expect(JSON.stringify([answer, shown])).not.to.contain("fineAdverse");
    remove();

    async function frameOf(policy: string, name: string): Promise<string> {
      const out = join(home, name);
      await perform(store, "replay", { policy, dataset, out });
      return out;
    }
  });
});
