/** The audit plan: as few as will do, where they tell most; the list that anybody can draw again; the holdout under its cap. */
import { expect } from "chai";
import fc from "fast-check";
import { present, randomStream } from "../../data/foundation/index.ts";
import { drawAudits } from "../../simulations/comparison/audits/audit-draw.ts";
import { planAudits } from "../../simulations/comparison/audits/audit-plan.ts";
import { stratify } from "../../simulations/comparison/audits/audit-strata.ts";
import { planHoldout } from "../../simulations/comparison/audits/holdout.ts";
import { collectComparison } from "../../simulations/comparison/collect-comparison.ts";
import { type AuditGoal, type AuditPlan, compare, listAudits } from "../../simulations/comparison/index.ts";
import { allocateUnits, stratifiedVariance } from "../../simulations/statistics/index.ts";
import { label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

const goal: AuditGoal = { halfWidth: 0.02, rateHalfWidth: 0.03, minimum: 2, prior: "labels", level: 0.95 };

describe("an allocation to strata", () => {
  it("is Neyman's for one figure: units in proportion to N S, with the finite population counted", () => {
    const sizes = [4000, 1000, 500];
    const spreads = [1, 4, 9];
    const variance = 200_000;
    const drawn = allocateUnits({ sizes, targets: [{ unitVariances: spreads, variance }], minimum: 1 });
    // n = (sum N S)² / (V + sum N S²), shared as N S.
    const products = sizes.map((size, index) => size * Math.sqrt(spreads[index] as number));
    const sum = products.reduce((a, b) => a + b, 0);
    const whole = sum ** 2 / (variance + sizes.reduce((a, size, index) => a + size * (spreads[index] as number), 0));
    for (const [index, units] of drawn.entries()) expect(units).to.be.closeTo((whole * (products[index] as number)) / sum, 1.5);
    expect(drawn.reduce((a, b) => a + b, 0)).to.be.within(Math.floor(whole), Math.ceil(whole) + 1);
  });

  it("meets every figure with as few units as a search through all allocations finds", () => {
    const small = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 3, maxLength: 3 }),
      first: fc.array(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 }),
      second: fc.array(fc.double({ min: 0.01, max: 4, noNaN: true }), { minLength: 3, maxLength: 3 }),
      allowed: fc.tuple(fc.double({ min: 0.5, max: 60, noNaN: true }), fc.double({ min: 0.5, max: 60, noNaN: true })),
    });
    fc.assert(
      fc.property(small, ({ sizes, first, second, allowed }) => {
        const targets = [
          { unitVariances: first, variance: allowed[0] },
          { unitVariances: second, variance: allowed[1] },
        ];
        const drawn = allocateUnits({ sizes, targets, minimum: 1 });
        const isMet = (units: readonly number[]): boolean =>
          targets.every(({ unitVariances, variance }) => stratifiedVariance(sizes, unitVariances, units) <= variance * (1 + 1e-9));
        expect(isMet(drawn)).to.equal(true);
        const [a, b, c] = sizes as [number, number, number];
        let fewest = Number.POSITIVE_INFINITY;
        for (let i = 1; i <= a; i++)
          for (let j = 1; j <= b; j++) for (let k = 1; k <= c; k++) if (i + j + k < fewest && isMet([i, j, k])) fewest = i + j + k;
        expect(drawn.reduce((sum, units) => sum + units, 0)).to.be.at.most(fewest + 1);
      }),
      { numRuns: 60 },
    );
  });
});

describe("an audit plan", () => {
  const strata = [
    { group: "both", size: "all", entities: 400, labelled: 60, fine: 24 },
    { group: "newly", size: "all", entities: 250, labelled: 40, fine: 28 },
    { group: "released", size: "all", entities: 90, labelled: 20, fine: 15 },
    { group: "neither", size: "all", entities: 6000, labelled: 700, fine: 672 },
  ] as const;

  it("keeps the half-widths that were asked for, and needs more audits for narrower ones", () => {
    let before = 0;
    for (const halfWidth of [0.03, 0.01, 0.005, 0.002]) {
      const plan = present(planAudits(strata, { ...goal, halfWidth, rateHalfWidth: 0.05 }), "a plan");
      expect(plan.change.halfWidth).to.be.at.most(halfWidth * (1 + 1e-9));
      expect(plan.baseline.halfWidth).to.be.at.most(0.05);
      expect(plan.audits).to.be.at.least(before);
      before = plan.audits;
    }
  });

  it("is the census when nothing may be left open, and turns with the policies", () => {
    const census = present(planAudits(strata, { ...goal, halfWidth: 0, rateHalfWidth: 1 }), "a plan");
    expect(census.audits).to.equal(census.frame);
    expect(census.change.halfWidth).to.equal(0);
    const turned = strata.map((stratum) => ({
      ...stratum,
      group: stratum.group === "newly" ? ("released" as const) : stratum.group === "released" ? ("newly" as const) : stratum.group,
    }));
    const [straight, swapped] = [present(planAudits(strata, goal), "a plan"), present(planAudits(turned, goal), "a plan")];
    expect(swapped.change.expected).to.be.closeTo(-straight.change.expected, 1e-12);
    expect(swapped.baseline.expected).to.be.closeTo(straight.candidate.expected, 1e-12);
    expect(swapped.audits).to.equal(straight.audits);
  });

  it("needs no audit of the change under the null reform", () => {
    const plan = present(planAudits([{ ...strata[0] }, { ...strata[3] }], { ...goal, rateHalfWidth: 1 }), "a plan");
    expect(plan.change).to.include({ expected: 0, halfWidth: 0 });
    expect(plan.audits).to.equal(2 * goal.minimum);
  });

  it("gives what it promises: the half-width and the coverage, over worlds with the supposed shares", () => {
    const plan = present(planAudits(strata, { ...goal, halfWidth: 0.01, rateHalfWidth: 0.02 }), "a plan");
    const stream = randomStream(11, "audit worlds");
    // One finite population with the supposed shares.
    const fine = plan.strata.map(({ entities, prior }) => Math.round(entities * prior));
    const truth = ((fine[1] as number) - (fine[2] as number)) / fine.reduce((sum, count) => sum + count, 0);
    let [covered, width] = [0, 0];
    const worlds = 2000;
    for (let world = 0; world < worlds; world++) {
      const { value, halfWidth } = auditOnce(plan, fine, (of, marked, drawn) => hypergeometric(() => stream.uniform(), of, marked, drawn));
      if (Math.abs(value - truth) <= halfWidth) covered++;
      width += halfWidth / worlds;
    }
    // Monte Carlo error of the coverage: 0.5 points.
    expect(covered / worlds).to.be.within(0.93, 0.97);
    expect(width).to.be.within(0.9 * plan.change.halfWidth, 1.05 * plan.change.halfWidth);
  });
});

/** Marked ones among `drawn` of `of` that hold `marked`, drawn one by one. */
function hypergeometric(uniform: () => number, of: number, marked: number, drawn: number): number {
  let [left, found] = [marked, 0];
  for (let i = 0; i < drawn; i++) {
    if (uniform() * (of - i) < left) {
      left--;
      found++;
    }
  }
  return found;
}

/** The change of the false-positive rate from audits by plan, with its interval by the usual linearisation: written anew. */
function auditOnce(plan: AuditPlan, fine: readonly number[], draw: (of: number, marked: number, drawn: number) => number) {
  const found = plan.strata.map(({ entities, audits }, index) => draw(entities, fine[index] as number, audits));
  const weight = { both: 0, newly: 1, released: -1, neither: 0 };
  const totals = plan.strata.map(({ entities, audits }, index) => (entities * (found[index] as number)) / audits);
  const whole = totals.reduce((sum, total) => sum + total, 0);
  const value = plan.strata.reduce((sum, { group }, index) => sum + weight[group] * (totals[index] as number), 0) / whole;
  let variance = 0;
  for (const [index, { group, entities, audits }] of plan.strata.entries()) {
    const share = (found[index] as number) / audits;
    const spread = (share * (1 - share) * audits) / (audits - 1);
    variance += entities ** 2 * (1 / audits - 1 / entities) * spread * ((weight[group] - value) / whole) ** 2;
  }
  return { value, halfWidth: 1.959963984540054 * Math.sqrt(variance) };
}

/** Sellers held adverse under both, one or neither policy, small and large, some labelled. */
function market(chunkEntities?: number): SmallMarket {
  const tiers = ["ww", "sw", "ws", "ss"] as const;
  const entries = Array.from({ length: 240 }, (_, index): [string, SmallSeller] => {
    const [baseline, candidate] = (tiers[index % 4] ?? "ss").split("") as [string, string];
    return [`s${String(index).padStart(3, "0")}`, { baseline, candidate, orders: [index % 3 === 0 ? 700 : 10] }];
  });
  return {
    sellers: Object.fromEntries(entries),
    sources: [source("audit", { kind: "state", role: "audit", horizonDays: 0, lagDays: 0 })],
    outcomes: entries.flatMap(([key], index) => (index % 5 === 0 ? [label(key, "audit", 0, index % 10 === 0 ? 1 : 0)] : [])),
    ...(chunkEntities === undefined ? {} : { chunkEntities }),
  };
}

function listed(parts: { chunkEntities?: number; seed?: number; halfWidth?: number } = {}) {
  const options = {
    baseline: letterPolicy("baseline"),
    candidates: [letterPolicy("candidate")],
    panel: panelOf(market(parts.chunkEntities)),
    seed: 1,
    replicates: 50,
  };
  const asked = { ...goal, halfWidth: parts.halfWidth ?? 0.1, rateHalfWidth: 0.2 };
  const request = { candidate: 0, goal: asked, holdout: { halfWidth: 0.1, shareMax: 0.1 }, seed: parts.seed ?? 7 };
  return { list: present(listAudits(options, request), "a list"), options };
}

describe("a list of audits", () => {
  it("holds of each stratum as many as planned, each once, with its probability", () => {
    const { list, options } = listed();
    expect(list.entities.length).to.equal(list.plan.audits);
    expect(new Set(list.entities.map(({ entity }) => entity)).size).to.equal(list.plan.audits);
    for (const { group, size, audits, entities } of list.plan.strata) {
      const drawn = list.entities.filter((one) => one.group === group && one.size === size);
      expect(drawn.map(({ place }) => place)).to.deep.equal(Array.from({ length: audits }, (_, index) => index + 1));
      expect(drawn.every(({ probability }) => probability === audits / entities)).to.equal(true);
      expect(drawn.every(({ entity }) => present(options.panel.readChunk(0).entities, "keys").includes(entity))).to.equal(true);
    }
  });

  it("is the same for everybody: not a byte differs by chunks, and another seed draws others", () => {
    const { list } = listed();
    expect(listed({ chunkEntities: 7 }).list).to.deep.equal(list);
    expect(listed({ seed: 8 }).list.entities).to.not.deep.equal(list.entities);
  });

  it("only grows when the interval must be narrower", () => {
    const wide = new Set(listed({ halfWidth: 0.1 }).list.entities.map(({ entity }) => entity));
    const narrow = new Set(listed({ halfWidth: 0.02 }).list.entities.map(({ entity }) => entity));
    expect(narrow.size).to.be.above(wide.size);
    expect([...wide].every((entity) => narrow.has(entity))).to.equal(true);
  });

  it("draws everybody of a stratum equally often", () => {
    const { options } = listed();
    const { plan: fixed, collected } = collectComparison(options);
    const strata = stratify(fixed, collected, 0);
    const plan = present(planAudits(strata.strata, { ...goal, halfWidth: 1, rateHalfWidth: 1, minimum: 4 }), "a plan");
    const times = new Map<string, number>();
    const seeds = 600;
    for (let seed = 0; seed < seeds; seed++) {
      for (const { entity } of drawAudits({ plan, strata, collected, panel: options.panel, seed }))
        times.set(entity, (times.get(entity) ?? 0) + 1);
    }
    expect(times.size).to.equal(240);
    // 4 drawn of 20 or of 40; of 240 counts the furthest strays at most 4.5 standard deviations.
    for (const { group, size, audits, entities } of plan.strata) {
      const share = audits / entities;
      const error = 4.5 * Math.sqrt((share * (1 - share)) / seeds);
      const members = drawAudits({
        plan: { ...plan, strata: plan.strata.map((one) => ({ ...one, audits: one.entities })) },
        strata,
        collected,
        panel: options.panel,
        seed: 1,
      });
      for (const { entity } of members.filter((one) => one.group === group && one.size === size))
        expect((times.get(entity) ?? 0) / seeds, entity).to.be.within(share - error, share + error);
    }
  });

  it("is planned from the counts that the comparison keeps", () => {
    const { list, options } = listed();
    const kept = compare(options).candidates[0]?.audits?.plan?.strata ?? [];
    const counts = ({ group, size, entities, labelled, fine }: (typeof kept)[number]) => ({ group, size, entities, labelled, fine });
    expect(list.plan.strata.map(counts)).to.deep.equal(kept.map(counts));
  });
});

describe("a holdout", () => {
  const stratum = { group: "both", size: "all", entities: 1000, labelled: 0, fine: 0, prior: 0.6, audits: 0, probability: 0 } as const;

  it("is as large as the half-width asks, with the finite population counted, and no larger than the cap", () => {
    const planned = present(planHoldout([stratum], { version: "2", level: 0.95, halfWidth: 0.05, shareMax: 0.1 }), "a holdout");
    // n0 = 1.96² x 0.24 / 0.0025 = 368.8; n = 368.8 / (1 + 367.8 / 1000) = 269.6.
    expect(planned).to.include({ wanted: 270, allowed: 100, size: 100, rounds: 3 });
    expect(planned.harmfulLeftAlone).to.be.closeTo(40, 1e-9);
    expect(planned.halfWidth).to.be.closeTo(1.96 * Math.sqrt((0.24 / 100) * (900 / 999)), 1e-4);
  });

  it("leaves nobody alone where the cap allows nobody, and needs somebody adverse", () => {
    const few = planHoldout([{ ...stratum, entities: 5 }], { version: "2", level: 0.95, halfWidth: 0.05, shareMax: 0.1 });
    expect(few).to.include({ size: 0, allowed: 0 });
    expect(few).to.not.have.property("halfWidth");
    expect(planHoldout([{ ...stratum, group: "released" }], { version: "2", level: 0.95, halfWidth: 0.05, shareMax: 0.1 })).to.equal(
      undefined,
    );
  });
});
