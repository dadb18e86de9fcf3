/** A letter to an entity: in the second person, with no number that its account does not hold, and nothing about anyone else. */
import { expect } from "chai";
import { lastDayOf, present } from "../../data/foundation/index.ts";
import { type PanelSchema, panelFromRows } from "../../data/panel/index.ts";
import {
  accountOf,
  type EntityHistory,
  entityHistory,
  evaluateEntity,
  explainEntity,
  gatherPeers,
  type Letter,
  letterMarkdown,
  letterOf,
  metricCourses,
} from "../../policies/explain/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";

const first = 2800;
const last = first + 9;
const schema: PanelSchema = {
  entity: "seller",
  grain: "week",
  firstPeriod: first,
  lastPeriod: last,
  measures: ["orders", "late"].map((name) => ({ name, kind: "flow", unit: "count", decimals: 0, title: name })),
  attributes: [{ name: "region", scope: "entity", type: "text", values: ["North"], title: "Region" }],
  events: [
    { name: "violation", title: "Violation", points: true },
    { name: "appeal_granted", title: "Appeal granted", fields: ["about"] },
  ],
  outcomes: [],
  assignedTiers: [],
  knownAt: 19_900,
};

function policyWith(parts: { readonly metrics?: string; readonly rest?: string; readonly tiers: string }): Policy {
  const text = `programme: shop
version: 1.0.0
title: Shop *rules*
entity: seller
rationale: One promise.
metrics:
  late_rate: { share: late of orders, over: 14 days, at_least: 10 orders, title: Late share }
${parts.metrics ?? ""}${parts.rest ?? ""}tiers:
${parts.tiers}
otherwise: unrated
movement: { evaluate: every week, promote: { after: 3 evaluations }, demote: { after: 1 evaluation } }
`;
  const { policy, diagnostics } = readPolicy({ text, file: "shop.yaml", load: () => undefined });
  return present(policy, JSON.stringify(diagnostics));
}

const plain = policyWith({ tiers: "  - good: { when: late_rate <= 5 % }\n  - poor: { when: late_rate is known, adverse: true }" });

function historyOf(lateByWeek: readonly number[], orders = 100): EntityHistory {
  const rows = lateByWeek.flatMap((late, week) =>
    ["a", "b"].map((entity) => ({ entity, period: first + week, measures: { orders, late: entity === "a" ? late : 77 } })),
  );
  const panel = panelFromRows({ schema, rows });
  return entityHistory(panel.schema, panel.readChunk(0), 0);
}

const numbersIn = (text: string): readonly string[] => text.replaceAll("\u00a0", " ").match(/\d[\d,]*(\.\d+)?/g) ?? [];
const textOf = ({ parts }: Letter): string =>
  parts.map(({ heading, sentences, items }) => [heading, ...sentences, ...items].join("\n")).join("\n");

describe("a letter", () => {
  const history = historyOf([1, 1, 1, 9, 9, 9, 9, 2, 2, 2]);
  const letter = present(letterOf(plain, schema, history, { to: last, isInForce: true }), "a letter");

  it("says which tier from when, what led to it, what restores it and when the next evaluation is", () => {
    const text = textOf(letter).replaceAll("\u00a0", " ");
    expect(letter.parts.map(({ heading }) => heading)).to.deep.equal([
      "Your tier: poor",
      "The numbers behind it",
      "What each tier asked for",
      "What would bring Good",
      "When you are looked at next",
    ]);
    expect(text)
      .to.match(/your numbers merited good; you hold poor/)
      .and.to.include("You have held it since the evaluation of");
    expect(text).to.include("Late share: 2 %; 4 of 200").and.to.include("Late share is at most 5 %");
    expect(text)
      .to.include("only time keeps it from you")
      .and.to.include("It takes 3 evaluations in a row")
      .and.to.include("not a promise");
    expect(text).to.match(/The next evaluation after this one is that of \d+ \w+ \d{4}/);
  });

  it("names the nearest single change where the numbers do not suffice", () => {
    const late = textOf(present(letterOf(plain, schema, historyOf(Array(10).fill(9)), { to: last, isInForce: true }), "a letter"));
    expect(late.replaceAll("\u00a0", " ")).to.include("Late share at most 5 %, not 9 %");
  });

  it("holds no number of an evaluation that the account does not hold", () => {
    const account = accountOf(explainEntity(plain, schema, history, lastDayOf("week", last)));
    const known = new Set(numbersIn(account));
    const dated = new Set(
      letter.parts
        .flatMap(({ sentences }) => sentences)
        .flatMap((sentence) => numbersIn(sentence.match(/evaluation (of|after this one is that of) [^.;]*/)?.[0] ?? "")),
    );
    for (const number of numbersIn(textOf(letter))) expect(known.has(number) || dated.has(number), number).to.equal(true);
  });

  it("says which cap keeps the tier that the numbers ask for away, as the account does", () => {
    const capped = policyWith({
      rest: "caps:\n  - { at most: poor, when: late_rate > 3 % }\n",
      tiers: "  - good: { when: late_rate <= 5 % }\n  - poor: { when: late_rate is known, adverse: true }",
    });
    const text = textOf(present(letterOf(capped, schema, historyOf(Array(10).fill(4)), { to: last, isInForce: true }), "a letter"));
    expect(text.replaceAll("\u00a0", " ")).to.match(/Late share is .*3 %, so at most poor\./);
  });

  it("promises nothing to who holds a final tier, and no row of evaluations to who is off the ladder", () => {
    const final = policyWith({ tiers: "  - good: { when: late_rate <= 5 % }\n  - closed: { when: late_rate > 5 %, terminal: true }" });
    const closed = present(letterOf(final, schema, history, { to: last, isInForce: true }), "a letter");
    const sentencesOn = ({ parts }: Letter, tier: string) => parts.find(({ heading }) => heading === `What would bring ${tier}`)?.sentences;
    expect(sentencesOn(closed, "Good")).to.deep.equal(["Nothing: the tier that you hold is final, and no evaluation ends it."]);
    const few = present(letterOf(plain, schema, historyOf(Array(10).fill(0), 2), { to: last, isInForce: true }), "a letter");
    const sentences = present(sentencesOn(few, "Poor"), "what would bring it");
    expect(sentences).to.include("It is enough that one evaluation finds it so.");
    expect(sentences[0]).to.match(/numbers that are not known yet\.$/);
  });

  it("says nothing of peers but how it came out", () => {
    const compared = policyWith({
      metrics: "  place: { rank: late_rate, among: region, of at least: 2 peers, title: Place among all }\n",
      tiers: "  - good: { when: place >= 90 % }\n  - poor: { when: place is known, adverse: true }",
    });
    const rows = [9, 77].flatMap((late, index) =>
      Array.from({ length: 10 }, (_, week) => ({
        entity: "ab"[index] ?? "",
        period: first + week,
        measures: { orders: 100, late },
        attributes: { region: "North" },
      })),
    );
    const panel = panelFromRows({ schema, rows });
    const chunk = panel.readChunk(0);
    const [own, other] = [0, 1].map((entity) => entityHistory(panel.schema, chunk, entity));
    const [mine, theirs] = [present(own, "a history"), present(other, "a history")];
    const peers = gatherPeers(compared, panel.schema, [mine, theirs]);
    const text = textOf(present(letterOf(compared, schema, mine, { to: last, isInForce: true, peers }), "a letter"));
    expect(text)
      .to.include("compared with others like you")
      .and.not.to.match(/77|peers/);
    expect(text).to.include("no single number of yours can be named");
  });

  it("says how to appeal only where the policy takes appeals into account", () => {
    const ledger = policyWith({
      rest: `ledgers:
  penalty:
    start: 0 points
    lines:
      - { when event: violation, add: event.points }
    take back: { when event: appeal_granted, of: violation }
    expire: after 90 days
`,
      tiers: "  - good: { when: penalty <= 5 points }\n  - poor: { when: penalty is known, adverse: true }",
    });
    const text = textOf(present(letterOf(ledger, schema, history, { to: last, isInForce: true }), "a letter"));
    expect(text).to.include("You may appeal").and.to.include("Appeal granted").and.to.include("Penalty: ");
    expect(textOf(letter)).not.to.include("appeal");
  });

  it("says of a proposal that it is not in force, and is not written before the first evaluation", () => {
    expect(textOf(present(letterOf(plain, schema, history, { to: last, isInForce: false }), "a letter"))).to.include("is not in force");
    expect(letterOf(plain, schema, history, { to: first - 1, isInForce: true })).to.equal(undefined);
  });

  it("is text in Markdown", () => {
    const text = letterMarkdown(letter, "a_b <i>\n# c [x](y)");
    expect(text).to.include("# Shop \\*rules\\*, version 1.0.0").and.to.include("To: a\\_b &lt;i&gt; \\# c \\[x\\](y)");
  });
});

describe("the course of a metric", () => {
  const history = historyOf([1, 1, 1, 9, 9, 9, 9, 2, 2, 2]);

  it("holds what the evaluator measured at each evaluation, with its volume", () => {
    const [course] = metricCourses(plain, schema, history, { from: first, to: last });
    const rows = evaluateEntity(plain, schema, history).filter(({ evaluated }) => evaluated);
    expect(course?.points.map(({ value }) => value)).to.deep.equal(rows.map(({ metrics }) => metrics["late_rate"]));
    expect(course?.points.at(-1)).to.include({ volume: 200 });
  });

  it("holds the numbers that tiers compare with, and those of the curve that scores it", () => {
    const scored = policyWith({
      rest: "scores:\n  speed: { from: late_rate, curve: [0 % -> 100, 20 % -> 0] }\n",
      tiers: "  - good: { when: late_rate <= 5 % and speed >= 60 }\n  - poor: { when: late_rate is known, adverse: true }",
    });
    const courses = metricCourses(scored, schema, history, { from: first, to: last });
    expect(courses.map(({ name }) => name)).to.deep.equal(["speed", "late_rate"]);
    expect(courses.map(({ lines }) => lines.map(({ value, kind }) => `${kind} ${value}`))).to.deep.equal([
      ["tier 60"],
      ["tier 0.05", "score 0", "score 0.2"],
    ]);
  });

  it("says why a value is missing", () => {
    const [course] = metricCourses(plain, schema, historyOf([1, 1], 3), { from: first, to: last });
    expect(course?.points.every(({ value, missing }) => value === undefined && (missing ?? "") !== "")).to.equal(true);
  });

  it("leaves out evaluations before the range", () => {
    const [course] = metricCourses(plain, schema, history, { from: last - 1, to: last });
    expect(course?.points).to.have.length(2);
  });
});
