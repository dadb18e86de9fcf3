/** The vector kernels where they do something of their own: rounding in doubt, numbers that leave the integers, moved parameters, blocks. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { type OutcomeFrame, type Panel, panelFromRows } from "../../data/panel/index.ts";
import { compilePolicy, livePolicy } from "../../policies/compile/index.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";
import { panelOf } from "./histories.ts";

const text = `programme: halves
version: 1.0.0
title: Halves
entity: seller
rationale: Averages that lie on a half, and lines that move.
parameters:
  line: { value: 50, range: 0 to 100 }
  weight: { value: 1, range: 0.5 to 4 }
  zero: { value: 4, range: 2 to 20 }
metrics:
  left: { sum: lefts, over: 1 periods }
  right: { sum: rights, over: 3 periods }
  ratio: { share: lefts of rights, over: 4 periods, at_least: 2 rights }
scores:
  first: { from: left, curve: [0 -> 0, 100 -> 100] }
  second: { from: right, curve: [0 -> 100, zero -> 0] }
  third: { from: ratio, curve: [0 % -> 0, 30 % -> 41, 100 % -> 100], round: 4 }
  inner: { weighted: { first: weight, second: 1 }, round: 3 }
  outer: { weighted: { inner: 1, third: 1, first: 2 }, missing: share out, round: 0 }
conditions:
  rated: outer is known
tiers:
  - top: { when: rated and outer >= line }
  - middle: { when: rated and inner >= 20 }
  - low: { when: rated, adverse: true, hold: 14 days }
otherwise: nowhere
movement:
  evaluate: every week
  promote: { after: 2 evaluations, by: 1 tier }
  demote: { after: 3 evaluations }
`;

describe("vector kernels", () => {
  const policy = read(text);
  // Several blocks.
  const panel = market(500, 61);
  before(() => expect(panel.rowCount).to.be.greaterThan(8_192));

  it("agree with the plain ones where averages lie on halves, row lengths are odd and blocks end anywhere", () => {
    const columns = ["outer", "inner", "third", "rated", "ratio"];
    const [vector, plain] = [false, true].map((isPlain) => framesOf(policy, panel, { isPlain, columns }));
    expect(compilePolicy(policy, panel.schema).kernelPlan(columns)).to.deep.equal({ form: "vector", plainColumns: [] });
    expect(vector).to.deep.equal(plain);
    // Without the columns only the outer score is asked for, and its parts are provisional.
    expect(framesOf(policy, panel, { isPlain: false })).to.deep.equal(framesOf(policy, panel, { isPlain: true }));
    const halves = (vector ?? []).flatMap((frame) => [...(frame.columns.get("inner") ?? [])].filter((value) => value % 1 === 0.5));
    expect(halves.length).to.be.greaterThan(100);
  });

  it("agree with the plain ones where a curve is too steep, too far from 0, for its parts to be provisional", () => {
    const steep = read(text.replace("[0 -> 0, 100 -> 100]", "[40 -> 0, 40.000001 -> 100]"));
    expect(compilePolicy(steep, panel.schema).kernelPlan()).to.deep.equal({ form: "vector", plainColumns: [] });
    expect(framesOf(steep, panel, { isPlain: false })).to.deep.equal(framesOf(steep, panel, { isPlain: true }));
  });

  it("give a chunk back to the plain ones when a sum may have left the integers, which then refuse it or not", () => {
    const high = 2 ** 52;
    const fits = panelOf({ a: { measures: { lefts: [high, 0, 0, 0, 0, high - 1], rights: [1, 1, 1, 1, 1, 1] } } });
    expect(framesOf(policy, fits, { isPlain: false })).to.deep.equal(framesOf(policy, fits, { isPlain: true }));
    const beyond = panelOf({ a: { measures: { lefts: [high, high, high], rights: [1, 1, 1] } } });
    expect(() => framesOf(policy, beyond, { isPlain: false })).to.throw(/limit|beyond|more than/i);
  });

  it("show the same in memory that is used again, whatever the frame was", () => {
    const small = market(7, 9);
    const compiled = compilePolicy(policy, panel.schema);
    for (const { from, to } of [
      { from: panel, to: small },
      { from: small, to: panel },
    ]) {
      const reuse = compilePolicy(policy, from.schema).run(from.readChunk(0));
      const own = to === panel ? compiled : compilePolicy(policy, to.schema);
      expect(own.run(to.readChunk(0), { reuse })).to.deep.equal(own.run(to.readChunk(0)));
      const plain = compilePolicy(policy, to.schema, { plain: true });
      const again = compilePolicy(policy, from.schema).run(from.readChunk(0));
      expect(plain.run(to.readChunk(0), { reuse: again })).to.deep.equal(plain.run(to.readChunk(0)));
    }
  });

  for (const [name, values] of [
    ["line", [0, 33, 50, 51, 100]],
    ["weight", [0.5, 1, 1.75, 3.25]],
    ["zero", [2, 3, 7, 20]],
  ] as const) {
    it(`follow ${name} without being compiled again`, () => {
      const live = livePolicy(policy, panel.schema, new Set([name]));
      expect(live, "a live form").to.not.equal(undefined);
      const chunk = panel.readChunk(0);
      const columns = compilePolicy(policy, panel.schema).run(chunk, { columns: live?.columns ?? [] }).columns;
      for (const value of values) {
        const moved = withValue(policy, name, value);
        const held = new Int8Array(chunk.rowCount);
        const run = { chunk, to: panel.schema.lastPeriod, columns };
        const isLive = live?.held(moved, run, ({ from, held: block }) => held.set(block, from));
        expect(isLive).to.equal(true);
        expect([...held], `${name} ${value}`).to.deep.equal([...compilePolicy(moved, panel.schema, { plain: true }).run(chunk).held]);
      }
    });
  }

  it("leave alone who merits what was merited before", () => {
    const chunk = panel.readChunk(0);
    for (const [name, from, to] of [
      ["line", 60, 60],
      ["line", 60, 70],
      ["line", 30, 90],
      ["zero", 7, 7],
      ["zero", 7, 2.5],
      ["zero", 3, 30],
    ] as const) {
      const live = livePolicy(policy, panel.schema, new Set([name]));
      const columns = compilePolicy(policy, panel.schema).run(chunk, { columns: live?.columns ?? [] }).columns;
      const frameOf = (value: number) => compilePolicy(withValue(policy, name, value), panel.schema).run(chunk);
      const { held, merited: before } = frameOf(from);
      const after = frameOf(to);
      const run = { chunk, to: panel.schema.lastPeriod, columns, before: { policy: withValue(policy, name, from), merited: before } };
      live?.held(withValue(policy, name, to), run, (block) => {
        for (let entity = block.first; entity < block.next; entity++) {
          const [begin, end] = [chunk.rowStart[entity] as number, chunk.rowStart[entity + 1] as number];
          const differs = before.subarray(begin, end).some((tier, row) => tier !== after.merited[begin + row]);
          expect(block.isMoved[entity - block.first], `${name} of ${chunk.entities[entity]} from ${from} to ${to}`).to.equal(
            differs ? 1 : 0,
          );
          if (differs) held.set(block.held.subarray(begin - block.from, end - block.from), begin);
        }
      });
      expect([...held]).to.deep.equal([...after.held]);
    }
  });

  it("say so when a moved parameter needs another kernel", () => {
    const live = livePolicy(policy, panel.schema, new Set(["weight"]));
    const run = { chunk: panel.readChunk(0), to: panel.schema.lastPeriod, columns: new Map() };
    expect(live?.held(withValue(policy, "weight", -1), run, () => undefined)).to.equal(false);
    const late = read(text.replace("[0 -> 100, zero -> 0]", "[1.5 -> 100, zero -> 0]"));
    const steep = livePolicy(late, panel.schema, new Set(["zero"]));
    expect(steep?.held(withValue(late, "zero", 1.5000001), run, () => undefined)).to.equal(false);
  });

  it("compute only what depends on what moves", () => {
    expect(livePolicy(policy, panel.schema, new Set(["line"]))?.columns.toSorted()).to.deep.equal(["inner", "outer", "rated"]);
    expect(livePolicy(policy, panel.schema, new Set(["zero"]))?.columns.toSorted()).to.deep.equal(["first", "right", "third"]);
  });
});

function read(source: string): Policy {
  const { policy, diagnostics } = readPolicy({ file: "halves.yaml", text: source, load: () => undefined });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics));
  return policy;
}

function withValue(policy: Policy, name: string, value: number): Policy {
  return {
    ...policy,
    parameters: policy.parameters.map((parameter) =>
      parameter.name === name && parameter.by === undefined ? { ...parameter, value } : parameter,
    ),
  };
}

function framesOf(
  policy: Policy,
  panel: Panel,
  { isPlain, columns = [] }: { isPlain: boolean; columns?: readonly string[] },
): OutcomeFrame[] {
  const compiled = compilePolicy(policy, panel.schema, { plain: isPlain });
  return Array.from({ length: panel.chunkCount }, (_, index) => compiled.run(panel.readChunk(index), { columns }));
}

/** Sellers of small counts, so that averages are simple fractions; they come and go. */
function market(sellers: number, periods: number): Panel {
  const stream = randomStream(5, "halves");
  const { schema } = panelOf({ a: { measures: { lefts: [1], rights: [1] } } });
  const rows = Array.from({ length: sellers }, (_, seller) => {
    const [first, length] = [stream.below(periods), 1 + stream.below(periods)];
    return Array.from({ length: Math.min(length, periods - first) }, (__, index) => ({
      entity: `s${String(seller).padStart(4, "0")}`,
      period: schema.firstPeriod + first + index,
      measures: { lefts: stream.below(100), rights: stream.below(6) },
      attributes: {},
    }));
  }).flat();
  return panelFromRows({ schema: { ...schema, lastPeriod: schema.firstPeriod + periods - 1 }, rows });
}
