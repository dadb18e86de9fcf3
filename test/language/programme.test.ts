/** Programmes in force: their tiers as one list, and what is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Diagnostic } from "../../data/foundation/index.ts";
import { formatDiagnostic, packagePath, parseDay } from "../../data/foundation/index.ts";
import {
  checkProgramme,
  lineSources,
  type Policy,
  policyLibrary,
  programmeTiers,
  readProgramme,
  type VersionInForce,
} from "../../policies/language/index.ts";
import { policyOf, tier } from "../compile/policy-parts.ts";

/** Versions from ladders written as `gold silver<bronze+watch | unrated`: silver replaces bronze and watch; off the ladder unrated. */
function versionsOf(...ladders: readonly string[]): readonly VersionInForce[] {
  return ladders.map((ladder, index) => {
    const [names = "", otherwise] = ladder.split(" | ");
    const tiers = names.split(" ").map((text) => {
      const [name = "", replaced] = text.split("<");
      return tier(name, undefined, replaced === undefined ? {} : { replaces: replaced.split("+") });
    });
    return {
      from: 100 * index,
      policy: policyOf({ version: `${index + 1}.0.0`, tiers, ...(otherwise === undefined ? {} : { otherwise }) }),
    };
  });
}

function said(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

describe("the tiers of a programme", () => {
  const lists: readonly (readonly [string, readonly string[], string])[] = [
    ["are those of its one version", ["gold silver | unrated"], "gold silver unrated"],
    ["hold what only earlier versions had just below what replaces it, in order", ["a b c d", "a m<b+c d"], "a m b c d"],
    ["hold a chain of replacements", ["a b", "m<a+b", "z<m"], "z m a b"],
    ["show a tier once that came back", ["a b", "a<b", "a b"], "a b"],
    ["have one place off the ladder, by its last name", ["a | none", "a | unrated"], "a unrated"],
    ["hold a tier off the ladder that one on it replaces", ["a b | none", "a b<none"], "a b none"],
    ["end with the tier off the ladder, also when it was on it", ["a b", "a | b"], "a b"],
  ];
  for (const [name, ladders, expected] of lists) {
    it(name, () => {
      const versions = versionsOf(...ladders);
      expect(checkProgramme(versions)).to.deep.equal([]);
      const { names, codes } = programmeTiers(versions);
      expect(names.join(" ")).to.equal(expected);
      for (const [position, { policy }] of versions.entries()) {
        const own = [...policy.tiers.map((one) => one.name), ...(policy.otherwise === undefined ? [] : [policy.otherwise])];
        const shown = (codes[position] ?? []).map((code) => names[code]);
        expect(shown).to.deep.equal(own.map((text) => (names.includes(text) ? text : names.at(-1))));
      }
    });
  }
});

describe("versions that do not follow one another", () => {
  const faults: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["lose a tier", ["a b c", "a c"], ["tier-lost: 'b' of version 1.0.0 is neither in version 2.0.0 nor replaced by one of its tiers"]],
    [
      "lose the tier off the ladder",
      ["a | none", "a"],
      ["tier-lost: 'none' of version 1.0.0 is neither in version 2.0.0 nor replaced by one of its tiers"],
    ],
    [
      "lose in the last what the one before still had",
      ["a b", "a b", "a"],
      ["tier-lost: 'b' of version 2.0.0 is neither in version 3.0.0 nor replaced by one of its tiers"],
    ],
    ["replace what is still there", ["a b", "a<b b"], ["duplicate-tier: 'a' replaces 'b', which version 2.0.0 still has"]],
    ["replace one tier by two", ["a b", "a<b c<b"], ["duplicate-tier: 'c' replaces 'b', and so does 'a'"]],
  ];
  for (const [name, ladders, expected] of faults) {
    it(name, () => {
      expect(said(checkProgramme(versionsOf(...ladders)))).to.deep.equal(expected);
    });
  }

  it("score other entities", () => {
    const [first, second] = versionsOf("a", "a");
    if (first === undefined || second === undefined) throw new RangeError("two versions");
    const other = { ...second, policy: { ...second.policy, entity: "creator" } };
    expect(said(checkProgramme([first, other]))).to.deep.equal([
      "entity-mismatch: version 2.0.0 scores creators, and version 1.0.0 before it sellers",
    ]);
  });

  it("carry the entries of a ledger into another currency", () => {
    const [first, second] = versionsOf("a", "a");
    if (first === undefined || second === undefined) throw new RangeError("two versions");
    const ledger = (currency: string): Policy["ledgers"][number] => ({
      name: "credit",
      title: "credit",
      unit: "money",
      currency,
      start: { kind: "number", value: 0, unit: "money", currency },
      lines: [],
      lasts: { kind: "ever" },
    });
    const holding = (version: typeof first, currency: string) => ({
      ...version,
      policy: { ...version.policy, ledgers: [ledger(currency)] },
    });
    expect(said(checkProgramme([holding(first, "EUR"), holding(second, "USD")]))).to.deep.equal([
      "currency-mismatch: ledger 'credit' is in EUR in version 1.0.0, but in USD in version 2.0.0",
    ]);
    expect(checkProgramme([holding(first, "EUR"), holding(second, "EUR")])).to.deep.equal([]);
  });

  it("have more tiers than a frame can hold", () => {
    const names = (prefix: string) => Array.from({ length: 40 }, (_, index) => `${prefix}${index}`);
    const ladder = names("b").map((name, index) => `${name}<a${index}`);
    expect(checkProgramme(versionsOf(names("a").join(" "), ladder.join(" "))).map(({ code }) => code)).to.deep.equal(["limit-exceeded"]);
  });

  it("compare among peers what carries an earlier comparison", () => {
    const ranked = { name: "place", title: "place", unit: "share", kind: "rank", peersMin: 1 } as const;
    const orders = { name: "orders", title: "orders", unit: "count", kind: "last", measure: "orders" } as const;
    const ledger = (amount: Policy["ledgers"][number]["lines"][number]["amount"]): Policy["ledgers"][number] => ({
      name: "penalty",
      title: "penalty",
      unit: "points",
      start: { kind: "number", value: 0, unit: "number" },
      lines: [{ kind: "event", event: "violation", sign: 1, amount }],
      lasts: { kind: "ever" },
    });
    const health = { name: "health", title: "health", unit: "number", kind: "value" } as const;
    const [first, second] = versionsOf("a", "a");
    if (first === undefined || second === undefined) throw new RangeError("two versions");
    const one = { kind: "number", value: 1, unit: "number" } as const;
    const filled: Policy = {
      ...first.policy,
      metrics: [orders, { ...ranked, of: { to: "metric", name: "orders" } }],
      ledgers: [ledger({ kind: "reference", to: "metric", name: "place" })],
    };
    const compared: Policy = {
      ...second.policy,
      metrics: [
        { ...health, expression: { kind: "reference", to: "ledger", name: "penalty" } },
        { ...ranked, of: { to: "metric", name: "health" } },
      ],
      ledgers: [ledger(one)],
    };
    const versions = [
      { ...first, policy: filled },
      { ...second, policy: compared },
    ];
    expect(checkProgramme(versions).map(({ code, found, cure }) => [code, found, cure])).to.deep.equal([
      ["peers-of-peers", "penalty", "Give 'penalty' another name in one of the two."],
    ]);
    const without = { ...filled, ledgers: [ledger(one)] };
    expect(
      checkProgramme([
        { ...first, policy: without },
        { ...second, policy: compared },
      ]),
    ).to.deep.equal([]);
  });
});

describe("a programme from its files", () => {
  let folder: string;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "programme-")), "shop");
    mkdirSync(folder);
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true }));

  const ladders = { "1.0.0": "  - gold: { when: sold >= 10 }\n  - bronze: {}", "2.0.0": "  - gold: { when: sold >= 20 }\n  - basic: {}" };

  function write(replaces: string, inForce: string): void {
    for (const [version, tiers] of Object.entries(ladders)) {
      const own = version === "2.0.0" ? tiers.replace("basic: {}", `basic: {${replaces}}`) : tiers;
      const heading = `programme: shop\nversion: ${version}\ntitle: Shop\nentity: seller\nrationale: Why.\n`;
      const text = `${heading}metrics:\n  sold: { sum: orders, over: 28 days }\ntiers:\n${own}\nmovement: { evaluate: every week }\n`;
      writeFileSync(join(folder, `${version}.yaml`), text);
    }
    writeFileSync(join(folder, "in-force.yaml"), `programme: shop\nin_force:\n${inForce}`);
  }
  const both = "  - { version: 1.0.0, from: 2024-01-01 }\n  - { version: 2.0.0, from: 2024-06-01 }\n";
  const read = () => readProgramme("shop", join(folder, "in-force.yaml"));
  const placed = () => read().diagnostics.map(({ code, place }) => `${place?.file.slice(folder.length + 1)}:${place?.line} ${code}`);

  it("holds the versions with their days", () => {
    write(" replaces: [bronze] ", both);
    expect(read().diagnostics).to.deep.equal([]);
    expect(read().versions.map(({ policy, from }) => [policy.version, from])).to.deep.equal([
      ["1.0.0", parseDay("2024-01-01")],
      ["2.0.0", parseDay("2024-06-01")],
    ]);
  });

  it("refuses a lost tier at the ladder that must say what replaces it", () => {
    write(" ", both);
    expect(placed()).to.deep.equal(["2.0.0.yaml:9 tier-lost"]);
    expect(read().diagnostics.map(({ found, expected }) => [found, expected])).to.deep.equal([["bronze", "gold, basic"]]);
    expect(read().diagnostics[0]?.cure).to.equal("Write 'replaces: [bronze]' under the tier of version 2.0.0 that takes its place.");
    expect(read().versions).to.deep.equal([]);
  });

  it("refuses versions out of order, none at all, and one that is not there", () => {
    write(" replaces: [bronze] ", "  - { version: 1.0.0, from: 2024-06-01 }\n  - { version: 2.0.0, from: 2024-06-01 }\n");
    expect(placed()).to.deep.equal(["in-force.yaml:4 bad-range"]);
    expect(read().diagnostics.map(({ message, cure }) => `${message}. ${cure}`)).to.deep.equal([
      "version 2.0.0 begins no later than the one before it. List the versions in order of time.",
    ]);
    write(" replaces: [bronze] ", "  - { version: 3.0.0, from: 2024-06-01 }\n");
    expect(placed()).to.deep.equal(["in-force.yaml:3 file-not-found"]);
    for (const [line, fault] of [
      ["{ version: 1.0.0, from: 2024-02-30 }", "'2024-02-30' is not a day. Write the day as year-month-day."],
      ["{ version: 1.0, from: 2024-01-01 }", "'1.0' is not a version. Write it like '1.2.0'."],
      ["{ version: 1.0.0, since: 2024-01-01 }", "a version in force has no key 'since'."],
      ["[1.0.0]", "a version in force is a mapping, not a list."],
    ] as const) {
      writeFileSync(join(folder, "in-force.yaml"), `programme: shop\nin_force:\n  - ${line}\n`);
      expect(read().diagnostics.map(formatDiagnostic).join("\n")).to.include(fault);
      expect(read().versions).to.deep.equal([]);
    }
    writeFileSync(join(folder, "in-force.yaml"), "programme: other\nin_force:\n  - { version: 1.0.0, from: 2024-01-01 }\n");
    expect(read().diagnostics.map(formatDiagnostic).join("\n")).to.match(/in-force\.yaml:1:12 .*this file is of 'other', not of 'shop'/);
    expect(readProgramme("shop", join(folder, "nowhere.yaml")).diagnostics.map(formatDiagnostic)).to.deep.equal([
      "file-not-found: 'shop' has no in-force.yaml. Write 'in_force:' with a version and the day from which it held.",
    ]);
    writeFileSync(join(folder, "in-force.yaml"), "programme: shop\nin_force: []\n");
    expect(placed()).to.deep.equal(["in-force.yaml:1 missing-key"]);
    expect(read().diagnostics.map(({ message, cure }) => `${message}. ${cure}`)).to.deep.equal([
      "no version is listed as being in force. Write under 'in_force:' a version and the day from which it held.",
    ]);
  });

  for (const programme of new Set(policyLibrary().map((entry) => entry.programme))) {
    it(`reads ${programme} of the library without a remark`, () => {
      const { versions, diagnostics } = readProgramme(programme, packagePath("policies", "library", programme, "in-force.yaml"));
      expect(diagnostics).to.deep.equal([]);
      expect(versions).not.to.have.length(0);
    });
  }
});

describe("what a ledger's lines are made for", () => {
  it("is the date, the volume or the event, in order of those that are alike; not when, how much or how far", () => {
    const lines: Policy["ledgers"][number]["lines"] = [
      { kind: "date", each: { kind: "weekday", weekday: 0 }, amount: one(1), sign: 1 },
      { kind: "date", each: { kind: "weekday", weekday: 0 }, amount: one(2), sign: 1, atMost: one(5) },
      { kind: "date", each: { kind: "weekday", weekday: 0 }, amount: one(2), sign: -1 },
      {
        kind: "volume",
        count: { kind: "reference", to: "parameter", name: "lot" },
        of: { kind: "reference", to: "measure", name: "orders" },
        amount: one(1),
        sign: 1,
      },
      {
        kind: "event",
        event: "violation",
        where: { kind: "known", operand: { kind: "reference", to: "event", name: "points" } },
        amount: one(1),
        sign: 1,
      },
    ];
    const parameters: Policy["parameters"] = [{ name: "lot", title: "Lot", unit: "count", value: 200 }];
    const ledger = { name: "p", title: "p", unit: "points", start: one(0), lines, lasts: { kind: "ever" } } as const;
    expect(lineSources(policyOf({ tiers: [tier("a", undefined)], parameters }), ledger).map(({ text }) => text)).to.deep.equal([
      "add each Monday",
      "add each Monday (2)",
      "deduct each Monday",
      "add each 200 of orders",
      "add when event violation where points is known",
    ]);
  });
});

function one(value: number) {
  return { kind: "number", value, unit: "number" } as const;
}
