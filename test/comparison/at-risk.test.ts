/** Early warning: counted against the letters themselves, fitted against R, and never wiser than its date. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { packagePath } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import {
  collectEvaluations,
  fates,
  featureCount,
  featureNames,
  type PolicyEvaluations,
} from "../../simulations/comparison/at-risk/collect-evaluations.ts";
import { fitLogistic, riskOf } from "../../simulations/comparison/at-risk/logistic-fit.ts";
import { adverseLine } from "../../simulations/comparison/at-risk/plan-at-risk.ts";
import { alarmBudget, casesMin, walkForward } from "../../simulations/comparison/at-risk/walk-forward.ts";
import { type AtRisk, compare, planComparison } from "../../simulations/comparison/index.ts";
import { replay } from "../../simulations/replay/index.ts";
import { firstPeriod, letterPolicy, panelOf, type SmallMarket, wandering } from "./small-market.ts";

const horizon = 8;
const isAdverse = (letter: string | undefined): boolean => letter === "w" || letter === "r";

function optionsOf(panel: Panel) {
  return { baseline: letterPolicy("baseline"), candidates: [letterPolicy("candidate")], panel, seed: 3, replicates: 60 };
}

/** The collected evaluations of the baseline with the keys of their entities, chunk by chunk. */
function evaluationsOf(market: SmallMarket): { readonly evaluations: PolicyEvaluations; readonly keys: readonly string[] } {
  const panel = panelOf(market);
  const plan = planComparison(optionsOf(panel));
  const found: PolicyEvaluations[] = [];
  const keys: string[] = [];
  replay({
    policies: plan.policies,
    panel,
    visit: (chunk, frames) => {
      found.push(...collectEvaluations(plan.atRisk, plan, chunk, frames).slice(0, 1));
      keys.push(...chunk.entities);
    },
  });
  const [evaluations] = found;
  if (evaluations === undefined || found.length > 1) throw new Error("one chunk is expected");
  return { evaluations, keys };
}

function walkedOf(market: SmallMarket) {
  const { evaluations, keys } = evaluationsOf(market);
  const [walked] = evaluations.walked;
  if (walked === undefined) throw new Error("nothing walked");
  return { walked, keys };
}

function atRiskOf(market: SmallMarket): AtRisk {
  const { atRisk } = compare(optionsOf(panelOf(market)));
  if (atRisk === undefined) throw new Error("no early warning");
  return atRisk;
}

describe("the logistic fit", () => {
  const rows = 60;
  const values = Float64Array.from({ length: rows * 3 }, (_, at) => {
    const i = Math.floor(at / 3);
    return at % 3 === 0 ? ((i * 7) % 11) / 10 : at % 3 === 1 ? ((i * 5) % 13) - 6 : Number(i % 4 === 0);
  });
  const outcome = Uint8Array.from({ length: rows }, (_, i) =>
    ((i * 17) % 23) + 4 * (values[i * 3] as number) - (values[i * 3 + 1] as number) > 13 ? 1 : 0,
  );
  const file = packagePath("test/comparison/references/at-risk/logistic.json");
  const reference = JSON.parse(readFileSync(file, "utf8")) as Record<"none" | "one" | "ten", number[]>;

  for (const [name, ridge] of [
    ["none", 0],
    ["one", 1],
    ["ten", 10],
  ] as const) {
    it(`gives what R gives with a ridge of ${ridge}`, () => {
      const fit = fitLogistic({ values, columns: 3, outcome, rows }, ridge);
      expect(fit.isConverged).to.equal(true);
      for (const [index, expected] of reference[name].entries()) expect(fit.coefficients[index]).to.be.closeTo(expected, 1e-9);
    });
  }

  it("comes to the same from another start, and leaves out what is neither", () => {
    const start = Float64Array.of(1, -1, 0.5, 2);
    const fit = fitLogistic({ values, columns: 3, outcome, rows }, 1, start);
    for (const [index, expected] of reference.one.entries()) expect(fit.coefficients[index]).to.be.closeTo(expected, 1e-9);
    const more = { values: Float64Array.of(...values, 9, 9, 9), columns: 3, outcome: Uint8Array.of(...outcome, 2), rows: rows + 1 };
    expect(fitLogistic(more, 1).coefficients).to.deep.equal(fitLogistic({ values, columns: 3, outcome, rows }, 1).coefficients);
  });

  it("has a maximum where the classes are apart, and fits the mean risk exactly", () => {
    const apart = { values: Float64Array.of(0, 1, 2, 3), columns: 1, outcome: Uint8Array.of(0, 0, 1, 1), rows: 4 };
    const { coefficients, isConverged } = fitLogistic(apart, 1);
    expect(isConverged).to.equal(true);
    const mean = [0, 1, 2, 3].reduce((sum, row) => sum + riskOf(coefficients, apart.values, row), 0) / 4;
    expect(mean).to.be.closeTo(0.5, 1e-9);
  });
});

describe("the line of the adverse tiers", () => {
  it("is absent where tiers do not compare the score", () => {
    expect(adverseLine(letterPolicy("baseline"))).to.equal(undefined);
  });

  it("is the least score of the worst tier that is not adverse, number or parameter, among what `and` joins", () => {
    const policy = letterPolicy("baseline");
    const score = { kind: "reference", to: "score", name: "overall" } as const;
    const known = { kind: "known", operand: score } as const;
    const line = { kind: "compare", operator: ">=", left: score, right: { kind: "reference", to: "parameter", name: "line" } } as const;
    const parameters = [{ name: "line", title: "Line", unit: "number", value: 65 }] as const;
    const tiers = policy.tiers.map((tier, code) =>
      code === 1 ? { ...tier, when: { kind: "logic", operator: "and", left: known, right: line } as const } : tier,
    );
    expect(adverseLine({ ...policy, parameters, tiers })).to.deep.equal({ tier: "watch", score: 65 });
    const conditions = [{ name: "good", title: "Good", expression: line }] as const;
    const through = { kind: "reference", to: "condition", name: "good" } as const;
    const named = policy.tiers.map((tier, code) => (code === 1 ? { ...tier, when: through } : tier));
    expect(adverseLine({ ...policy, parameters, conditions, tiers: named })).to.deep.equal({ tier: "watch", score: 65 });
    const turned = { kind: "compare", operator: "<", left: { kind: "number", value: 40, unit: "number" }, right: score } as const;
    expect(adverseLine({ ...policy, tiers: policy.tiers.map((tier) => ({ ...tier, when: turned })) })).to.deep.equal({
      tier: "watch",
      score: 40,
    });
  });
});

describe("evaluations that were not adverse", () => {
  it("are followed by the letters that come: hit with its lead, none, exit, or not yet known", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(6), fc.string({ unit: fc.constantFrom("g", "s", "w", "u"), minLength: 1, maxLength: 16 })), {
          minLength: 1,
          maxLength: 8,
        }),
        (paths) => {
          const periods = Math.max(...paths.map(([first, path]) => first + path.length));
          const sellers = Object.fromEntries(
            paths.map(([first, path], index) => [`s${index}`, { baseline: path, candidate: path, first }]),
          );
          const { walked, keys } = walkedOf({ sellers, periods });
          const expected = paths.flatMap(([first, path], index) =>
            Array.from(path).flatMap((letter, at) => {
              if (isAdverse(letter)) return [];
              const ahead = Array.from(path.slice(at + 1, at + 1 + horizon)).findIndex(isAdverse) + 1;
              const isOpen = first + at + horizon > periods - 1;
              const fate = isOpen ? fates.open : ahead > 0 ? fates.hit : at + horizon > path.length - 1 ? fates.exit : fates.none;
              return [{ key: `s${index}`, period: firstPeriod + first + at, lead: ahead, fate }];
            }),
          );
          const found = Array.from(walked.period, (period, at) => ({
            key: keys[walked.entity[at] as number],
            period,
            lead: walked.lead[at],
            fate: walked.fate[at],
          }));
          expect(found).to.deep.equal(expected.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.period - b.period)));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("carry score, slope, age, volume and what was adverse before", () => {
    const { walked } = walkedOf({ sellers: { a: { baseline: "gsgwss", candidate: "gsgwss", orders: [1, 2, 3, 4, 5, 6] } } });
    const at = (row: number, name: (typeof featureNames)[number]) => walked.features[row * featureCount + featureNames.indexOf(name)];
    expect(Array.from(walked.period, (period) => period - firstPeriod)).to.deep.equal([0, 1, 2, 4, 5]);
    expect([0, 1, 2].map((row) => at(row, "margin"))).to.deep.equal([25, 50, 25]);
    expect(Number.isNaN(at(0, "slope"))).to.equal(true);
    expect(at(1, "slope")).to.equal(25);
    // Scores 50, 25, 75, 50: the least-squares slope by hand is 5.
    expect(at(3, "slope")).to.be.closeTo(5, 1e-5);
    expect([2, 3, 4].map((row) => at(row, "recentlyAdverse"))).to.deep.equal([0, 1, 1]);
    expect(at(4, "age")).to.be.closeTo(Math.log(6), 1e-6);
    expect(at(4, "volume")).to.be.closeTo(Math.log(22), 1e-6);
  });
});

describe("the walk through history", () => {
  const market = wandering(120, 28);

  it("raises no alarm that history after its date could change", () => {
    const whole = walkedOf(market);
    const walk = walkForward(whole.walked, horizon);
    const raised = (found: typeof whole, walked = walkForward(found.walked, horizon)) =>
      new Map(
        Array.from(found.walked.period, (period, at) => [
          `${found.keys[found.walked.entity[at] as number]} ${period}`,
          [walked.risk[at], walked.alarm[at]],
        ]),
      );
    const all = raised(whole, walk);
    for (const length of [13, 24]) {
      const sellers = Object.entries(market.sellers).flatMap(([key, seller]) => {
        const kept = length - (seller.first ?? 0);
        if (kept <= 0) return [];
        return [[key, { ...seller, baseline: seller.baseline.slice(0, kept), candidate: seller.candidate.slice(0, kept) }] as const];
      });
      const cut = raised(walkedOf({ sellers: Object.fromEntries(sellers), periods: length }));
      for (const [evaluation, alarm] of cut) expect(all.get(evaluation), evaluation).to.deep.equal(alarm);
      const expected = Array.from(whole.walked.period).filter((period) => period < firstPeriod + length).length;
      expect(cut.size).to.equal(expected);
    }
    expect(walk.dates.some(({ alarms }) => alarms > 0)).to.equal(true);
  });

  it("fits nothing before enough outcomes are complete, then alarms as many by score as by risk", () => {
    const { walked } = walkedOf(market);
    const { dates, alarm, order } = walkForward(walked, horizon);
    for (const { period, start, end, alarms } of dates) {
      const complete = Array.from(walked.period.keys()).filter((at) => (walked.period[at] as number) + horizon < period);
      const hits = complete.filter((at) => walked.fate[at] === fates.hit).length;
      const misses = complete.filter((at) => walked.fate[at] === fates.none).length;
      const budget = hits < casesMin || misses < casesMin ? 0 : Math.max(1, Math.floor((end - start) * alarmBudget));
      expect(alarms).to.equal(budget);
      const own = Array.from(order.subarray(start, end), (at) => alarm[at] as number);
      expect(own.filter((bits) => (bits & 1) !== 0)).to.have.length(budget);
      expect(own.filter((bits) => (bits & 2) !== 0)).to.have.length(budget);
    }
  });

  it("gives records that are sums of its dates", () => {
    for (const policy of atRiskOf(market).policies) {
      const measured = policy.dates.flatMap(({ alarms, outcome }) => (alarms === 0 || outcome === undefined ? [] : [outcome]));
      const sum = (of: (outcome: (typeof measured)[number]) => number) => measured.reduce((total, outcome) => total + of(outcome), 0);
      expect(sum(({ hitsAlarmed }) => hitsAlarmed)).to.equal(policy.model.hits);
      expect(sum(({ hitsPlain }) => hitsPlain)).to.equal(policy.plain.hits);
      expect(sum(({ hits }) => hits)).to.equal(policy.hits);
      expect(sum(({ exits }) => exits)).to.equal(policy.exits);
      const { eligible, measured: counted, beforeModel, open } = policy.evaluations;
      expect(counted + policy.exits + beforeModel + open).to.equal(eligible);
      expect(policy.calibration.reduce((total, group) => total + group.evaluations, 0)).to.equal(counted);
      expect(policy.calibration.reduce((total, group) => total + group.hits, 0)).to.equal(policy.hits);
      expect(policy.model.precision).to.deep.include({ kind: "estimate", value: policy.model.hits / policy.model.alarms });
      expect(policy.recallGain).to.deep.include({ kind: "estimate", value: (policy.model.hits - policy.plain.hits) / policy.hits });
      const alarmsAndExits = policy.dates.reduce((total, { alarms, outcome }) => total + (outcome === undefined ? 0 : alarms), 0);
      expect(policy.model.alarms + policy.model.exits).to.equal(alarmsAndExits);
    }
  });

  it("predicts as often as it happens where risk depends on the tier alone, and finds those in standard", () => {
    const [policy] = atRiskOf(wandering(300, 34, 2)).policies;
    const predicted = (policy?.calibration ?? []).reduce((sum, group) => sum + group.predicted * group.evaluations, 0);
    expect(predicted / (policy?.hits ?? 0)).to.be.within(0.9, 1.1);
    expect(policy?.now.listed.filter(({ hasAlarm }) => hasAlarm).every(({ tier }) => tier === "standard")).to.equal(true);
  });

  it("is the same whatever the chunks, and for a policy beside another or itself", () => {
    const text = (entities: number | undefined) =>
      JSON.stringify(atRiskOf(entities === undefined ? market : { ...market, chunkEntities: entities }));
    expect(text(7)).to.equal(text(undefined));
    const panel = panelOf(market);
    const itself = compare({ ...optionsOf(panel), candidates: [letterPolicy("baseline")] }).atRisk;
    expect(itself?.policies[1]).to.deep.equal(itself?.policies[0]);
    const swapped = compare({ ...optionsOf(panel), baseline: letterPolicy("candidate"), candidates: [letterPolicy("baseline")] }).atRisk;
    expect(swapped?.policies.toReversed()).to.deep.equal(atRiskOf(market).policies);
  });

  it("says why there is no figure where too little has happened", () => {
    const { policies } = atRiskOf({ sellers: { a: { baseline: "ggw", candidate: "ggg" } } });
    expect(policies[0]?.model.precision).to.deep.include({ kind: "undetermined" });
    expect(policies[0]).to.deep.include({
      calibration: [],
      factors: [],
      evaluations: { eligible: 2, measured: 0, beforeModel: 2, open: 0 },
    });
    expect(policies[1]?.now).to.deep.include({ eligible: 1, alarms: 0, listed: [] });
  });
});
