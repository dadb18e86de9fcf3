/** Moved parameters: the figures of a stored comparison, faults at their place, one question at a time, and candidates that are kept. */
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, limits, packagePath, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { formatPolicy, readPolicy } from "../../policies/language/index.ts";
import type { ComparisonJson } from "../../server/operations/comparison-shape.ts";
import { findOperation, loadKnown, movePolicy, WhatIfSessions } from "../../server/operations/index.ts";
import type { WhatIfJson } from "../../server/operations/what-if.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

const base = "seller-performance@2.0.0";
const baseline = "seller-performance@1.0.0";

describe("what-if", () => {
  let store: Store;
  let home: string;
  let dataset: string;
  let remove: () => void;
  const sessions = new WhatIfSessions();

  before(async () => {
    ({ store, home, dataset, remove } = await smallMarketplace());
  });
  after(async () => {
    await sessions.close();
    remove();
  });

  const ask = async (input: Record<string, unknown>): Promise<WhatIfJson> =>
    (await present(findOperation("what-if"), "what-if").perform(
      { policy: base, baseline, dataset, ...input },
      { ...contextOf(store), doors: { whatIf: sessions } },
    )) as WhatIfJson;
  const faultsOf = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof InputRefused) return error.diagnostics;
      throw error;
    }
    throw new Error("it was taken");
  };

  it("gives exactly the figures of the comparison that the candidate's file gives", async () => {
    for (const values of [
      { gold_line: 84 },
      { late_dispatch_zero: "31 %" },
      { gold_line: 90.5, watch_line: "46", standard_line: 70 },
      {},
    ]) {
      const { candidate, baseline: held, file } = await ask({ values });
      const compared = await perform<ComparisonJson>(store, "compare", {
        baseline,
        candidates: [file === undefined ? base : { file: file.name, text: file.text }],
        dataset,
        replicates: 100,
      });
      const stored = present(compared.candidates[0], "a candidate");
      const { moversShare: _, tiers: __, notes: ___, ...movement } = stored.movement as Record<string, unknown>;
      for (const [name, figure] of Object.entries(candidate.movement)) expect(movement[name], name).to.deep.equal(figure);
      expect(candidate.distribution).to.deep.equal(stored.distribution);
      expect(held.distribution).to.deep.equal(compared.baseline.distribution);
      expect([candidate.newlyAdverse, candidate.released]).to.deep.equal([stored.newlyAdverse, stored.released]);
      const { atStake, lower, higher, total } = present(stored.gmv, "GMV");
      const numbers = [atStake, lower, higher].map((estimate) => (estimate.kind === "estimate" ? estimate.value : Number.NaN));
      expect([candidate.gmv?.atStake, candidate.gmv?.lower, candidate.gmv?.higher, candidate.gmv?.total]).to.deep.equal([
        ...numbers,
        total,
      ]);
    }
  });

  it("leaves out of the file what stands at the version's own value, in whatever form", async () => {
    const { moved, file, difference } = await ask({ values: { gold_line: "88.0", late_dispatch_zero: "40 %", watch_line: 48 } });
    expect(moved).to.deep.equal(["watch_line"]);
    expect(present(file, "a file").text).to.equal(
      "extends: 2.0.0\nprogramme: seller-performance\nversion: 2.1.0\nrationale: Moves watch_line from 50 to 48.\nset:\n  parameters.watch_line.value: 48\n",
    );
    expect(difference.changes.map(({ path }) => path)).to.include("parameters.watch_line.value");
    expect((await ask({ values: { gold_line: 88 } })).file).to.equal(undefined);
  });

  const faulty: readonly (readonly [string, Record<string, unknown>, string, RegExp])[] = [
    ["out of range", { values: { gold_line: 120 } }, "bad-range", /^seller-performance\/2\.0\.0\.yaml$/],
    ["in another unit", { values: { late_dispatch_zero: 0.4 } }, "unit-mismatch", /^seller-performance\//],
    ["that is no number", { values: { gold_line: "high" } }, "bad-form", /^seller-performance\/2\.1\.0\.yaml$/],
    ["with a line of its own", { values: { gold_line: "90\nmovement: {}" } }, "expression-syntax", /^seller-performance\/2\.1\.0\.yaml$/],
    ["of an unknown parameter", { values: { gold_lin: 90 } }, "path-not-found", /^seller-performance\/2\.1\.0\.yaml$/],
    ["under a number that is none", { values: { gold_line: 90 }, version: "2.1" }, "bad-version", /^seller-performance\/2\.1\.yaml$/],
  ];
  for (const [what, input, code, file] of faulty) {
    it(`refuses a value ${what}, as the reader of the file does`, async () => {
      const [first] = await faultsOf(() => ask(input));
      expect(first?.code).to.equal(code);
      expect(first?.place?.file).to.match(file);
    });
  }

  it("refuses a curve whose anchors would cross", async () => {
    const text = libraryText().replace("version: 1.0.0", "version: 3.0.0").replace(", range: 25 % to 60 %", "");
    await perform(store, "policy save", { file: { file: "3.0.0.yaml", text } });
    const [first] = await faultsOf(() => ask({ policy: "seller-performance@3.0.0", values: { late_dispatch_zero: "12 %" } }));
    expect(first?.code).to.equal("bad-curve");
    rmSync(join(home, "policies"), { recursive: true });
  });

  it("moves values by a text, and policies that compare peers, with the figures of a comparison", async () => {
    const text = libraryText()
      .replace("version: 1.0.0", "version: 3.1.0")
      .replace("  recent_orders:", "  standing: { rank: recent_orders, among: everyone, of at least: 2 peers }\n  recent_orders:")
      .replace("rated: recent_orders >= 10", "rated: standing >= lowest and recent_orders >= fewest")
      .replace(
        "  gold_line:",
        `  lowest: { value: 10 % }\n  fewest: { by: region, in: { ${regionsOf(store)
          .map((region) => `${region}: 10`)
          .join(", ")} } }\n  gold_line:`,
      );
    const policy = "seller-performance@3.1.0";
    await perform(store, "policy save", { file: { file: "3.1.0.yaml", text } });
    const [first = ""] = regionsOf(store);
    for (const values of [{ lowest: "40 %" }, { [`fewest.${first}`]: 60 }, { [`fewest.${first}`]: "200", lowest: "30 %" }]) {
      const { candidate, file, moved, difference } = await ask({ policy, values });
      expect(moved).to.deep.equal(Object.keys(values));
      expect(difference.changes.filter(({ path }) => path !== "rationale")).to.have.length(moved.length);
      const { name, text: written } = present(file, "a file");
      const compared = await perform<ComparisonJson>(store, "compare", {
        baseline,
        candidates: [{ file: name, text: written }],
        dataset,
        replicates: 100,
      });
      const stored = present(compared.candidates[0], "a candidate");
      expect(candidate.distribution).to.deep.equal(stored.distribution);
      expect(candidate.movement.matrix).to.deep.equal(stored.movement.matrix);
      expect(candidate.movement.movers).to.be.greaterThan(0);
    }
    const { file } = await ask({ policy, values: { [`fewest.${first}`]: 60 } });
    expect(file?.text).to.include(`rationale: Moves fewest for ${first} from 10 to 60.`);
    expect(file?.text).to.include(`set:\n  parameters.fewest.in.${first}: 60\n`);
    expect((await ask({ policy, values: { [`fewest.${first}`]: "10" } })).file).to.equal(undefined);
    for (const name of ["fewest", "fewest.Nowhere", `gold_line.${first}`])
      expect((await faultsOf(() => ask({ policy, values: { [name]: 60 } })))[0]?.code, name).to.equal("path-not-found");
    rmSync(join(home, "policies"), { recursive: true });
  });

  it("refuses strangers, programmes in force and versions that are not known", async () => {
    for (const [policy, code] of [
      ["creator-performance@1.0.0", "policy-unfit"],
      ["seller-performance@in-force", "unknown-policy"],
      ["seller-performance@9.9.9", "unknown-policy"],
      ["/etc/passwd", "unknown-policy"],
    ] as const)
      expect((await faultsOf(() => ask({ policy, values: {} })))[0]?.code, policy).to.equal(code);
  });

  it("refuses a history that is too long to keep in memory, with the limit and the way round it", async () => {
    const record = present(store.datasets.list()[0], "a dataset");
    const long = { ...record, manifest: { ...record.manifest, rows: limits.whatIfRows.value + 1 } };
    const datasets = Object.assign(Object.create(store.datasets), { find: () => [long] });
    const context = { ...contextOf(store), store: { ...store, home, datasets } };
    const [first] = await faultsOf(
      async () => await present(findOperation("what-if"), "what-if").perform({ policy: base, dataset }, context),
    );
    expect(first?.code).to.equal("limit-exceeded");
    expect(first?.message).to.include("whatIfRows");
    expect(first?.cure).to.match(/^Run a comparison/);
  });

  describe("sessions", () => {
    it("answer one question at a time, and of those that wait only the last", async () => {
      const many = [84, 85, 86, 87, 89].map(async (gold_line) =>
        ask({ values: { gold_line } }).then(
          ({ candidate }) => `${gold_line}: ${candidate.movement.movers >= 0}`,
          (error: unknown) => (error instanceof InputRefused ? (error.diagnostics[0]?.code ?? "") : String(error)),
        ),
      );
      expect(await Promise.all(many)).to.deep.equal(["84: true", "superseded", "superseded", "superseded", "89: true"]);
    });

    it("are two at most: the one that was asked longest ago is closed, after what it is answering", async () => {
      const kept = new WhatIfSessions();
      const closed: string[] = [];
      let release: (() => void) | undefined;
      const open =
        (name: string, wait = false) =>
        async () => ({
          baseline: [],
          live: {
            answer: async () => {
              if (wait)
                await new Promise<void>((resolve) => {
                  release = resolve;
                });
              return { name } as never;
            },
            close: async () => void closed.push(name),
          },
        });
      const question = {} as never;
      const slow = kept.ask("a", open("a", true), question);
      await kept.ask("b", open("b"), question);
      await kept.ask("c", open("c"), question);
      expect(kept.openCount).to.equal(2);
      expect(closed).to.deep.equal([]);
      release?.();
      await slow;
      await kept.close();
      expect(closed).to.have.members(["a", "b", "c"]);
      expect((await faultsOf(() => kept.ask("d", open("d"), question)))[0]?.code).to.equal("superseded");
    });

    it("are closed when nobody asks any more, and opened again", async () => {
      const brief = new WhatIfSessions(1);
      let opened = 0;
      let close: (() => void) | undefined;
      const closed = new Promise<void>((resolve) => {
        close = resolve;
      });
      const open = async () => ({
        baseline: [],
        live: {
          answer: async () => {
            opened++;
            return {} as never;
          },
          close: async () => close?.(),
        },
      });
      // Idle timers do not keep a program alive; this test waits for one.
      const alive = setInterval(() => undefined, 1000);
      await brief.ask("a", open, {} as never);
      await closed;
      clearInterval(alive);
      expect(brief.openCount).to.equal(0);
      await brief.ask("a", open, {} as never);
      expect(opened).to.equal(2);
      await brief.close();
    });

    it("that could not be opened are forgotten", async () => {
      const kept = new WhatIfSessions();
      const broken = async () => {
        throw new Error("no memory");
      };
      expect(String(await kept.ask("a", broken, {} as never).catch((error: unknown) => error))).to.include("no memory");
      expect(kept.openCount).to.equal(0);
      await kept.close();
    });
  });

  describe("candidates that are kept", () => {
    afterEach(() => rmSync(join(home, "policies"), { recursive: true, force: true }));

    const fileOf = async (values: Record<string, unknown>, more: Record<string, unknown> = {}) =>
      present((await ask({ values, ...more })).file, "a file");
    const save = async (file: { readonly name: string; readonly text: string }) =>
      await perform<{ reference: string; digest: string }>(store, "policy save", { file: { file: file.name, text: file.text } });

    it("are versions like any other: listed, explained, compared and extended by name", async () => {
      const file = await fileOf({ gold_line: 84 }, { rationale: "Gold for more.\n\nSecond thoughts: none.", title: "Seller: performance" });
      expect(formatPolicy(file.text, file.name).text).to.equal(file.text);
      const { reference } = await save(file);
      expect(reference).to.equal("seller-performance@2.1.0");
      expect(readFileSync(join(home, "policies", "seller-performance", "2.1.0.yaml"), "utf8")).to.equal(file.text);
      expect(readdirSync(join(home, "policies", "seller-performance"))).to.deep.equal(["2.1.0.yaml"]);
      const { policies } = await perform<{ policies: { reference: string; isShipped: boolean }[] }>(store, "policy list", {});
      expect(policies.filter(({ isShipped }) => !isShipped).map((policy) => policy.reference)).to.deep.equal([reference]);
      const { text } = await perform<{ text: string }>(store, "policy explain", { file: reference });
      expect(text).to.include("84");
      const compared = await perform<ComparisonJson>(store, "compare", { baseline, candidates: [reference], dataset, replicates: 100 });
      const live = await ask({ values: { gold_line: 84 } });
      expect(compared.candidates[0]?.movement.movers).to.equal(live.candidate.movement.movers);
      const next = await ask({ policy: reference, values: { watch_line: 45 } });
      expect(next.file?.name).to.equal("seller-performance/2.2.0.yaml");
      await save(present(next.file, "a file"));
      const { extended } = await perform<{ extended: string[] }>(store, "policy explain", { file: "seller-performance@2.2.0" });
      expect(extended).to.deep.equal(["2.1.0", "2.0.0", "1.1.0", "1.0.0"]);
    });

    it("never take the place of another, shipped or saved", async () => {
      const file = await fileOf({ gold_line: 84 });
      await save(file);
      const place = join(home, "policies", "seller-performance", "2.1.0.yaml");
      const before = readFileSync(place, "utf8");
      const other = { ...file, text: file.text.replace("84", "83") };
      const [there] = await faultsOf(() => save(other));
      expect(there?.code).to.equal("version-exists");
      expect(there?.expected).to.equal("2.2.0");
      expect(readFileSync(place, "utf8")).to.equal(before);
      const shipped = await faultsOf(() => save({ name: "1.0.0.yaml", text: libraryText() }));
      expect(shipped[0]?.code).to.equal("version-exists");
    });

    it("are refused with a fault, under a name that only looks alike, and outside the home", async () => {
      const { text } = await fileOf({ gold_line: 84 });
      for (const [changed, code] of [
        [text.replace("value: 84", "value: high"), "bad-form"],
        [text.replace("seller-performance", "seller-perform\u0430nce"), "version-not-found"],
        [text.replace("seller-performance", "../seller-performance"), "version-not-found"],
        [text.replace("version: 2.1.0", "version: ../2.1.0"), "bad-version"],
        [text.replace("extends: 2.0.0", "extends: 7.0.0"), "version-not-found"],
      ] as const) {
        const faults = await faultsOf(() => save({ name: "request.yaml", text: changed }));
        expect(
          faults.map((fault) => fault.code),
          changed,
        ).to.include(code);
      }
      const [stranger] = await faultsOf(() =>
        save({ name: "x.yaml", text: libraryText().replace("seller-performance", "seller-performanze") }),
      );
      expect(stranger?.code).to.equal("unknown-policy");
      expect(stranger?.near).to.equal("seller-performance");
      expect(existsSync(join(home, "policies"))).to.equal(false);
    });

    it("are read again when their file changed, and passed over while it has a fault", async () => {
      const { reference, digest } = await save(await fileOf({ gold_line: 84 }));
      const place = join(home, "policies", "seller-performance", "2.1.0.yaml");
      const text = readFileSync(place, "utf8");
      writeFileSync(place, text.replace("value: 84", "value: 84.25"));
      const { digest: other } = await perform<{ digest: string }>(store, "policy explain", { file: reference });
      expect(other).not.to.equal(digest);
      writeFileSync(place, "nonsense");
      expect((await faultsOf(async () => await perform(store, "policy explain", { file: reference }))).length).to.be.greaterThan(0);
      const { policies } = await perform<{ policies: { reference: string }[] }>(store, "policy list", {});
      expect(policies.map((policy) => policy.reference)).not.to.include(reference);
      symlinkSync(join(home, "nowhere"), join(home, "policies", "dangling"));
      await perform(store, "policy list", {});
    });

    it("say of a home that cannot be written why", async () => {
      const file = await fileOf({ gold_line: 84 });
      writeFileSync(join(home, "policies"), "");
      const [first] = await faultsOf(() => save(file));
      expect(first?.code).to.equal("home-unusable");
    });
  });

  it("runs the policy that the saved file gives, to the digest", () => {
    const { policy, candidate } = movePolicy({ policy: base, values: { gold_line: 84, late_dispatch_zero: "33.5 %" } }, contextOf(store));
    const { text, file } = present(candidate, "a candidate");
    expect(readPolicy({ text, file, load: loadKnown(home) }).policy?.digest).to.equal(policy.digest);
  });
});

function regionsOf(store: Store): readonly string[] {
  return present(store.datasets.list()[0], "a dataset").manifest.schema.attributes.find(({ name }) => name === "region")?.values ?? [];
}

function libraryText(): string {
  return readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8");
}
