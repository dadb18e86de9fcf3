/** The generator of random policies draws the whole language, and only what the checker lets pass. */
import { expect } from "chai";
import fc, { type GeneratorValue } from "fast-check";
import { type Diagnostic, formatDiagnostic, hasErrors } from "../../data/foundation/index.ts";
import { checkAgainstPanel, type Policy, printPolicy, readPolicy } from "../../policies/language/index.ts";
import { Draw } from "./draw.ts";
import { features } from "./features.ts";
import { featuresOf } from "./features-of.ts";
import { runs } from "./parity.ts";
import { drawAnyPolicy, drawCase } from "./random-case.ts";

describe("random policies", () => {
  it("draw every feature of the language often", () => {
    const counts = new Map(features.map((feature) => [feature, 0]));
    const count = (g: GeneratorValue): void => {
      const draw = new Draw(g);
      for (const feature of featuresOf(drawAnyPolicy(draw, draw.pick(["week", "month", "day"])))) {
        if (counts.has(feature)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
      }
    };
    fc.assert(fc.property(fc.gen(), count), { numRuns: 2_000, seed: 4, endOnFailure: true });
    const rare = [...counts].filter(([, found]) => found <= 20).map(([feature, found]) => `${feature}: ${found}`);
    expect(rare, rare.join("\n")).to.deep.equal([]);
  });

  it("are what the checker lets pass, and read back from their print as they were", () => {
    const readsBack = (g: GeneratorValue): void => {
      const { policy, schema } = drawCase(g);
      const text = printPolicy(policy);
      const { policy: read, diagnostics } = readPolicy({ text, file: "drawn.yaml", load: () => undefined });
      const found = read === undefined ? diagnostics : [...diagnostics, ...checkAgainstPanel(read, schema)];
      if (hasErrors(found)) throw new Error(`${errorsOf(found)}\n${text}`);
      if (read === undefined) throw new Error("no policy, and no error");
      expect(withoutUnits(read), text).to.deep.equal(withoutUnits(policy));
      expect(printPolicy(read)).to.equal(text);
    };
    fc.assert(fc.property(fc.gen(), readsBack), runs(300, 5));
  });
});

/** What reading adds of its own: the digest, and units and currencies, which a policy without a panel only infers from use. */
function withoutUnits({ digest: _digest, metrics, ledgers, ...rest }: Policy): object {
  const strip = <T extends { readonly unit: unknown; readonly currency?: string }>({
    unit: _unit,
    currency: _currency,
    ...part
  }: T): object => part;
  return { ...rest, metrics: metrics.map(strip), ledgers: ledgers.map(strip) };
}

function errorsOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(formatDiagnostic)
    .join("\n");
}
