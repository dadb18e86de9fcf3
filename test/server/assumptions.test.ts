/** `compare --assumptions`: another file gives another run and another digest; a faulty one is refused at its line. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { digestOf, InputRefused, packagePath } from "../../data/foundation/index.ts";
import { findOperation, type OperationContext } from "../../server/operations/index.ts";
import type { Comparison } from "../../simulations/comparison/index.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

type Compared = Comparison & { readonly run: { readonly id: string } };

describe("assumptions of a comparison", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  before(async () => {
    market = await smallMarketplace();
  });
  after(() => market.remove());

  const shipped = readFileSync(packagePath("policies", "library", "behaviour.yaml"), "utf8");
  const asked = () => ({
    baseline: "seller-performance@1.0.0",
    candidates: ["seller-performance@2.0.0"],
    dataset: market.dataset,
    seed: 1,
    replicates: 100,
    format: "json",
  });
  const refused = (assumptions: unknown, reads: OperationContext["reads"] = "any file") => {
    try {
      findOperation("compare")?.admit?.({ ...asked(), assumptions }, { ...contextOf(market.store), reads });
    } catch (error) {
      if (error instanceof InputRefused) return error.diagnostics.map(({ code, place }) => [code, place?.file, place?.line]);
      throw error;
    }
    return [];
  };

  it("are those that ship unless a file is given, and their digest stands in the provenance", async () => {
    const usual = await perform<Compared>(market.store, "compare", asked());
    expect(usual.provenance.assumptions).to.equal(digestOf(shipped));
    expect(usual.candidates[0]?.sales?.scenarios.map(({ name }) => name)).to.deep.equal(["none", "low", "central", "high"]);
    const file = join(market.home, "mine.yaml");
    writeFileSync(file, shipped.replace("marketplace-default", "mine").replace("total_traffic: held", "total_traffic: free"));
    const mine = await perform<Compared>(market.store, "compare", { ...asked(), assumptions: file });
    expect(mine.run.id).not.to.equal(usual.run.id);
    expect(mine.candidates[0]?.sales?.assumptions).to.include({ name: "mine", totalTraffic: "free" });
  });

  it("are the same whichever program wrote their lines", async () => {
    const own = shipped.replace("marketplace-default", "lines");
    const texts = [own, own.replaceAll("\n", "\r\n"), `\uFEFF${own}`];
    const runs: string[] = [];
    for (const text of texts)
      runs.push((await perform<Compared>(market.store, "compare", { ...asked(), assumptions: { file: "lines.yaml", text } })).run.id);
    expect(new Set(runs).size).to.equal(1);
  });

  it("are refused at the line of the fault, where they are absent, and as a path of the server's", () => {
    const line = shipped.split("\n").findIndex((text) => text.startsWith("near_points")) + 1;
    expect(refused({ file: "given.yaml", text: shipped.replace("near_points: 2", "near_points: many") })).to.deep.equal([
      ["wrong-shape", "given.yaml", line],
    ]);
    expect(refused(join(market.home, "absent.yaml")).map(([code]) => code)).to.deep.equal(["file-not-found"]);
    expect(refused("any.yaml", "nothing").map(([code]) => code)).to.deep.equal(["path-refused"]);
  });
});
