/** What is compiled once for all that replay it. */
import { expect } from "chai";
import { compileItem } from "../../policies/compile/index.ts";
import { panelOf } from "./histories.ts";
import { policyOf, sum, tier } from "./policy-parts.ts";

describe("a compiled policy", () => {
  const { schema } = panelOf({ a: { measures: { orders: [4, 1], bad: [1, 0] } } });
  const policyWith = (days: number) =>
    policyOf({ metrics: [sum("m", "bad", { kind: "days", count: days })], tiers: [tier("all", undefined)] });

  it("is the same again for a policy and a schema of the same content, in fresh objects as a thread is told of them", () => {
    const policy = policyWith(28);
    const compiled = compileItem(policy, schema);
    expect(compileItem(policy, schema)).to.equal(compiled);
    expect(compileItem(structuredClone(policy), structuredClone(schema))).to.equal(compiled);
  });

  it("is another one for other numbers, or another panel", () => {
    const compiled = compileItem(policyWith(28), schema);
    expect(compileItem(policyWith(35), schema)).not.to.equal(compiled);
    expect(compileItem(policyWith(28), { ...schema, lastPeriod: schema.lastPeriod + 1 })).not.to.equal(compiled);
  });

  it("is forgotten when others were compiled since", () => {
    const compiled = compileItem(policyWith(28), schema);
    for (const days of [7, 14, 21, 35]) compileItem(policyWith(days), schema);
    expect(compileItem(policyWith(28), schema)).not.to.equal(compiled);
  });
});
