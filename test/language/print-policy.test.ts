/** The canonical print reads back to the same policy, whatever the policy. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath } from "../../data/foundation/index.ts";
import { formatPolicy, type Policy, policyLibrary, printPolicy, readLibraryPolicy, readPolicy } from "../../policies/language/index.ts";

describe("the canonical print", () => {
  it("reads back to the same policy, for every policy of the library", () => {
    for (const { file } of policyLibrary()) {
      const { policy } = readLibraryPolicy(file);
      if (policy === undefined) throw new RangeError(file);
      expect(read(printPolicy(policy))).to.deep.equal(policy);
    }
  });

  it("reads back to the same policy, for random policies", () => {
    fc.assert(
      fc.property(policyText(), (text) => {
        const policy = read(text);
        const printed = printPolicy(policy);
        expect(read(printed)).to.deep.equal(policy);
        expect(printPolicy(read(printed))).to.equal(printed);
      }),
      { numRuns: 60 },
    );
  });

  it("never wraps a line", () => {
    const words = Array.from({ length: 200 }, (_, index) => `word${index}`).join(" ");
    const policy = read(base.replace("rationale: A policy", `rationale: ${words} A policy`));
    expect(printPolicy(policy)).to.include(words);
  });

  it("gives versions that mean the same the same digest, however they are written", () => {
    const spaced = base
      .replaceAll("4 %", "4%")
      .replace("{ sum: orders, over: 84 days }", "\n    over: 12 weeks\n    sum: ( orders )")
      .replaceAll("\n", "\r\n");
    expect(read(`\uFEFF${spaced}`).digest).to.equal(read(base).digest);
    expect(read(base.replace("range: 75 to 95", "range: 75 to 96")).digest).not.to.equal(read(base).digest);
  });
});

describe("formatting", () => {
  it("keeps comments and order, and is done after one pass", () => {
    const untidy =
      "# about us\nprogramme:   shop-health # the programme\nversion: 1.0.0\nmetrics:\n    late:   {share:  late of due,over: 4weeks}\n    curve: [ 0% ->100 ,2 %->85 ]\n";
    const { text = "" } = formatPolicy(untidy, "untidy.yaml");
    expect(text).to.equal(
      "# about us\nprogramme: shop-health # the programme\nversion: 1.0.0\nmetrics:\n  late: { share: late of due, over: 4 weeks }\n  curve: [0 % -> 100, 2 % -> 85]\n",
    );
    expect(formatPolicy(text, "tidy.yaml").text).to.equal(text);
  });

  for (const [untidy, tidy] of [
    ["a:   {b:   x>=3 and not y,c: [ 1,2 ]}\n", "a: { b: x >= 3 and not y, c: [1, 2] }\n"],
    ["a: 'quoted'\n", "a: quoted\n"],
    ['a: "it\'s # here"\n', 'a: "it\'s # here"\n'],
    ["title:   'two   words'\nwhen: two   words\n", "title: two   words\nwhen: two words\n"],
    ["rationale: >\n  folded  text\n  goes on\nb: >\n  x>=3\n  and y\n", "rationale: >\n  folded  text goes on\nb: x >= 3 and y\n"],
    ["title: |\n  kept  as it is\na: |\n  x>=3\n", "title: |\n  kept  as it is\na: x >= 3\n"],
    ["a: clamp( x , -1 , 2 )*( y - -3 )\n", "a: clamp(x, -1, 2) * (y - -3)\n"],
    ["a: { x: a -1, y: (a) -1, z: 5 %-1, v: 2 %*-3, u: x=-1 }\n", "a: { x: a - 1, y: (a) - 1, z: 5 % - 1, v: 2 % * -3, u: x = -1 }\n"],
    [
      "a: 1.2.0\nb: some-name\nc: x - y\nd: '-5  to 5'\ne: { f: '-5  to 5' }\n",
      'a: 1.2.0\nb: some-name\nc: x - y\nd: -5 to 5\ne: { f: "-5 to 5" }\n',
    ],
    ["a: region in(north,'far  south')\nb: round(x)\nc: abs (x)\n", "a: region in (north, 'far  south')\nb: round(x)\nc: abs(x)\n"],
    ["a:\n  - b: 1\n  # between\n  - c: 2 # behind\n", "a:\n  - b: 1\n  # between\n  - c: 2 # behind\n"],
    ["a: x # one\n# two\nb: y\n", "a: x # one\n# two\nb: y\n"],
    ["a: b # c\n  # d\n  # g\ne: f\n", "a: b # c\n# d\n# g\ne: f\n"],
    ["a: b\n  # c\n  # d\ne: f\n", "a: b\n# c\n# d\ne: f\n"],
    ["m:\n  a: b # c\n    # d\n  e: f\n    # g\n", "m:\n  a: b # c\n  # d\n  e: f\n  # g\n"],
    ["a: b # c\n  # d\n", "a: b # c\n\n# d\n"],
    ["a: b\n  # c\n# d\n", "a: b\n\n# c\n# d\n"],
    ["a: [\n  1,\n  2 ]\nb: { c: [ d ] }\n", "a: [1, 2]\nb: { c: [d] }\n"],
    ["a: \"12:30\"\nb: 'null'\nc: '~'\nd: ''\n", 'a: 12:30\nb: null\nc: "~"\nd: ""\n'],
    ["a: 'x,  y'\nb: { c: 'x,  y', title: 'one,  two' }\n", 'a: x, y\nb: { c: "x, y", title: "one,  two" }\n'],
    ["a: x ? y\nb: 'x ≥  3'\n", "a: x ? y\nb: x ≥  3\n"],
    ["a: x\r\n\r\n\r\nb:  y\r\n", "a: x\n\nb: y\n"],
  ] as const)
    it(`writes ${JSON.stringify(untidy)} as ${JSON.stringify(tidy)}`, () => {
      expect(formatPolicy(untidy, "untidy.yaml")).to.deep.equal({ text: tidy, diagnostics: [] });
      expect(formatPolicy(tidy, "tidy.yaml").text).to.equal(tidy);
    });

  it("touches nothing that is not valid YAML, or lacks a value", () => {
    for (const [text, code] of [
      ["a: - 3\n", "yaml-syntax"],
      ["a:\nb: 1\n", "null-value"],
      ["# nothing\n", "empty-file"],
      ["a: &b c\n", "yaml-feature"],
    ] as const) {
      const { text: formatted, diagnostics } = formatPolicy(text, "faulty.yaml");
      expect(formatted).to.equal(undefined);
      expect(diagnostics.map((diagnostic) => diagnostic.code)).to.deep.equal([code]);
    }
  });

  it("never changes what a policy means", () => {
    fc.assert(
      fc.property(policyText(), (text) => {
        const { text: formatted = "" } = formatPolicy(text, "random.yaml");
        expect(read(formatted)).to.deep.equal(read(text));
        expect(formatPolicy(formatted, "random.yaml").text).to.equal(formatted);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves a file alone that is not valid", () => {
    const { text, diagnostics } = formatPolicy("title: 'x\n", "broken.yaml");
    expect(text).to.equal(undefined);
    expect(diagnostics[0]?.code).to.equal("yaml-syntax");
  });
});

const base = readFileSync(packagePath("test", "language", "base.yaml"), "utf8");

function read(text: string): Policy {
  const { policy, diagnostics } = readPolicy({ text, file: "policy.yaml", load: () => undefined });
  if (policy === undefined)
    throw new RangeError(`${diagnostics.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`).join("; ")}\n${text}`);
  return policy;
}

const title = fc.constantFrom(
  "Plain words",
  "With: a colon",
  "With #1",
  "'quoted'",
  '"double"',
  "ünïcode ☂",
  "trailing colon:",
  "- dash",
  "{ braces }",
  "a, b",
  "~",
  "true",
  "1.10",
);
const window = fc.constantFrom("7 days", "4 weeks", "1 period", "6 periods", "3 months", "1 quarter", "2 years", "lifetime");
const percent = fc.integer({ min: 1, max: 999 }).map((tenths) => `${tenths / 10} %`);

function metricText(): fc.Arbitrary<string> {
  const tail = fc.record({ over: window, least: fc.option(fc.integer({ min: 0, max: 50 })), title: fc.option(title) });
  const keys = ({ over, least, title: text }: { over: string; least: number | null; title: string | null }, counted: string): string =>
    `over: ${over}${least === null ? "" : `, at_least: ${least} ${counted}`}${text === null ? "" : `, title: ${JSON.stringify(text)}`}`;
  return fc.oneof(
    tail.map((rest) => `{ share: (x + y) of (x + y + z), ${keys(rest, "(x + y)")} }`),
    fc
      .tuple(tail, percent, fc.integer({ min: 1, max: 99 }))
      .map(([rest, prior, strength]) => `{ share: x of y, ${keys(rest, "y")}, shrink: towards ${prior} with ${strength} y }`),
  );
}

function anchorsText(): fc.Arbitrary<string> {
  return fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 6 }).chain((tenths) =>
    fc
      .tuple(fc.boolean(), fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: tenths.length, maxLength: tenths.length }))
      .map(([falls, heights]) => {
        const xs = tenths.toSorted((a, b) => (falls ? b - a : a - b));
        return `[${xs.map((x, index) => `${x / 10} % -> ${(heights[index] ?? 0) / 100}`).join(", ")}]`;
      }),
  );
}

/** A valid policy as text: two shares, two curves, a weighted score, three tiers. */
function policyText(): fc.Arbitrary<string> {
  return fc
    .record({
      title,
      metric: metricText(),
      other: metricText(),
      anchors: anchorsText(),
      steps: anchorsText(),
      line: fc.integer({ min: 0, max: 100 }),
      weight: fc.integer({ min: 1, max: 999 }),
      missing: fc.constantFrom("", ", missing: share out", ", missing: 50"),
      round: fc.constantFrom("", ", round: 0", ", round: 1"),
      consequences: fc.constantFrom("{}", "{ traffic: x 0.85 }", "{ payout: after 1 day, fee: 2.5 % }", "{ orders: at most 7 a day }"),
      hold: fc.constantFrom("", ", hold: 1 day", ", hold: 4 weeks"),
      otherwise: fc.boolean(),
      evaluate: fc.constantFrom("every day", "every week", "every quarter", "every Sunday", "day 31 of month"),
      movement: fc.constantFrom(
        "",
        "\n  start: mid",
        "\n  promote: { after: 3 evaluations }",
        "\n  demote: { by: 1 tier }\n  shield: { for: 2 weeks, since: opened_on }",
      ),
    })
    .map((part) =>
      `programme: random
version: 0.1.20
title: ${JSON.stringify(part.title)}
entity: seller
rationale: |
  Two lines,

  and a third: "quoted" #1.
parameters:
  line: { value: ${part.line}, range: -1 to 101 }
metrics:
  m1: ${part.metric}
  m2: ${part.other}
  tenure: { since: opened_on }
scores:
  s1: { from: m1, curve: ${part.anchors} }
  s2: { from: m2, step: ${part.steps} }
  all: { weighted: { s1: ${part.weight / 8}, s2: 1 }${part.missing}${part.round} }
conditions:
  home: region in (north, 'a, b', "it's")
  known: all is known and tenure >= 30 days
tiers:
  - top: { when: known and all >= line, consequences: ${part.consequences} }
  - mid: { when: home or all >= 5${part.hold} }
  - low: { ${part.otherwise ? "when: known, adverse: true" : ""} }
${part.otherwise ? "otherwise: none\n" : ""}movement:
  evaluate: ${part.evaluate}${part.movement}
`
        .replace("known: all is known", "sure: all is known")
        .replaceAll("when: known", "when: sure"),
    );
}

describe("formatting comments", () => {
  it("keeps a comment on a line of its own out of the value before it", () => {
    const text = "title: Shop\n  # why it is called so\nentity: seller\nmovement:\n  evaluate: every week\n    # and why then\n";
    const { text: formatted = "" } = formatPolicy(text, "commented.yaml");
    expect(formatted).to.equal("title: Shop\n# why it is called so\nentity: seller\nmovement:\n  evaluate: every week\n  # and why then\n");
    expect(formatPolicy(formatted, "commented.yaml").text).to.equal(formatted);
  });
});
