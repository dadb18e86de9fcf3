/** Whom another value of a moved parameter can reach: values between anchors that stay, and nobody else. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { PanelChunk } from "../../data/panel/index.ts";
import { outOfReach, reachBetween } from "../../policies/compile/live-reach.ts";
import { type Policy, readPolicy } from "../../policies/language/index.ts";

const text = `
programme: p
version: 1.0.0
title: T
rationale: R
entity: seller
parameters:
  low: { value: 2 % }
  middle: { value: 10 % }
  good: { value: 90 }
  line: { value: 50 }
metrics:
  late: { share: late_dispatches of orders, over: 28 days }
scores:
  first: { from: late, curve: [low -> good, 5 % -> 80, middle -> 50, 30 % -> 20, 40 % -> 0] }
tiers:
  - a: { when: first >= line }
  - b: {}
movement: { evaluate: every week }
`;

describe("the reach of a moved parameter", () => {
  const { policy: read, diagnostics } = readPolicy({ text, file: "p/1.0.0.yaml", load: () => undefined });
  const policy = present(read, JSON.stringify(diagnostics));
  const at = (values: Readonly<Record<string, number>>): Policy => ({
    ...policy,
    parameters: policy.parameters.map((parameter) =>
      parameter.by === undefined ? { ...parameter, value: values[parameter.name] ?? parameter.value } : parameter,
    ),
  });
  const between = (moved: readonly string[], values: Readonly<Record<string, number>>) =>
    reachBetween(policy, new Set(moved), new Set(["late"]))?.(policy, at(values));

  it("lies between the anchors that stay", () => {
    expect(between(["middle"], { middle: 0.12 })).to.deep.equal([{ column: "late", lower: 0.05, upper: 0.3 }]);
    expect(between(["low"], { low: 0.03 })).to.deep.equal([{ column: "late", lower: Number.NEGATIVE_INFINITY, upper: 0.05 }]);
    expect(between(["good"], { good: 95 })).to.deep.equal([{ column: "late", lower: Number.NEGATIVE_INFINITY, upper: 0.05 }]);
    expect(between(["good", "middle"], { good: 95, middle: 0.2 })).to.deep.equal([
      { column: "late", lower: Number.NEGATIVE_INFINITY, upper: 0.3 },
    ]);
  });

  it("is nothing where nothing moves", () => {
    expect(between(["middle"], {})).to.deep.equal([]);
  });

  it("is everybody where more than curves over columns that stand reads the parameter", () => {
    expect(between(["line"], { line: 60 })).to.equal(undefined);
    expect(between(["middle", "line"], { middle: 0.12 })).to.equal(undefined);
    expect(reachBetween(policy, new Set(["middle"]), new Set())).to.equal(undefined);
  });

  it("leaves out who has no value in it, and who has none at all", () => {
    const chunk = { entityCount: 4, rowStart: Int32Array.of(0, 2, 4, 5, 7) } as PanelChunk;
    const late = Float64Array.of(0.01, 0.049, 0.3, Number.NaN, Number.NaN, 0.01, 0.05);
    const outside = outOfReach(chunk, new Map([["late", late]]), [{ column: "late", lower: 0.05, upper: 0.3 }]);
    expect([...outside]).to.deep.equal([1, 1, 1, 0]);
  });
});
