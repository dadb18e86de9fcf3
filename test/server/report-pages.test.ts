/** The pages of a report: drawn with the comparison, for every candidate, and light. */
import { expect } from "chai";
import { reportHtml, resolveRun, viewsDigest } from "../../server/operations/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const candidates = ["1.1.0", "2.0.0"] as const;

describe("the pages of a report", () => {
  it("are drawn with the comparison for every candidate in every mode, under 300 kB each", async () => {
    const { store, dataset, remove } = await smallMarketplace();
    const answer = await perform<{ run: { id: string } }>(store, "compare", {
      baseline: "seller-performance@1.0.0",
      candidates: candidates.map((version) => `seller-performance@${version}`),
      dataset,
      replicates: 100,
    });
    const run = resolveRun(store, answer.run.id);
    for (const mode of ["brief", "full", "method"] as const) {
      const drawn = candidates.map((version) => store.reports.find(run.id, `${mode}|page|${version}`, viewsDigest()) ?? "");
      for (const [index, version] of candidates.entries()) {
        expect(drawn[index], `${mode}, ${version}`).to.include(`${version} against 1.0.0`);
        expect(reportHtml(store, run, { mode, candidate: version, standalone: false })).to.equal(drawn[index]);
        expect(Buffer.byteLength(drawn[index] ?? "")).to.be.below(300_000);
      }
      expect(reportHtml(store, run, { mode, standalone: false }), "the first, where none is named").to.equal(drawn[0]);
    }
    remove();
  });
});
