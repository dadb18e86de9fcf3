/** Trace and letter of one seller under a policy that uses every noun of the language. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { InvariantBroken, packagePath, present } from "../../data/foundation/index.ts";
import { accountOf, evaluateEntity, explainEntity, gatherPeers, type Trace } from "../../policies/explain/index.ts";
import { type TableHistory, tableHistory, tableSchema } from "./table-history.ts";
import { dayOfTable, type TablePolicy, tablePolicy } from "./table-policy.ts";

const schema = tableSchema();

const { policy: everything, ...seller } = parse(readFileSync(packagePath("test", "explain", "everything.yaml"), "utf8")) as TableHistory & {
  readonly policy: TablePolicy;
};

const policy = tablePolicy(everything);
const history = tableHistory(seller);
const peers = gatherPeers(policy, schema, [history, tableHistory(seller, "b")]);

function traceOn(day: string): Trace {
  return explainEntity(policy, schema, history, dayOfTable(day), { peers });
}

function linesOf(text: string): readonly string[] {
  return text
    .replaceAll("\u00a0", " ")
    .split("\n")
    .map((line) => line.trim());
}

describe("trace of a seller under the whole language", () => {
  const evaluation = present(traceOn("2024-01-28").evaluation, "evaluation");
  const metric = (name: string) => evaluation.metrics.find((candidate) => candidate.name === name);

  it("says which window was chosen, and why", () => {
    expect(metric("rate")?.window).to.deep.equal({
      from: "2024-01-15",
      to: "2024-01-28",
      periods: 2,
      chosen: "the last 2 periods, because orders over the last 2 periods (450) is at least 400",
    });
    expect(metric("buyers")?.window?.chosen).to.equal("back until orders reached 500");
  });

  it("keeps what each kind of metric came from", () => {
    expect(metric("rate")?.bound).to.deep.equal({ side: "lower", level: 0.95, raw: 11 / 450 });
    expect(metric("alike")).to.deep.include({ value: 2, alike: { field: "kind", value: "spam" } });
    expect(metric("alike")?.events?.map(({ id, value }) => [id, value])).to.deep.equal([
      ["v1", "spam"],
      ["v0", "fake"],
      ["v2", "spam"],
    ]);
    expect(metric("buyers")?.distinct).to.deep.equal({ field: "buyer", values: ["y"] });
    expect(metric("slow")?.percentile).to.deep.equal({ part: 0.9, rank: 3, count: 3 });
    expect(metric("main")).to.deep.include({ value: 0, text: "toys" });
    expect(metric("main")?.sums).to.deep.equal([
      { text: "art", sum: 200 },
      { text: "toys", sum: 550 },
    ]);
    expect(metric("failing")).to.deep.include({ value: 21, run: { condition: "fails", since: "2024-01-08" } });
    expect(metric("rank")?.peers).to.deep.equal({
      of: "Slow answers",
      ofUnit: "hours",
      own: 4,
      group: "toys",
      count: 2,
      countMin: 2,
      below: 0,
      equal: 2,
    });
    expect(metric("ratio")).to.deep.include({ missing: "there are too few to compare with" });
    expect(metric("health")?.within).to.deep.equal({ lower: 0, upper: 1000, raw: -1300 });
  });

  it("gives the ledger entry by entry", () => {
    const [ledger] = evaluation.ledgers;
    expect(ledger).to.deep.include({ start: 0, unclipped: 15, value: 15 });
    expect(ledger?.entries.slice(0, 2)).to.deep.equal([
      { line: 1, day: "2024-01-03", expires: "2024-07-01", amount: 4, event: { kind: "violation", id: "v1" } },
      { line: 4, day: "2024-01-08", expires: "2024-07-06", amount: 1 },
    ]);
    expect(ledger?.made).to.deep.equal([{ line: 3, day: "2024-01-29", expires: "2024-07-27", amount: 1 }]);
    expect(ledger?.lines.map(({ sum, counted }) => [sum, counted])).to.deep.equal([
      [8, 8],
      [8, 8],
      [3, 2],
      [1, 1],
    ]);
    const earlier = traceOn("2024-01-21").evaluation?.ledgers[0];
    expect(earlier?.takenBack).to.deep.equal([
      { line: 1, day: "2024-01-04", expires: "2024-07-02", amount: 2, event: { kind: "violation", id: "v0" } },
    ]);
  });

  it("gives what carries over, and what keeps the tier from the merited one", () => {
    const { uncapped, merited, held, reason, protection, caps, after, before } = evaluation;
    expect({ uncapped, merited, held, reason }).to.deep.equal({
      uncapped: "frozen",
      merited: "frozen",
      held: "limited",
      reason: "protect",
    });
    expect(protection).to.deep.equal({
      tier: "limited",
      event: "guarantee paid",
      knownOn: "2024-01-18",
      turnedAway: true,
      until: "2024-05-17",
      volume: { sum: 1, count: 10, unit: "count", words: "sales" },
    });
    expect(caps[0]).to.deep.include({ tier: "frozen", value: true, decides: false, lifted: ["Violations alike is below 2 (it is 2)"] });
    expect(before.ledgers[0]?.counted).to.deep.equal([{ line: 3, multiples: 2 }]);
    expect(after.ledgers[0]?.counted).to.deep.equal([{ line: 3, multiples: 3 }]);
    expect(after.runs).to.deep.equal([{ name: "failing", since: "2024-01-08" }]);
    expect(after.holds).to.deep.equal([
      { tier: "limited", adverse: true, until: "2024-02-19" },
      { tier: "frozen", adverse: true, until: "2024-02-05" },
    ]);
  });

  it("shows a hold that an event shortened", () => {
    const { shortened, before, after } = present(traceOn("2024-02-04").evaluation, "evaluation");
    expect(shortened).to.deep.equal([
      { tier: "limited", event: "quiz passed", knownOn: "2024-01-30", from: "2024-02-19", until: "2024-02-12" },
    ]);
    expect([before.holds[0]?.until, after.holds[0]?.until]).to.deep.equal(["2024-02-19", "2024-02-12"]);
  });

  it("becomes a letter that says what was counted, what runs out when, and what is asked for", () => {
    expect(linesOf(accountOf(traceOn("2024-01-28")))).to.include.members([
      "At the evaluation of 29 Jan 2024, which looked at everything up to 28 Jan 2024, the numbers merited frozen; limited is held. guarantee paid of 18 Jan 2024 protects: nothing worse than limited is shown until 17 May 2024 or until sales since then reaches 10 (now 1), whichever is first.",
      "- Buyers hurt: 1; from 8 Jan 2024 to 28 Jan 2024: back until orders reached 500; known on 12 Jan 2024; different values of buyer: y.",
      "- Slow answers: 4 hours; 90 % of the periods are at or below it, the 3rd smallest of 3; from 1 Jan 2024 to 28 Jan 2024.",
      "- Failing for: 21 days; “fails” is true since 8 Jan 2024.",
      "- Speed among peers: 50 %; Slow answers is 4 hours, among 2 peers in toys: 0 below and 2 equal, itself among them.",
      "- Health: 0; (200 minus (Penalty points times 100)); kept from 0 to 1,000, \u22121,300 by itself.",
      "- Penalty points: 15 points; it starts at 0 points.",
      "Line 3 (deducts 1 for every 200 of orders, at most 2 in all) deducts 2 points, the most that counts, of 3 points: 1 point of 15 Jan 2024, 1 point of 22 Jan 2024, 1 point of 29 Jan 2024.",
      "- Limited asks: Penalty points is below Points line (MX 6 points, BR 8 points). This does not hold.",
      "Penalty points is below 6 points: no",
      "- Violations alike is at least 2, so at most frozen. That changes nothing here.",
      "- Clear: Penalty points is below 3 (it is 15 points).",
      "- Clear: Violations alike is below 2 (it is 2).",
      "- 2 evaluations in a row merited worse than limited; 1 is needed, so the tier moves down once nothing keeps it.",
      "- Restricted until 19 Feb 2024: limited is held at least until then.",
      "- The hold of frozen runs until 5 Feb 2024.",
      "- Your 12 points of Penalty points expire on 10 Jul 2024.",
      "- The 1 point deducted of Penalty points expires on 13 Jul 2024.",
    ]);
    expect(linesOf(accountOf(traceOn("2024-02-04")))).to.include(
      "- quiz passed of 30 Jan 2024 moved the end of limited from 19 Feb 2024 to 12 Feb 2024.",
    );
  });

  it("is plain data", () => {
    const trace = traceOn("2024-01-28");
    expect(JSON.parse(JSON.stringify(trace))).to.deep.equal(trace);
  });

  it("without peers a policy that compares with them is a broken invariant", () => {
    expect(() => evaluateEntity(policy, schema, history)).to.throw(InvariantBroken, "compares with peers");
    expect(() => explainEntity(policy, schema, history, dayOfTable("2024-01-28"))).to.throw(InvariantBroken);
  });

  it("without anything to compare there are no peer values, and none are needed", () => {
    const plain = tablePolicy({ metrics: { code: { kind: "last", measure: "code" } } });
    expect(gatherPeers(plain, schema, [history]).size).to.equal(0);
    expect(evaluateEntity(plain, schema, history)).to.have.length(5);
  });

  it("gathers the values of each period and group, ascending", () => {
    const compared = tablePolicy({
      metrics: {
        code: { kind: "last", measure: "code" },
        m: { kind: "rank", of: "metric:code", among: "attribute:market", peersMin: 1 },
      },
    });
    const one = tableHistory({ attributes: { market: "MX" }, rows: { code: [5, null] } }, "one");
    const two = tableHistory({ attributes: { market: "MX" }, rows: { code: [3, 1] } }, "two");
    const three = tableHistory({ attributes: { market: null }, rows: { code: [4, 4] } }, "three");
    const { period } = present(one.rows[0], "row");
    expect(gatherPeers(compared, schema, [one, two, three])).to.deep.equal(
      new Map([
        [
          "m",
          new Map([
            [period, new Map([["MX", Float64Array.of(3, 5)]])],
            [period + 1, new Map([["MX", Float64Array.of(1)]])],
          ]),
        ],
      ]),
    );
  });
});
