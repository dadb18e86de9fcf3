/** Threads and live kernels against one thread and stored comparisons: the same numbers, whoever computes them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { importDataset, prepareDemo } from "../../data/datasets/index.ts";
import { digestOfValue, packagePath, present } from "../../data/foundation/index.ts";
import { Aggregator, openPanel, type Panel, type PanelChunk } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { type Policy, readLibraryPolicy, readPolicy } from "../../policies/language/index.ts";
import {
  compare,
  compareOnThreads,
  describePairs,
  LiveComparison,
  tiersAt,
  type WhatIfAnswer,
} from "../../simulations/comparison/index.ts";
import { replay, replayOnThreads, replayWithDigests, threadsFor } from "../../simulations/replay/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { testFolder } from "../data/dataset-files.ts";

describe("threads and live comparisons", () => {
  const folder = testFolder();
  const baseline = version("seller-performance@1.0.0");
  const candidate = version("seller-performance@2.0.0");
  const answers = new Map<string, WhatIfAnswer>();
  let panel: Panel;

  before(async () => {
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
    const { firstPeriod, lastPeriod } = panel.schema;
    for (const range of [{}, { from: firstPeriod + 5, to: lastPeriod - 5 }]) {
      for (const paired of [false, true]) {
        const request = { policies: [baseline, candidate], panel, paired, ...range };
        const alone = await replayWithDigests({ ...request, visit: () => undefined });
        for (const threads of [1, 2, 3]) expect(await replayOnThreads({ ...request, threads }), `${threads} threads`).to.deep.equal(alone);
      }
    }
  });

  it("a second thread is used where it pays, for a comparison sooner", () => {
    const threads = (rows: number, policies: number, isComparison = false) =>
      threadsFor({ ...panel, source: { folder, rows } }, { processors: 2, policies, isComparison });
    expect([threads(3_999_999, 1), threads(4_000_000, 1), threads(2_000_000, 2)]).to.deep.equal([1, 2, 2]);
    expect([threads(499_999, 2, true), threads(500_000, 2, true)]).to.deep.equal([1, 2]);
    const { source: _, ...unshared } = panel;
    expect(threadsFor(unshared, { processors: 2, policies: 9 })).to.equal(1);
    expect(threadsFor({ ...panel, source: { folder, rows: 4_000_000 }, chunkCount: 3 }, { processors: 8, policies: 1 })).to.equal(3);
  });

  it("a paired replay gives a comparison's figures of every date, and its margins are each policy's tiers", () => {
    const draw = { seed: 5, replicates: 20, level: 0.95 };
    const { pairs, policies } = replay({ policies: [baseline, candidate], panel, paired: true, visit: () => undefined });
    const table = present(pairs, "pairs");
    const { candidates, panel: compared } = compare({ baseline, candidates: [candidate], panel, studies: false, ...draw });
    const [{ movement, newlyAdverse, released, course }] = candidates as [(typeof candidates)[0]];
    const described = describePairs(table, { baseline, candidate, at: compared.to, ...draw });
    expect(described).to.deep.equal({ ...movement, newlyAdverse, released, tests: course?.tests });
    for (const date of present(course, "a course").dates)
      expect(describePairs(table, { baseline, candidate, at: date.at, ...draw }), date.at).to.deep.include(date);
    // Counted by nobody who counts pairs.
    const { held, tiers } = tiersAt(panel, [baseline, candidate], panel.schema.lastPeriod);
    const counted = present(tiers[0], "tiers").map((_, row) =>
      present(tiers[1], "tiers").map(
        (__, column) => held[0]?.filter((code, entity) => code === row && held[1]?.[entity] === column).length,
      ),
    );
    expect(described.matrix).to.deep.equal(counted);
    expect(described.movers).to.be.within(10, described.inFrame ?? 0);
    for (const [index, { tiersByPeriod }] of policies.entries()) {
      const margins = new Aggregator(tiersByPeriod.request);
      for (const { key, sums } of table.cells) margins.add([present(key[0], "period"), present(key[index + 1], "tier")], sums);
      expect(margins.finish()).to.deep.equal(tiersByPeriod);
    }
  });

  it("a comparison is the same in one thread and in two, and at a pinned day", async () => {
    for (const opened of [panel, openPanel(present(panel.source, "a source").folder, { knownAt: panel.schema.knownAt - 70 })]) {
      const options = { baseline, candidates: [candidate], panel: opened, seed: 5, replicates: 20 };
      expect(await compareOnThreads({ ...options, threads: 2 })).to.deep.equal(compare(options));
    }
  });

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
  });

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
        expect(await live.baseline(), "what opening gives").to.deep.equal(storedAnswer(baseline));
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
    });
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

  it("policies with ranks among peers give the figures of a stored comparison, whatever moves", async () => {
    const ranked = readTestPolicy("3.0.0", {
      "  recent_orders:": "  standing: { rank: low_review_rate, among: region, of at least: 2 peers }\n  recent_orders:",
      "overall is known": "overall is known and (standing <= most or not standing is known)",
      "  gold_line:": "  most: { value: 90 %, range: 50 % to 95 % }\n  few: { value: 10, range: 1 to 30 }\n  gold_line:",
      "at_least: 10 reviews": "at_least: few reviews",
    });
    for (const [threads, base] of [
      [0, baseline],
      [2, ranked],
      [3, baseline],
    ] as const) {
      const live = new LiveComparison({ baseline: base, panel, threads });
      try {
        // What is ranked moves with `few`, its place is read with `most`.
        for (const [name, value] of [
          ["most", 0.6],
          ["most", 0.8],
          ["few", 3],
          ["gold_line", 80],
          ["few", 20],
          ["most", 0.7],
        ] as const) {
          const policy = withValue(ranked, name, value);
          const answer = await live.answer({ policy, moving: [name] });
          expect(answer, `${name} ${value} on ${threads}`).to.deep.equal(storedAnswer(policy, base));
        }
      } finally {
        await live.close();
      }
    }
  });

  it("parameters by a text move one value at a time", async () => {
    const byRegion = readTestPolicy("3.0.0", {
      "gold_line: { value: 85, range: 75 to 95, title: Overall score that gold asks for }": `gold_line: { by: region, in: { ${regions().join(": 85, ")}: 85 } }`,
    });
    const live = new LiveComparison({ baseline, panel, threads: 2 });
    const seen = new Set<number>();
    try {
      for (const [text, value] of regions().flatMap((region) => [70, 92].map((value) => [region, value] as const))) {
        const parameters = byRegion.parameters.map((parameter) =>
          parameter.by === undefined
            ? parameter
            : { ...parameter, values: parameter.values.map((one) => (one.text === text ? { text, value } : one)) },
        );
        const policy = { ...byRegion, parameters };
        const answer = await live.answer({ policy, moving: ["gold_line"] });
        expect(answer, `${text} ${value}`).to.deep.equal(storedAnswer(policy));
        seen.add(answer.movement.movers);
      }
    } finally {
      await live.close();
    }
    expect(seen.size).to.be.greaterThan(2);
  });

  it("people who move different parameters in turn find what they left", async () => {
    const monthly = readTestPolicy("3.0.0", {
      "evaluate: every week": "evaluate: day 20 of month",
      "when: rated and overall >= watch_line, adverse: true,": "when: rated and overall >= watch_line, adverse: true, hold: 60 days,",
    });
    for (const moved of [candidate, monthly]) {
      const live = new LiveComparison({ baseline, panel, threads: 0 });
      for (const place of [0, 1, 2, 1]) {
        for (const { name, values } of movedParameters(moved)) {
          const policy = withValue(moved, name, present(values[place], "a value"));
          expect(await live.answer({ policy, moving: [name] }), `${name} at ${place}`).to.deep.equal(storedAnswer(policy));
        }
      }
    }
  });

  it("who was out of reach of one anchor is found where the next one reaches", async () => {
    const curves = readTestPolicy("3.0.0", {
      "35 % -> 0": "delivery_zero -> 0",
      "50 % -> 0": "reviews_zero -> 0",
      "  gold_line:": "  delivery_zero: { value: 35 % }\n  reviews_zero: { value: 50 % }\n  gold_line:",
    });
    const moving = ["late_dispatch_zero", "delivery_zero", "reviews_zero"];
    const live = new LiveComparison({ baseline, panel, threads: 0 });
    let policy = curves;
    for (const [name, value] of [
      ["late_dispatch_zero", 0.2],
      ["delivery_zero", 0.16],
      ["reviews_zero", 0.31],
      ["late_dispatch_zero", 0.6],
      ["reviews_zero", 0.9],
      ["delivery_zero", 0.9],
    ] as const) {
      policy = withValue(policy, name, value);
      expect(await live.answer({ policy, moving }), `${name} ${value}`).to.deep.equal(storedAnswer(policy));
    }
  });

  it("a sum that is not exact is counted anew each time", async () => {
    const gmv = panel.schema.measures.findIndex(({ name }) => name === panel.schema.gmvMeasure);
    const amountsOf = (chunk: PanelChunk) => present(chunk.measures[gmv], "GMV");
    const chunks = Array.from({ length: panel.chunkCount }, (_, index) => panel.readChunk(index));
    const total = chunks.reduce((sum, chunk) => amountsOf(chunk).reduce((one, amount) => one + Math.abs(amount), sum), 0);
    const factor = Math.ceil((1.5 * Number.MAX_SAFE_INTEGER) / total);
    const large: Panel = {
      ...panel,
      readChunk: (index) => {
        const chunk = present(chunks[index], "a chunk");
        const measures = chunk.measures.map((values, measure) => (measure === gmv ? values.map((amount) => amount * factor) : values));
        return Object.create(chunk, { measures: { value: measures } }) as PanelChunk;
      },
    };
    const live = new LiveComparison({ baseline, panel: large, threads: 0 });
    const once = new LiveComparison({ baseline, panel: large, threads: 0 });
    const [moved, other] = [80, 86].map((value) => withValue(candidate, "gold_line", value)) as [Policy, Policy];
    await live.answer({ policy: other, moving: ["gold_line"] });
    expect(await live.answer({ policy: moved, moving: ["gold_line"] })).to.deep.equal(
      await once.answer({ policy: moved, moving: ["gold_line"] }),
    );
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

  function regions(): readonly string[] {
    return present(
      present(
        panel.schema.attributes.find(({ name }) => name === "region"),
        "regions",
      ).values,
      "texts",
    );
  }

  /** Each comparison is made once, however often and on however many threads it is asked about. */
  function storedAnswer(policy: Policy, against = baseline): WhatIfAnswer {
    const key = digestOfValue([against, policy]);
    const answer = answers.get(key) ?? answerOf(policy, against);
    answers.set(key, answer);
    return answer;
  }

  function answerOf(policy: Policy, against: Policy): WhatIfAnswer {
    const stored = present(
      compare({ baseline: against, candidates: [policy], panel, seed: 1, replicates: 2, studies: false }).candidates[0],
      "a candidate",
    );
    const { moversShare: _, ...movement } = stored.movement;
    const { distribution, newlyAdverse, released } = stored;
    const { atStake, lower, higher, other, byTier: __, largest: ___, ...gmv } = present(stored.gmv, "GMV");
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

/** The first version of the library with other texts in it. */
function readTestPolicy(number: string, changes: Readonly<Record<string, string>>): Policy {
  let text = readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8").replace("1.0.0", number);
  for (const [from, to] of Object.entries(changes)) {
    expect(text).to.include(from);
    text = text.replace(from, to);
  }
  const { policy, diagnostics } = readPolicy({ text, file: `seller-performance/${number}.yaml`, load: () => undefined });
  return present(policy, JSON.stringify(diagnostics));
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
