/** Criteria that go with a comparison: kept with it, dated, read from any door, and never a part of its figures. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused } from "../../data/foundation/index.ts";
import type { CandidatesTried } from "../../simulations/comparison/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { triedWords } from "../../views/report/verdict-section.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

const [baseline, candidate, other] = ["seller-performance@1.0.0", "seller-performance@2.0.0", "seller-performance@1.1.0"] as const;

interface Answer {
  readonly run: { readonly id: string; readonly digest: string };
  readonly tried: CandidatesTried;
  readonly candidates: readonly {
    readonly movement: { readonly moversShare: Estimated };
    readonly verdict?: {
      readonly reading: string;
      readonly criteria: readonly { readonly words: string; readonly reading: string }[];
      readonly record: {
        readonly digest: string;
        readonly recordedBy: string;
        readonly runsBefore: { readonly ofPair: number; readonly onData: number };
      };
    };
  }[];
}

describe("criteria of a comparison", () => {
  it("are kept with the run and dated by the runs before; they change no figure; a file, its text and its lines are the same", async () => {
    const { home, store, dataset, remove } = await smallMarketplace();
    const compare = (candidates: readonly string[], criteria?: unknown) =>
      perform<Answer>(store, "compare", {
        baseline,
        candidates,
        dataset,
        replicates: 100,
        ...(criteria === undefined ? {} : { criteria }),
      });
    const lines = ["movers at most 100 %", "newly adverse of small sellers at most 0 %"];
    const early = await compare([candidate], lines);
    const verdict = early.candidates[0]?.verdict;
    expect(verdict?.record.runsBefore).to.deep.equal({ ofPair: 0, onData: 0 });
    expect([verdict?.record.recordedBy, early.tried]).to.deep.equal([early.run.id, { candidates: 1, runs: 1 }]);
    expect(verdict?.criteria[0]).to.include({ words: lines[0], reading: "pass" });

    const without = await compare([candidate]);
    expect(without.run.digest).to.equal(early.run.digest);
    expect([without.run.id === early.run.id, without.candidates[0]?.verdict]).to.deep.equal([false, undefined]);

    const file = join(home, "criteria.yaml");
    const text = `programme: seller-performance\ncriteria:\n  - newly adverse of 'small' at most 0.0 %\n  - movers at most   100 %\n`;
    writeFileSync(file, text);
    for (const same of [file, { text }]) expect((await compare([candidate], same)).run.id).to.equal(early.run.id);

    const late = await compare([candidate, other], ["movers at most 1 %"]);
    expect(late.candidates[0]?.verdict?.record.runsBefore).to.deep.equal({ ofPair: 2, onData: 2 });
    expect(late.candidates[1]?.verdict?.record.runsBefore).to.deep.equal({ ofPair: 0, onData: 2 });
    expect(late.tried).to.deep.equal({ candidates: 2, runs: 3 });

    const again = await perform<Answer>(store, "comparison show", { run: early.run.id });
    expect(JSON.stringify(again)).to.equal(JSON.stringify(await compare([candidate], lines)));
    remove();
  });

  it("stand beside how many candidates were tried; the one that was chosen on an earlier range is estimated again on a later one", async () => {
    const { store, dataset, remove } = await smallMarketplace();
    const compare = (candidates: readonly string[], range: { readonly from?: string; readonly to?: string }) =>
      perform<Answer>(store, "compare", { baseline, candidates, dataset, replicates: 100, ...range });
    const chosenOn = await compare([candidate, other], { to: "2025-03-02" });
    expect(chosenOn.tried).to.deep.equal({ candidates: 2, runs: 1 });
    // A range that overlaps the former is no later one.
    expect((await compare([candidate], { from: "2025-03-02" })).tried.outOfTime).to.equal(undefined);

    const later = await compare([candidate], { from: "2025-03-09" });
    expect(later.tried).to.include({ candidates: 2, runs: 3 });
    expect(later.tried.outOfTime).to.deep.equal([
      {
        version: "2.0.0",
        run: chosenOn.run.id,
        to: "2025-03-02",
        among: 2,
        earlier: chosenOn.candidates[0]?.movement.moversShare,
        here: later.candidates[0]?.movement.moversShare,
      },
    ]);
    expect(triedWords(later.tried).replaceAll("\u00a0", " ")).to.match(
      /Version 2\.0\.0 is estimated again out of time: run \w+, over a range to 2 Mar 2025 on which 2 candidates/,
    );
    remove();
  });

  it("that are faulty, or ask for what the dataset lacks, stop the comparison before it starts, each with its place", async () => {
    const { store, dataset, remove } = await smallMarketplace();
    const faults = async (criteria: unknown) => {
      try {
        await perform(store, "compare", { baseline, candidates: [candidate], dataset, criteria });
        return ["none"];
      } catch (error) {
        if (!(error instanceof InputRefused)) throw error;
        return error.diagnostics.map(({ code, place }) => `${place?.file}:${place?.line}:${place?.column} ${code}`);
      }
    };
    expect(await faults(["movers at most 3 %", "mover at most 3"])).to.deep.equal(["criteria:2:1 unknown-name"]);
    expect(await faults(["movers of nobody at most 3 %"])).to.deep.equal(["criteria:1:11 unknown-value"]);
    expect(await faults({ text: "programme: other\ncriteria: [movers at most 3 %]\n" })).to.deep.equal([
      "criteria.yaml:1:12 cases-mismatch",
    ]);
    expect(await faults(join("nowhere", "criteria.yaml"))).to.deep.equal([`${join("nowhere", "criteria.yaml")}:1:1 file-not-found`]);
    remove();
  });
});
