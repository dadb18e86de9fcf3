/** Every policy of the library that SQL speaks gives in DuckDB what the kernels give, to the last bit; which ones it does not is listed. */
import { expect } from "chai";
import { compilePolicy } from "../../policies/compile/index.ts";
import { policyToSql } from "../../policies/sql/index.ts";
import { loadHistories, openDatabase, runSql } from "../properties/duckdb-panel.ts";
import { historiesOf } from "../properties/random-case.ts";
import { libraryPanel, libraryReferences } from "./library-panels.ts";

/** What stays with the kernels, and for which elements. A policy that leaves this list must be run below. */
const refused: Readonly<Record<string, readonly string[]>> = {
  "amazon-account-health@2022.8.0": ["metrics.same_policy_180", ...[1, 2, 3].map((line) => `ledgers.deducted.lines.${line}`)],
  "mercado-libre-reputation@2023.4.0": [
    ...["claims_green", "claims_light_green", "cancellations_green", "cancellations_light_green"].map((name) => `parameters.${name}`),
    "movement.protect",
  ],
  "tiktok-account-health@2025.3.0": ["ledgers.account_health.lines.2"],
  "tiktok-creator-health@2025.12.0": ["metrics.same_violation_90", "ledgers.creator_health.lines.2"],
  "tiktok-shop-performance@2025.3.0": [
    "parameters.negative_reviews_for_4",
    ...["reviews", "returns", "cancellations", "on_time", "chats", "handling"].map((name) => `parameters.weight_${name}`),
    "metrics.main_category",
  ],
  "walmart-performance-standards@2025.7.0": [
    "parameters.cancellations_most",
    "parameters.on_time_least",
    "parameters.tracking_least",
    "parameters.refunds_below",
    "parameters.responses_above",
  ],
  "youtube-strikes@2018.1.0": ["ledgers.two_weeks_off.lines.1"],
  "youtube-strikes@2019.2.0": ["warning", "strikes", "two_weeks_off", "week_off"].map((name) => `ledgers.${name}.lines.1`),
  "youtube-strikes@2023.8.0": [
    "ledgers.warning.lines.1",
    ...["strikes", "two_weeks_off", "week_off"].flatMap((name) => [1, 2].map((line) => `ledgers.${name}.lines.${line}`)),
  ],
};

describe("SQL of the library", () => {
  for (const reference of libraryReferences()) {
    it(`gives what the kernels give, or says what it cannot: ${reference}`, async () => {
      const { policy, panel } = libraryPanel(reference, 30);
      const { statement, diagnostics } = policyToSql(policy, panel.schema);
      expect(diagnostics.map(({ found }) => found)).to.deep.equal(refused[reference] ?? []);
      for (const { place } of diagnostics) expect(place?.line).to.be.greaterThan(1);
      if (statement === undefined) return;
      const connection = await openDatabase();
      await loadHistories(connection, panel.schema, historiesOf(panel));
      const found = await runSql(connection, statement);
      connection.closeSync();
      const compiled = compilePolicy(policy, panel.schema);
      const apart: string[] = [];
      for (let index = 0; index < panel.chunkCount; index++) {
        const chunk = panel.readChunk(index);
        const frame = compiled.run(chunk, {});
        for (const [entity, key] of chunk.entities.entries()) {
          const begin = chunk.rowStart[entity] as number;
          for (let row = begin; row < (chunk.rowStart[entity + 1] as number); row++) {
            const period = (chunk.firstPeriod[entity] as number) + row - begin;
            const other = found.get(`${key} ${period}`);
            const score = Number.isNaN(frame.score[row]) ? null : frame.score[row];
            const ours = [frame.evaluated[row] === 1, score, frame.merited[row], frame.held[row], frame.shielded[row] === 1];
            const theirs = ["evaluated", "score", "merited", "held", "shielded"].map((name) => other?.[name]);
            if (ours.some((value, position) => value !== theirs[position])) apart.push(`${key} ${period}: ${ours.join()} ${theirs.join()}`);
          }
        }
      }
      expect(apart.slice(0, 5)).to.deep.equal([]);
      expect(found.size).to.equal(panel.rowCount);
    });
  }
});
