/** What can be written where: keys, names and forms, in whole policies and in versions, also where the text has faults. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { limits, packagePath, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { type Completions, completionsAt, policyLibrary, readLibraryPolicy } from "../../policies/language/index.ts";

const base = readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml"), "utf8");
const parent = present(readLibraryPolicy("seller-performance@1.0.0").policy, "a policy");

const panel: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: 0,
  lastPeriod: 9,
  knownAt: 99,
  measures: [
    { name: "orders", kind: "flow", unit: "count", decimals: 0, title: "Orders" },
    { name: "late_dispatches", kind: "flow", unit: "count", decimals: 0, title: "Late dispatches" },
  ],
  attributes: [{ name: "region", scope: "entity", type: "text", title: "Region" }],
  events: [{ name: "violation", title: "Violations", fields: ["severity"] }],
  outcomes: [],
  assignedTiers: [],
};

/** The caret stands at the bar. */
function at(text: string, options: { readonly isVersion?: boolean } = {}): Completions {
  const offset = text.indexOf("|");
  const whole = text.slice(0, offset) + text.slice(offset + 1);
  return completionsAt({ text: whole, offset, panel, ...(options.isVersion === true ? { parent } : {}) });
}

const labels = ({ options }: Completions): readonly string[] => options.map(({ label }) => label);

describe("completion", () => {
  it("offers the keys that a mapping still lacks, with what they are for", () => {
    const found = at("programme: x\nversion: 1.0.0\n|");
    expect(labels(found)).to.include.members(["title", "entity", "metrics", "tiers"]).and.not.to.include("programme");
    expect(found.options.find(({ label }) => label === "tiers")?.about).to.equal(
      "Required. The ladder, best first: an entity merits the first tier whose condition holds.",
    );
    expect(found.options.find(({ label }) => label === "title")).to.include({ insert: "title: ", kind: "key" });
    expect(found.options.find(({ label }) => label === "metrics")?.insert).to.equal("metrics:");
  });

  const places: readonly (readonly [what: string, text: string, holds: readonly string[], lacks: readonly string[]])[] = [
    ["a key half written", "metrics:\n  a:\n    sh|", ["share"], ["over"]],
    ["any kind of metric in an empty one", "metrics:\n  a:\n    |", ["share", "mean", "count", "rank"], ["curve"]],
    ["the rest of a kind that is chosen", "metrics:\n  a:\n    share: b of c\n    |", ["over", "at_least", "wilson"], ["mean", "share"]],
    ["keys between braces", "metrics:\n  a: { share: b of c, | }", ["over", "title"], ["mean", "share"]],
    ["keys of a tier", "tiers:\n  - gold: { | }", ["when", "adverse", "consequences"], ["share"]],
    ["keys of a tier in lines", "tiers:\n  - gold:\n      w|", ["when"], ["adverse"]],
    ["keys after a list that is not indented", "tiers:\n- gold: { when: a }\n|", ["movement", "caps"], ["when", "tiers"]],
    ["deeper keys", "movement:\n  promote: { | }", ["after", "by"], ["evaluate"]],
    ["scores to weigh", "scores:\n  a: { from: m, curve: [0 -> 1, 1 -> 2] }\n  b: { weighted: { | } }", ["a"], ["orders"]],
    ["measures of the history", "metrics:\n  a: { share: late|", ["late_dispatches"], ["orders"]],
    [
      "metrics and functions in a condition",
      "metrics:\n  rate: { sum: orders }\nconditions:\n  c: |",
      ["rate", "region", "min"],
      ["orders"],
    ],
    ["names while a word is written", "parameters:\n  line: { value: 3 }\ntiers:\n  - a: { when: x >= l|", ["line"], ["min"]],
    ["parameters among anchors", "parameters:\n  zero: { value: 3 }\nscores:\n  a: { from: m, curve: [0 -> 100, z| ] }", ["zero"], ["m"]],
    ["tiers where one is named", "tiers:\n  - gold: {}\nmovement:\n  start: |", ["gold"], ["orders"]],
    ["windows with a name", "windows:\n  long: 3 months\nmetrics:\n  a: { sum: orders, over: | }", ["long", "28 days"], ["orders"]],
    ["kinds of events", "metrics:\n  a: { count: | }", ["violation"], ["orders"]],
    ["fields of events", "metrics:\n  a: { count: violation, where: | }", ["severity"], ["violation"]],
    ["words that are fixed", "tiers:\n  - a: { adverse: | }", ["true", "false"], ["a"]],
    ["a key after a faulty line", "metrics:\n  a: { share: b of\n  c:\n    |\nscores:", [], ["programme"]],
  ];
  for (const [what, text, holds, lacks] of places)
    it(`offers ${what}`, () => {
      const found = labels(at(text));
      for (const label of holds) expect(found, text).to.include(label);
      for (const label of lacks) expect(found, text).not.to.include(label);
    });

  it("offers nothing in comments, prose and names that are new", () => {
    for (const text of ["title: x # me|", "# |", "rationale: |\n  what m@", "metrics:\n  lat|", "metrics:|"])
      expect(
        labels(text.includes("@") ? completionsAt({ text: text.replace("@", ""), offset: text.indexOf("@") }) : at(text)),
        text,
      ).to.deep.equal([]);
  });

  it("offers the paths of the extended version, one step at a time", () => {
    const head = "extends: 1.0.0\nprogramme: seller-performance\nversion: 1.2.0\n";
    expect(labels(at(`${head}set:\n  |`, { isVersion: true }))).to.include.members(["parameters", "metrics", "tiers", "movement"]);
    const lines = at(`${head}set:\n  parameters.|`, { isVersion: true });
    expect(labels(lines)).to.include("parameters.gold_line");
    const value = at(`${head}set:\n  parameters.gold_line.v|`, { isVersion: true });
    expect(value.options).to.deep.equal([
      { label: "parameters.gold_line.value", insert: "parameters.gold_line.value: ", kind: "path", about: "Now 85" },
    ]);
    expect(labels(at(`${head}set:\n  tiers.gold.|`, { isVersion: true }))).to.include("tiers.gold.when");
    expect(labels(at(`${head}set:\n  parameters.gold_line: { | }`, { isVersion: true }))).to.include.members(["value", "range", "title"]);
    expect(labels(at(`${head}set:\n  tiers.gold.when: rec|`, { isVersion: true }))).to.include("recent_orders");
    expect(labels(at(`${head}remove:\n  - conditions.|`, { isVersion: true }))).to.include("conditions.rated");
    expect(labels(at(`${head}|`, { isVersion: true })))
      .to.include.members(["set", "add", "rationale"])
      .and.not.to.include("tiers");
  });

  it("never throws, wherever the caret stands, and never offers what is not part of the language", () => {
    for (let offset = 0; offset <= base.length; offset += 7) {
      const { from, to } = completionsAt({ text: base, offset, panel });
      expect(from).to.be.at.most(to);
      completionsAt({ text: base.slice(0, offset), offset, panel });
    }
    expect(completionsAt({ text: "{".repeat(5000), offset: 5000 }).options).to.deep.equal([]);
  });

  it("looks at a long line once, whatever it holds, and at nothing larger than a policy file", () => {
    const length = limits.policyFileBytes.value - 10;
    const lines = [`a${" ".repeat(length)}b`, `k: ${"a".repeat(length)} `, "- ".repeat(length / 2), `a: '${"'".repeat(length)}`];
    // A second look at each character would take minutes.
    for (const text of [...lines, "a: ".repeat(length)])
      expect(completionsAt({ text, offset: text.length }).to, text.slice(0, 5)).to.equal(text.length);
    const larger = `a: ${" ".repeat(limits.policyFileBytes.value)}`;
    expect(completionsAt({ text: larger, offset: 1 })).to.deep.equal({ from: 1, to: 1, options: [] });
  });

  it("offers every key and every name that the library's own files use, at its place", () => {
    const missed: string[] = [];
    for (const { file } of policyLibrary()) {
      const text = readFileSync(file, "utf8");
      if (/^extends:/m.test(text)) continue;
      for (const [index, match] of [...text.matchAll(/(?<=[{,] |^ {4}|^ {6})([a-z_][a-z_ ]*)(?=: )/gm)].entries()) {
        if (index % 4 > 0) continue;
        const before = text.slice(0, match.index);
        if (/#[^\n]*$/.test(before) || /rationale: \|\n(?: {2}[^\n]*\n|\n)*[^\n]*$/.test(before)) continue;
        // A key with its value out of the way, as it is before it is written.
        const rest = text.slice(match.index).replace(/^[^,}\n]*/, "");
        const { options } = completionsAt({ text: before + rest, offset: before.length });
        if (options.length > 0 && !options.some(({ label }) => label === match[1]))
          missed.push(`${file.split("/").slice(-2).join("/")}: ${match[1]}`);
      }
    }
    expect(missed).to.deep.equal([]);
  });
});
