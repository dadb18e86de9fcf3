/** Every kind of change has its sentence and its direction; renamings are one change; random edits keep the laws of a difference. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { packagePath, present } from "../../data/foundation/index.ts";
import { diffPolicies, type Policy, type PolicyChange, printPolicy, readPolicy } from "../../policies/language/index.ts";
import { goldenTexts } from "./golden.ts";

interface WordsRow {
  readonly of: "base" | "whole";
  readonly replace: string;
  readonly by: string;
  readonly path: string;
  readonly direction: string;
  readonly words: string;
}

interface EditRow {
  readonly of: "base" | "whole" | "rest" | "plain";
  readonly replace: string | readonly string[];
  readonly by: string | readonly string[];
}

const texts = {
  base: readFileSync(packagePath("test", "language", "base.yaml"), "utf8"),
  whole: readFileSync(packagePath("test", "language", "whole.yaml"), "utf8"),
  rest: readFileSync(packagePath("test", "language", "rest.yaml"), "utf8"),
  plain: readFileSync(packagePath("test", "language", "plain.yaml"), "utf8"),
};
const rows = parse(readFileSync(packagePath("test", "language", "diff-words.yaml"), "utf8")) as readonly WordsRow[];
const edits = parse(readFileSync(packagePath("test", "language", "diff-edits.yaml"), "utf8")) as readonly EditRow[];

function tryRead(text: string): Policy | undefined {
  return readPolicy({ text, file: "policy.yaml", load: () => undefined }).policy;
}

function read(text: string): Policy {
  const { policy, diagnostics } = readPolicy({ text, file: "policy.yaml", load: () => undefined });
  if (policy === undefined) throw new RangeError(diagnostics.map(({ message }) => message).join("; "));
  return policy;
}

describe("the words of a difference", () => {
  for (const { of, replace, by, path, direction, words } of rows) {
    it(words, () => {
      expect(texts[of]).to.include(replace);
      const { changes, summary } = diffPolicies(read(texts[of]), read(texts[of].replace(replace, () => by)));
      const told = changes.find((change) => change.path === path);
      expect(told?.words).to.equal(words);
      expect(told?.direction ?? "either way").to.equal(direction);
      expect(changes).to.have.length(1);
      expect(summary.length).to.be.at.most(230);
    });
  }

  const golden = goldenTexts("diff-edits");
  const unedited = new Map<string, Policy>();
  before(() => {
    for (const [of, text] of Object.entries(texts)) unedited.set(of, read(text));
  });
  for (const { of, replace, by } of edits) {
    const [parts, others] = [[replace].flat(), [by].flat()];
    const name = `${of}: ${JSON.stringify(replace)} -> ${JSON.stringify(by)}`;
    it(`tells there and back of ${name}`, () => {
      const edited = parts.reduce((text, part, index) => {
        expect(text).to.include(part);
        return text.replace(part, () => others[index] ?? "");
      }, texts[of]);
      const [from, to] = [present(unedited.get(of), of), read(edited)];
      const told = (a: Policy, b: Policy): readonly string[] => {
        const { summary, changes } = diffPolicies(a, b);
        return [
          summary,
          ...changes.map(({ path, kind, direction = "either way", words }) => `  ${path} ${kind}, ${direction}: ${words}`),
          ...changes.map((change) => `  from '${change.from ?? ""}' to '${change.to ?? ""}'`),
        ];
      };
      golden(name, [...told(from, to), ...told(to, from)].join("\n"));
    });
  }

  for (const [section, from, to] of [
    ["conditions", "fails", "falls_short"],
    ["metrics", "late_rate", "tardy_rate"],
    ["metrics", "strikes", "strike_count"],
    ["scores", "dispatch", "sending"],
    ["ledgers", "penalty", "points_owed"],
    ["parameters", "closing", "closing_line"],
    ["windows", "lookback", "look_back"],
    ["tiers", "light_green", "pale_green"],
  ] as const) {
    it(`says that ${from} is now called ${to}, and nothing else`, () => {
      const renamed = texts.whole.replace(new RegExp(`\\b${from}\\b`, "g"), to);
      const { changes, summary } = diffPolicies(read(texts.whole), read(renamed));
      const noun = section.replace(/s$/, "");
      expect(changes).to.deep.equal([
        {
          path: `${section}.${to}`,
          kind: "changed",
          from,
          to,
          words: `The ${noun} '${from}' is now called '${to}'.`,
          direction: "neutral",
        },
      ]);
      expect(summary).to.include("nothing that moves anybody");
    });
  }

  it("follows a renaming through what reads it", () => {
    const renamed = texts.base.replace(/\blate_rate\b/g, "tardy_rate").replace(/\bdispatch(?= ?:)/g, "sending");
    expect(diffPolicies(read(texts.base), read(renamed)).changes.map(({ words }) => words)).to.deep.equal([
      "The metric 'late_rate' is now called 'tardy_rate'.",
      "The score 'dispatch' is now called 'sending'.",
    ]);
  });

  it("says once that a thing is new or gone, and that it moves nobody by itself", () => {
    const more = texts.base
      .replace("  tenure:", "  seen: { since: violation }\n  tenure:")
      .replace("rating >= 4", "rating >= 4 and (seen > 30 days or not seen is known)");
    const told = diffPolicies(read(texts.base), read(more)).changes;
    expect(told.map(({ path, kind, words, direction }) => [path, kind, direction, words])).to.deep.equal([
      ["metrics.seen", "added", "neutral", "New: the metric 'Seen': days since violation."],
      ["conditions.clean", "changed", "stricter", "clean now also asks for seen > 30 days or not seen is known."],
    ]);
    const back = diffPolicies(read(more), read(texts.base)).changes;
    expect(back.map(({ words }) => words)).to.deep.equal([
      "Gone: the metric 'Seen'.",
      "clean no longer asks for seen > 30 days or not seen is known.",
    ]);
  });

  it("calls a cap stricter where everyone is on the ladder", () => {
    const capped = (text: string): string => text.replace("\nmovement:", "\ncaps:\n  - { at most: low, when: strikes >= 3 }\nmovement:");
    const plain = [
      "programme: p\nversion: 1.0.0\ntitle: P\nentity: seller\nrationale: r",
      "metrics:\n  strikes: { count: violation, over: 90 days }\n  recent: { sum: orders, over: 84 days }",
      "tiers:\n  - high: { when: recent >= 10 and strikes < 5 }\n  - low: {}",
      "movement:\n  evaluate: every week\n",
    ].join("\n");
    const [a, b] = [read(plain), read(capped(plain))];
    expect(diffPolicies(a, b).changes.map(({ direction }) => direction)).to.deep.equal(["stricter"]);
    expect(diffPolicies(b, a).changes.map(({ direction }) => direction)).to.deep.equal(["gentler"]);
  });
});

describe("the laws of a difference", () => {
  const edited = fc.record({
    of: fc.constantFrom("base" as const, "whole" as const),
    left: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3 }),
    right: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 }),
  });

  /** Both sides, when both read. */
  function pairOf({
    of,
    left,
    right,
  }: typeof edited extends fc.Arbitrary<infer Pair> ? Pair : never): readonly [Policy, Policy] | undefined {
    const [a, b] = [left, right].map((edits) => tryRead(edits.reduce((text, [at, how]) => edit(text, at, how), texts[of])));
    return a === undefined || b === undefined ? undefined : [a, b];
  }

  it("is empty for a policy and itself", () => {
    fc.assert(
      fc.property(edited, (pair) => {
        const [, policy] = pairOf(pair) ?? [];
        if (policy !== undefined) expect(diffPolicies(policy, policy).changes).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it("turned around has the same paths, from and to swapped, and the opposite direction", () => {
    let read = 0;
    fc.assert(
      fc.property(edited, (pair) => {
        const both = pairOf(pair);
        if (both === undefined) return;
        read++;
        const [a, b] = both;
        const [there, back] = [diffPolicies(a, b).changes, diffPolicies(b, a).changes];
        const sorted = (changes: readonly PolicyChange[]): readonly string[] =>
          changes.map(({ path, kind, from, to, direction }) => JSON.stringify([path, kind, from, to, direction ?? ""])).sort();
        expect(sorted(back)).to.deep.equal(sorted(there.map(turned)));
      }),
      { numRuns: 60 },
    );
    expect(read, "pairs that read").to.be.above(15);
  });

  it("covers every printed line that differs, in whole sentences", () => {
    fc.assert(
      fc.property(edited, (pair) => {
        const both = pairOf(pair);
        if (both === undefined) return;
        const { changes, summary } = diffPolicies(...both);
        const [before, after] = both.map((policy) => new Set(linesByPath(printPolicy(policy)))) as [Set<string>, Set<string>];
        const differing = [...[...before].filter((line) => !after.has(line)), ...[...after].filter((line) => !before.has(line))];
        for (const line of differing) {
          const path = line.split("\n")[0] ?? "";
          expect(
            changes.some((change) => covers(change, path)),
            `${path}: ${JSON.stringify(changes)}`,
          ).to.equal(true);
        }
        for (const { words } of changes)
          expect(words)
            .to.match(/^[^\n]{5,}\.$/)
            .and.not.match(/undefined|\[object|NaN| {2}/);
        expect(summary).not.to.match(/undefined|\[object|NaN|\n/);
      }),
      { numRuns: 60 },
    );
  });
});

function turned(change: PolicyChange): PolicyChange {
  const { from, to, kind, direction, ...rest } = change;
  const opposite = direction === "stricter" ? "gentler" : direction === "gentler" ? "stricter" : direction;
  return {
    ...rest,
    kind: kind === "added" ? "removed" : kind === "removed" ? "added" : "changed",
    ...(to === undefined ? {} : { from: to }),
    ...(from === undefined ? {} : { to: from }),
    ...(opposite === undefined ? {} : { direction: opposite }),
  };
}

/** One small edit: another number, operator or joint, a part less, a line less, an entry more. */
function edit(text: string, at: number, how: number): string {
  const edits: readonly (readonly [RegExp, (found: string) => string])[] = [
    [/(?<![\w.-])\d+(?= |,|\)|\]|\n)/g, (found) => String(Number(found) + 1)],
    [/(?<![\w.-])\d+(?= |,|\)|\]|\n)/g, (found) => String(Math.max(0, Math.ceil(Number(found) / 2)))],
    [/ (?:>=|<=|>|<) /g, (found) => ({ " >= ": " > ", " > ": " >= ", " <= ": " < ", " < ": " <= " })[found] ?? found],
    [/ (?:and|or) /g, (found) => (found === " and " ? " or " : " and ")],
    [/(?: and| or) [a-z_]+(?: (?:>=|<=|>|<|=) [\w.]+(?: %| days| points| USD)?)?/g, () => ""],
    [
      /, (?:at_least|shrink|wilson|hold|shorten|at most|most alike by|round|missing|range|replaces|where): (?:\[[^\]]*\]|\{[^}]*\}|[^,}\n]*)/g,
      () => "",
    ],
    [/\n {4,6}- \{ [^\n]*(?=\n)/g, () => ""],
    [/\n {4}(?:within|reset|take back|where): [^\n]*/g, () => ""],
    [/when: (?=[a-z])/g, (found) => `${found}tenure > 3 days and `],
    [/ %/g, () => ".5 %"],
    [/\bdays\b/g, () => "weeks"],
  ];
  const [pattern, change] = edits[how % edits.length] ?? [/$^/g, (found: string) => found];
  const places = [...text.matchAll(pattern)];
  const place = places[at % Math.max(1, places.length)];
  return place === undefined ? text : text.slice(0, place.index) + change(place[0]) + text.slice(place.index + place[0].length);
}

/** Each printed line after the path that it stands at: items of lists at the path of the list. */
function linesByPath(print: string): readonly string[] {
  const path: string[] = [];
  return print.split("\n").flatMap((line) => {
    const item = /^( *)- ([\w]+):(?: \{\})?$/.exec(line);
    const [, indent = "", key = ""] = item ?? /^( *)([\w ]+):/.exec(line) ?? [];
    if (line === "" || /^version:|^ *- \{/.test(line))
      return line.includes("- {") ? [`${path.slice(0, line.startsWith("  -") ? 1 : 3).join(".")}\n${line}`] : [];
    const depth = indent.length >= 6 ? 2 : indent.length / 2;
    path.splice(depth, path.length, key);
    return [`${path.join(".")}\n${line}`];
  });
}

function covers({ path, from, to }: PolicyChange, line: string): boolean {
  const isSection = /^(?:parameters|windows|metrics|scores|ledgers|conditions|tiers|caps|movement)$/.test(line);
  const name = line.split(".")[1];
  return (
    path === line ||
    path.startsWith(isSection ? line : `${line}.`) ||
    line.startsWith(`${path}.`) ||
    (name !== undefined && (from === name || to === name))
  );
}
