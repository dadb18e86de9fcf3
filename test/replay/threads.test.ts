/** Threads and live kernels against one thread and stored comparisons: the same numbers, whoever computes them. */
import { join } from "node:path";
import { expect } from "chai";
import { importDataset, prepareDemo } from "../../data/datasets/index.ts";
import { present } from "../../data/foundation/index.ts";
import { openPanel, type Panel } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { type Policy, readLibraryPolicy } from "../../policies/language/index.ts";
import { compare, compareOnThreads, LiveComparison, type WhatIfAnswer } from "../../simulations/comparison/index.ts";
import { replayOnThreads, replayWithDigests } from "../../simulations/replay/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { testFolder } from "../data/dataset-files.ts";

describe("threads and live comparisons", () => {
  const folder = testFolder();
  const baseline = version("seller-performance@1.0.0");
  const candidate = version("seller-performance@2.0.0");
  let panel: Panel;

  before(async function () {
    this.timeout(60_000);
    const demo = {
      kind: "seller",
      sellers: 150,
      weeks: 45,
      seed: 11,
      workFolder: join(folder, "work"),
      onProgress: () => undefined,
    } as const;
    const { descriptorPath } = await prepareDemo(demo);
    const { manifest } = await importDataset({
      descriptorPath: present(descriptorPath, "a descriptor"),
      home: folder,
      chunkRows: 700,
      register: () => undefined,
    });
    panel = openPanel(join(folder, "datasets", present(manifest, "a manifest").id));
    expect(panel.chunkCount).to.be.greaterThan(5);
  });

  it("a replay is the same in one thread, two and three, from the first byte of the digest on", async () => {
    const request = { policies: [baseline, candidate], panel };
    const alone = await replayWithDigests({ ...request, visit: () => undefined });
    for (const threads of [1, 2, 3]) expect(await replayOnThreads({ ...request, threads }), `${threads} threads`).to.deep.equal(alone);
  });

  it("a comparison is the same in one thread and in two, and at a pinned day", async () => {
    for (const opened of [panel, openPanel(present(panel.source, "a source").folder, { knownAt: panel.schema.knownAt - 70 })]) {
      const options = { baseline, candidates: [candidate], panel: opened, seed: 5, replicates: 20 };
      expect(await compareOnThreads({ ...options, threads: 2 })).to.deep.equal(compare(options));
    }
  }).timeout(30_000);

  it("a comparison is the same where chunks are read into the memory of those before", async () => {
    const recycled = openPanel(present(panel.source, "a source").folder, { recycle: true });
    const options = { baseline, candidates: [candidate], seed: 5, replicates: 20 };
    const whole = compare({ ...options, panel });
    for (const threads of [1, 2]) expect(await compareOnThreads({ ...options, panel: recycled, threads })).to.deep.equal(whole);
    const fresh = panel.readChunk(1);
    recycled.readChunk(0);
    const again = recycled.readChunk(1);
    expect(again.entities).to.deep.equal(fresh.entities);
    expect(again.measures.map((values) => [...values])).to.deep.equal(fresh.measures.map((values) => [...values]));
  }).timeout(30_000);

  it("a thread that fails says why, and the others end", async () => {
    const gone = { ...panel, source: { folder: join(folder, "nowhere"), rows: 1 } };
    // A started thread fails before this one has done everything alone.
    await replayOnThreads({ policies: [baseline], panel, threads: 2 });
    const failed = await replayOnThreads({ policies: [baseline], panel: { ...gone, readChunk: slowly }, threads: 2 }).catch(
      (error: unknown) => error,
    );
    expect(String(failed)).to.match(/ENOENT/);

    function slowly(index: number) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      return panel.readChunk(index);
    }
  });

  for (const threads of [0, 1, 2]) {
    it(`moved parameters give the figures of a stored comparison, on ${threads} thread${threads === 1 ? "" : "s"} beside this one`, async () => {
      const live = new LiveComparison({ baseline, panel, threads });
      let movers = 0;
      try {
        for (const { name, values } of movedParameters(candidate)) {
          for (const value of values) {
            const policy = withValue(candidate, name, value);
            const answer = await live.answer({ policy, moving: [name] });
            expect(answer, `${name} ${value}`).to.deep.equal(storedAnswer(policy));
            movers += answer.movement.movers;
          }
        }
      } finally {
        await live.close();
      }
      expect(movers).to.be.greaterThan(0);
    }).timeout(60_000);
  }

  it("an answer follows what was asked, whichever parameter moved before", async () => {
    const live = new LiveComparison({ baseline, panel, threads: 0 });
    const [first, second] = movedParameters(candidate);
    const [a, b] = [present(first, "a parameter"), present(second, "another")];
    const both = withValue(withValue(candidate, a.name, a.values[0] as number), b.name, b.values[1] as number);
    await live.answer({ policy: withValue(candidate, a.name, a.values[1] as number), moving: [a.name] });
    expect(await live.answer({ policy: both, moving: [b.name] })).to.deep.equal(storedAnswer(both));
    expect(await live.answer({ policy: both, moving: [a.name, b.name] })).to.deep.equal(storedAnswer(both));
    expect(await live.answer({ policy: candidate, moving: [a.name, b.name] })).to.deep.equal(storedAnswer(candidate));
  });

  it("a policy without a vector form is answered by whole runs", async () => {
    const { policy } = readLibraryPolicy("seller-performance@2.0.0");
    const shielded = { ...present(policy, "a policy"), movement: { ...present(policy, "a policy").movement } };
    const kinds = panel.schema.events.map(({ name }) => name);
    const protectedPolicy: Policy = {
      ...shielded,
      movement: {
        ...shielded.movement,
        protect: { event: present(kinds[0], "an event"), tier: present(shielded.tiers[0], "a tier").name, days: 30 },
      },
    };
    expect(compilePolicy(protectedPolicy, panel.schema).kernelPlan().form).to.equal("plain");
    const live = new LiveComparison({ baseline, panel, threads: 0 });
    expect(await live.answer({ policy: protectedPolicy, moving: [] })).to.deep.equal(storedAnswer(protectedPolicy));
  });

  function storedAnswer(policy: Policy): WhatIfAnswer {
    const stored = present(compare({ baseline, candidates: [policy], panel, seed: 1, replicates: 2 }).candidates[0], "a candidate");
    const { moversShare: _, ...movement } = stored.movement;
    const { distribution, newlyAdverse, released } = stored;
    const { atStake, lower, higher, other, byTier: __, ...gmv } = present(stored.gmv, "GMV");
    const value = (estimated: Estimated | undefined): number =>
      estimated !== undefined && "value" in estimated ? estimated.value : Number.NaN;
    return {
      distribution,
      movement,
      newlyAdverse: newlyAdverse,
      released,
      gmv: { ...gmv, atStake: value(atStake), lower: value(lower), higher: value(higher), other: value(other) },
    };
  }
});

function version(reference: string): Policy {
  return present(readLibraryPolicy(reference).policy, reference);
}

function withValue(policy: Policy, name: string, value: number): Policy {
  return {
    ...policy,
    parameters: policy.parameters.map((parameter) =>
      parameter.name === name && parameter.by === undefined ? { ...parameter, value } : parameter,
    ),
  };
}

/** Parameters with a range, and values in it. */
function movedParameters(policy: Policy) {
  return policy.parameters.flatMap((parameter) => {
    if (parameter.by !== undefined || parameter.range === undefined) return [];
    const { lower, upper } = parameter.range;
    return [{ name: parameter.name, values: [0.1, 0.5, 0.9].map((place) => lower + place * (upper - lower)) }];
  });
}
