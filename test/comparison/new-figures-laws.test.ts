/** The laws of design section 4 on the whole comparison, figure by figure, whatever figures there are. */
import { expect } from "chai";
import { lastDayOf } from "../../data/foundation/index.ts";
import { type CandidateComparison, type Comparison, compare } from "../../simulations/comparison/index.ts";
import { firstPeriod, label, letterPolicy, panelOf, type SmallMarket, type SmallSeller, source } from "./small-market.ts";

const periods = 10;
const letters = "gswru";
const [baseline, candidate] = [letterPolicy("baseline"), letterPolicy("candidate")];

/** 60 sellers with every pair of tiers, gaps in what was assigned, entries and exits. */
function market(parts: Partial<SmallMarket> = {}): SmallMarket {
  const sellers: Record<string, SmallSeller> = {};
  const outcomes = [];
  for (let index = 0; index < 60; index++) {
    const first = index % 11 === 0 ? 3 : 0;
    const length = periods - first - (index % 13 === 0 ? 2 : 0);
    const walk = (step: number) =>
      Array.from({ length }, (_, at) => letters[(index * step + Math.floor(at / 3) * step) % 5] ?? "u").join("");
    const name = `s${String(index).padStart(2, "0")}`;
    const assigned = walk(3).replace(/^./, index % 4 === 0 ? "-" : "g");
    sellers[name] = {
      baseline: walk(1),
      candidate: walk(2),
      assigned,
      first,
      gmv: Array.from({ length }, (_, at) => 100 * index + at),
      orders: Array.from({ length }, () => index),
      state: index % 2 === 0 ? "SP" : "RJ",
    };
    for (let period = first; period < first + length - 2; period++)
      if ((index + period) % 2 === 0) outcomes.push(label(name, "bad", period, index % 5 === 0 ? 1 : 0, 21));
  }
  return { sellers, periods, outcomes, sources: [source("bad")], ...parts };
}

function run(small: SmallMarket, options: { swapped?: boolean; same?: boolean; to?: number } = {}): Comparison {
  const [one, two] = options.swapped === true ? [candidate, baseline] : [baseline, options.same === true ? baseline : candidate];
  return compare({
    baseline: one,
    candidates: [two],
    panel: panelOf(small),
    seed: 3,
    replicates: 100,
    ...(options.to === undefined ? {} : { to: firstPeriod + options.to }),
  });
}

function only({ candidates: [first] }: Comparison): CandidateComparison {
  if (first === undefined) throw new Error("no candidate");
  return first;
}

/** Every leaf of a value, with its path. */
function leaves(value: unknown, path = ""): readonly (readonly [string, unknown])[] {
  if (value === null || typeof value !== "object") return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, `${path}.${key}`));
}

const whole = run(market());

describe("laws of every figure of the comparison", () => {
  it("missing is missing: no NaN, no infinity, no null, no absent value, no bigint anywhere", () => {
    for (const [path, value] of leaves(whole)) {
      expect(["string", "number", "boolean"], path).to.include(typeof value);
      if (typeof value === "number") expect(Number.isFinite(value), path).to.equal(true);
    }
    for (const [path, value] of leaves(run(market({ outcomes: [] }))))
      if (typeof value === "number") expect(Number.isFinite(value), path).to.equal(true);
  });

  it("null reform: every change and every count of movers is exactly 0, whatever it is called", () => {
    const moving =
      /(^|\.)(movers|up|down|newlyAdverse|released|everDiffered|differingEntityPeriods|afterFirstDivergence|intoUnrated|outOfUnrated)$/;
    const changing = /^\.errors\..*([cC]hange\.value|ChangeBounds\.(lower|upper)\.value)$|^\.gmv\.(lower|higher|atStake|other)\.value$/;
    let seen = 0;
    for (const [path, value] of leaves(only(run(market(), { same: true })))) {
      if (!moving.test(path) && !changing.test(path)) continue;
      seen++;
      expect(value, path).to.equal(0);
    }
    expect(seen).to.be.greaterThan(20);
  });

  it("antisymmetry: a swap flips signed differences and exchanges newly with released, up with down, baseline with candidate", () => {
    const exchanged: Readonly<Record<string, string>> = { newlyAdverse: "released", released: "newlyAdverse", up: "down", down: "up" };
    const there = new Map(leaves(only(whole)));
    const back = new Map(leaves(only(run(market(), { swapped: true }))));
    let [counts, signed] = [0, 0];
    for (const [path, value] of there) {
      const last = path.split(".").at(-1) ?? "";
      const other = exchanged[last];
      if (
        other !== undefined &&
        typeof value === "number" &&
        !path.startsWith(".range") &&
        /^\.(movement|newly|released|segments|stability)/.test(path)
      ) {
        const mirrored = path.slice(0, path.length - last.length) + other;
        expect(back.get(mirrored), path).to.equal(value);
        counts++;
      }
      if (path.endsWith(".falsePositiveChange.value")) {
        expect(back.get(path), path).to.equal(0 - (value as number));
        signed++;
      }
    }
    expect([counts > 20, signed > 0]).to.deep.equal([true, true]);
    const [first, second] = [only(whole), only(run(market(), { swapped: true }))];
    expect(second.movement.matrix).to.deep.equal(
      first.movement.columns.map((_, column) => first.movement.matrix.map((row) => row[column])),
    );
    for (const [index, { coverage }] of (first.stability?.labels ?? []).entries()) {
      const mirrored = second.stability?.labels[index]?.coverage;
      const rest = ({ entities, labelled, fine }: (typeof coverage)[number]) => ({ entities, labelled, fine });
      expect(mirrored?.map(rest)).to.deep.equal(
        [coverage[0], coverage[2], coverage[1], coverage[3]].map((row) => (row === undefined ? row : rest(row))),
      );
    }
  });

  it("additivity: groups of labels sum to the frame, classes to those that part, tables to their totals", () => {
    const { stability, errors } = only(whole);
    for (const { coverage } of [...(stability?.labels ?? []), ...errors])
      for (const { entities, labelled, fine } of coverage) expect([labelled <= entities, fine <= labelled]).to.deep.equal([true, true]);
    const { range, end, classes = [] } = whole.assigned ?? {};
    expect(classes.reduce((sum, { entityPeriods }) => sum + entityPeriods, 0)).to.equal((range?.total ?? 0) - (range?.agreeing ?? 0));
    for (const table of [range, end]) expect(table?.counts.flat().reduce((sum, count) => sum + count, 0)).to.equal(table?.total);
    expect([range?.total, range?.agreeing]).to.deep.equal([
      whole.panel.assignedAgreement?.entityPeriods,
      whole.panel.assignedAgreement?.agreeing,
    ]);
  });

  it("no look-ahead: a history that ends earlier gives the same figures up to its end", () => {
    const cut = 6;
    const small = market();
    const shorten = (text: string | undefined, first = 0) => (text ?? "").slice(0, cut + 1 - first);
    const sellers = Object.fromEntries(
      Object.entries(small.sellers).map(([name, one]) => [
        name,
        {
          ...one,
          baseline: shorten(one.baseline, one.first),
          candidate: shorten(one.candidate, one.first),
          assigned: shorten(one.assigned, one.first),
        },
      ]),
    );
    const early = run({ ...small, sellers, periods: cut + 1, outcomes: [], sources: [] });
    const late = run({ ...small, outcomes: [], sources: [] }, { to: cut });
    for (const field of ["movement", "distribution", "range", "newlyAdverse", "released", "stability"] as const)
      expect(only(early)[field], field).to.deep.equal(only(late)[field]);
    expect(early.assigned?.range.counts).to.deep.equal(late.assigned?.range.counts);
  });

  it("two clocks: what becomes known after the pin changes nothing", () => {
    const knownAt = lastDayOf("week", firstPeriod + periods - 1);
    const small = market({ knownAt });
    const later = (small.outcomes ?? []).map((fact) => ({ ...fact, harmful: 1 as const, knownDay: knownAt + 10 }));
    const text = (comparison: Comparison) => JSON.stringify({ ...comparison, panel: { ...comparison.panel, digest: "" } });
    expect(text(run({ ...small, outcomes: [...(small.outcomes ?? []), ...later] }))).to.equal(text(run(small)));
  });

  it("order is irrelevant: chunks and the order of rows change no byte", () => {
    const small = market();
    const reversed = { ...small, sellers: Object.fromEntries(Object.entries(small.sellers).reverse()), chunkEntities: 7 };
    const text = (comparison: Comparison) => JSON.stringify({ ...comparison, panel: { ...comparison.panel, digest: "" } });
    expect(text(run(reversed))).to.equal(text(whole));
  });
});
