/** Cases of a policy that reads amounts in another currency than its panel's: the file gives the rates. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { formatDiagnostic, packagePath, present } from "../../data/foundation/index.ts";
import { type CasesOutcome, readCases, runCases } from "../../policies/cases/index.ts";
import { readPolicy } from "../../policies/language/index.ts";

const textOf = (file: string): string => readFileSync(packagePath("test", "cases", file), "utf8");
const cases = textOf("currency.cases.yaml");
const { policy } = readPolicy({ text: textOf("currency.yaml"), file: "currency.yaml", load: () => undefined });

/** What is changed in the file of cases, and the fault that must be found: line:column code, and words of it. */
const faults: readonly (readonly [find: string, put: string, found: string, says: string])[] = [
  ["currency: BRL\n", "", "5:3 missing-key", "rates are from the currency of the cases"],
  ["date: 2024-01-14", "date: 2024-02-30", "6:13 bad-form", "not a day"],
  ["to: USD, rate: 0.25", "to: usd, rate: 0.25", "6:29 bad-form", "'usd' is not a currency"],
  ["to: USD, rate: 0.25", "to: BRL, rate: 0.25", "6:29 bad-form", "the amounts are in BRL already"],
  ["rate: 0.25", "rate: 0", "6:40 out-of-range", "a rate is above 0"],
  ["rate: 0.25", "rate: a quarter", "6:40 bad-form", "a rate"],
  [", rate: 0.25", "", "6:5 missing-key", "rate"],
  ["2024-01-14, to", "2024-01-01, to", "7:5 duplicate-name", "a rate to USD of that day stands above"],
  ["gmv: 200.04", "gmv: 200.04 USD", "11:49 currency-mismatch", "'gmv' is in BRL, and '200.04 USD' in USD"],
  ["sales: 40.01 USD", "sales: 40.01 BRL", "13:34 currency-mismatch", "'sales' is in USD, and '40.01 BRL' in BRL"],
];

describe("cases in another currency", () => {
  it("convert each period at its own rate", () => {
    const { passed, failures, diagnostics } = outcomeOf(cases);
    expect(diagnostics.map(formatDiagnostic)).to.deep.equal([]);
    expect({ passed, failures }).to.deep.equal({ passed: 1, failures: [] });
  });

  it("say what was found in the currency of each number", () => {
    const { failures } = outcomeOf(cases.replace("100.02 USD, takings: 400.08 BRL", "100.03 USD, takings: 400.09 BRL"));
    expect(failures.map(({ found }) => found)).to.deep.equal(["100.02 USD", "400.08 BRL"]);
    const [tier] = outcomeOf(cases.replace("sales: 90.02 USD, tier: rest", "tier: top")).failures;
    expect(tier?.why).to.include("Sales is at least 100.00 USD (it is 90.02 USD)");
  });

  it("lack the rates when they begin late or are not there, and say where they belong", () => {
    for (const [find, put] of [
      ["2024-01-01, to", "2024-01-10, to"],
      ["rates:\n  - { date: 2024-01-14, to: USD, rate: 0.25 }\n  - { date: 2024-01-01, to: USD, rate: 0.2 }\n", ""],
    ] as const) {
      const [fault, ...others] = outcomeOf(cases.replace(find, put)).diagnostics;
      expect(others).to.deep.equal([]);
      expect(fault?.code).to.equal(put === "" ? "no-rates" : "rates-begin-late");
      expect(fault?.message).to.include("as the cases in currency.cases.yaml have it");
      expect(fault?.cure).to.include("rates: [{ date: 2024-01-01, to: USD, rate: 0.2 }]");
    }
  });

  for (const [find, put, expected, says] of faults) {
    it(`refuse '${put.trim() === "" ? `no ${find.trim()}` : put}'`, () => {
      expect(cases).to.include(find);
      const [fault] = outcomeOf(cases.replace(find, put)).diagnostics;
      expect(`${fault?.place?.line}:${fault?.place?.column} ${fault?.code}`).to.equal(expected);
      expect(fault?.message).to.include(says);
    });
  }
});

function outcomeOf(text: string): Pick<CasesOutcome, "passed" | "failures" | "diagnostics"> {
  const checked = present(policy, "a policy");
  const { cases: read, diagnostics } = readCases({ text, file: "currency.cases.yaml", policy: checked });
  return read === undefined ? { passed: 0, failures: [], diagnostics } : runCases(checked, read);
}
