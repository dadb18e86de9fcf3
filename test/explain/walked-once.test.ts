/** A history that was walked once says what it says when it is walked again, up to every period. */
import { expect } from "chai";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import {
  entityHistory,
  evaluateEntity,
  explainDifference,
  explainEntity,
  metricCourses,
  nearestRestore,
  walkEvaluations,
} from "../../policies/explain/index.ts";
import { demoMarket, libraryPolicy } from "../comparison/demo-market.ts";

describe("a history that was walked before", () => {
  it("gives the same rows, trace, courses, difference and way back up to every period", async () => {
    const { panel, remove } = await demoMarket({ sellers: 3, weeks: 30 });
    try {
      const { schema } = panel;
      const [old, young] = [libraryPolicy("seller-performance@1.0.0"), libraryPolicy("seller-performance@2.0.0")];
      const history = entityHistory(schema, panel.readChunk(0), 1);
      const [a, b] = [old, young].map((policy) => walkEvaluations(policy, schema, history, {}));
      const first = present(history.rows[0], "a row").period;
      for (const to of [first, first + 11, first + 20, present(history.rows.at(-1), "a row").period]) {
        const day = lastDayOf(schema.grain, to);
        expect(evaluateEntity(old, schema, history, { to, walked: a })).to.deep.equal(evaluateEntity(old, schema, history, { to }));
        expect(explainEntity(old, schema, history, day, { walked: a })).to.deep.equal(explainEntity(old, schema, history, day));
        const range = { from: first + 5, to };
        expect(metricCourses(young, schema, history, { ...range, walked: b })).to.deep.equal(metricCourses(young, schema, history, range));
        expect(explainDifference(old, young, schema, history, day, {}, { a, b })).to.deep.equal(
          explainDifference(old, young, schema, history, day),
        );
        for (const { name } of young.tiers)
          expect(nearestRestore(young, schema, history, to, name, b), name).to.deep.equal(nearestRestore(young, schema, history, to, name));
      }
    } finally {
      remove();
    }
  });
});
