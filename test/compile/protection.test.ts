/** Events that shorten a hold, and events that protect. Evaluations are Mondays from 2024-01-08. */
import { expect } from "chai";
import type { Movement, Policy } from "../../policies/language/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { panelOf, runOn, type TestEvent, tiersOn } from "./histories.ts";
import { binary, byRegion, last, named, number, parameter, policyOf, tier } from "./policy-parts.ts";

const ladder = ["gold", "silver", "bronze", "watch", "closed"];

function policyFor(movement: Partial<Movement>, rest: Readonly<Record<string, object>> = {}, more: Partial<Policy> = {}): Policy {
  return policyOf({
    metrics: [last("merit", "merit")],
    tiers: ladder.map((name, code) => tier(name, binary("metric:merit", "=", code), { adverse: code > 2, ...rest[name] })),
    otherwise: "none",
    movement: { evaluate: { kind: "every", unit: "week" }, promote: { after: 1 }, demote: { after: 1 }, ...movement },
    ...more,
  });
}

/** Tiers held and the marks of one seller whose merits are given by name. */
function moved(policy: Policy, merits: string, events: readonly TestEvent[], orders: readonly number[] = []) {
  const names = merits.split(" ");
  const measures = {
    merit: names.map((name) => (name === "none" ? null : ladder.indexOf(name))),
    orders: names.map((_, row) => orders[row] ?? 0),
  };
  const panel = panelOf({ a: { measures, events, attributes: { region: "MX" } } }, { levels: ["merit"] });
  const { held, shielded, promoteCount, demoteCount } = runOn(policy, panel);
  return {
    held: tiersOn(policy, held).join(" "),
    shielded: shielded.join(""),
    promote: promoteCount.join(""),
    demote: demoteCount.join(""),
  };
}

const known = (...days: string[]) => days.map((day) => ({ kind: "warning", known: day }));

describe("holds that events shorten", () => {
  const policy = policyFor({}, { bronze: { holdDays: 28, shorten: { event: "warning", days: 7 } } });
  const merits = "gold bronze gold gold gold gold gold";

  it("end so many days earlier for each event while they run", () => {
    // Entered on 15 January, free on 12 February; then a week, and two weeks earlier.
    expect(moved(policy, merits, []).held).to.equal("gold bronze bronze bronze bronze gold gold");
    expect(moved(policy, merits, known("2024-01-16")).held).to.equal("gold bronze bronze bronze gold gold gold");
    expect(moved(policy, merits, known("2024-01-16", "2024-01-17")).held).to.equal("gold bronze bronze gold gold gold gold");
  });

  it("are not shortened by what was known when they began, by other kinds, or when an event comes after their end", () => {
    expect(moved(policy, merits, known("2024-01-03", "2024-01-14")).held).to.equal("gold bronze bronze bronze bronze gold gold");
    expect(moved(policy, merits, [{ kind: "violation", known: "2024-01-16" }]).held).to.equal("gold bronze bronze bronze bronze gold gold");
    // Two events: the first two days before the shortened end make it 29 January; the last one is after it.
    const late = known("2024-01-22", "2024-01-23", "2024-01-30");
    expect(moved(policy, merits, late).held).to.equal("gold bronze bronze gold gold gold gold");
  });

  it("leave the answer how long the start matters the same as three whole runs", () => {
    const measures = { merit: [0, 2, 0, 0, 0, 0, 0] };
    const panel = panelOf({ a: { measures, events: known("2024-01-16") } }, { levels: ["merit"] });
    const runs = [undefined, 0, 4].map((startTier) => runOn(policy, panel, startTier === undefined ? {} : { startTier }).held);
    const differs = measures.merit.findLastIndex((_, row) => new Set(runs.map((held) => held[row])).size > 1);
    expect(replay({ policies: [policy], panel, visit: () => undefined }).policies[0]?.startMatters.periods).to.equal(differs + 1);
  });
});

describe("protection", () => {
  const protect = { event: "warning", tier: "silver", days: 14 } as const;

  it("holds no worse tier for so many days from the day that the event was known; demotions count on", () => {
    // Known on Tuesday 9 January: until before 23 January, so at the evaluations of 15 and 22 January.
    const result = moved(policyFor({ protect }), "bronze watch watch watch gold", known("2024-01-09"));
    expect(result).to.deep.equal({ held: "bronze silver silver watch gold", shielded: "01100", promote: "00000", demote: "01200" });
  });

  it("moves neither who merits better nor who is off the ladder, and counts only what is worse than its tier", () => {
    expect(moved(policyFor({ protect }), "gold silver gold", known("2024-01-02")).held).to.equal("gold silver gold");
    expect(moved(policyFor({ protect }), "watch none watch", known("2024-01-09")).held).to.equal("watch none silver");
    const slow = policyFor({ protect: { ...protect, days: 7 }, demote: { after: 2 }, promote: { after: 3 } });
    // Bronze is held and silver merited: protected up to silver, nothing counts.
    expect(moved(slow, "bronze silver silver", known("2024-01-09"))).to.include({
      held: "bronze silver silver",
      demote: "000",
      promote: "000",
    });
  });

  it("comes after hold and shield, and before a hold begins; terminal tiers are never left", () => {
    const held = policyFor({ protect }, { watch: { holdDays: 70 }, silver: { holdDays: 14 } });
    // The hold of watch from 8 January runs on beneath; silver's own begins on 15 January.
    expect(moved(held, "watch gold gold gold", known("2024-01-09")).held).to.equal("watch silver silver watch");
    const closed = policyFor({ protect }, { closed: { terminal: true } });
    expect(moved(closed, "closed gold", known("2024-01-02")).held).to.equal("silver gold");
    expect(moved(closed, "closed gold", known("2024-01-09")).held).to.equal("closed closed");
  });

  it("lasts until a sum over the periods that began after that day reaches its count, or the days are over", () => {
    const until = { of: named("orders"), count: number(5) };
    const merits = "bronze bronze bronze bronze bronze";
    const at = (more: Partial<Required<Movement>["protect"]>, orders: readonly number[], ...days: string[]) =>
      moved(policyFor({ protect: { event: "warning", tier: "silver", ...more } }), merits, known(...days), orders).held.replaceAll(
        "bronze",
        "-",
      );
    // Known on Tuesday 9 January: the orders of that week are before it. Then 3, 2, 9: reached at the fourth evaluation.
    expect(at({ until }, [9, 9, 3, 2, 9], "2024-01-09")).to.equal("- silver silver - -");
    expect(at({ until, days: 7 }, [9, 9, 3, 2, 9], "2024-01-09")).to.equal("- silver - - -");
    // A later event protects anew.
    expect(at({ until }, [9, 9, 3, 2, 1], "2024-01-09", "2024-01-23")).to.equal("- silver silver silver silver");
    expect(at({ until }, [9, 9, 3, 2, 9], "2024-01-09", "2024-01-23")).to.equal("- silver silver silver -");
  });

  it("takes a count that depends on a text; without the text there is none", () => {
    const until = { of: named("orders"), count: parameter("enough") };
    const policy = (region: string) =>
      policyFor({ protect: { event: "warning", tier: "silver", until } }, {}, { parameters: [byRegion("enough", { [region]: 2 })] });
    expect(moved(policy("MX"), "bronze bronze bronze", known("2024-01-02"), [0, 1, 1]).held).to.equal("silver silver bronze");
    expect(moved(policy("BR"), "bronze bronze bronze", known("2024-01-02"), [0, 1, 1]).held).to.equal("bronze bronze bronze");
  });

  it("leaves the answer how long the start matters the same as three whole runs", () => {
    const policy = policyFor({ protect, promote: { after: 2 }, demote: { after: 2 } });
    const merit = [1, 4, 1, 4, 1, 4, 0, 0, 0];
    const panel = panelOf({ a: { measures: { merit }, events: known("2024-01-16") } }, { levels: ["merit"] });
    const runs = [undefined, 0, 4].map((startTier) => runOn(policy, panel, startTier === undefined ? {} : { startTier }).held);
    const differs = merit.findLastIndex((_, row) => new Set(runs.map((held) => held[row])).size > 1);
    expect(replay({ policies: [policy], panel, visit: () => undefined }).policies[0]?.startMatters.periods).to.equal(differs + 1);
  });
});
