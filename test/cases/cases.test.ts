/** Cases beside a policy: read strictly, run by both engines, told apart with their reasons. The faults are the table in faulty.yaml. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { caseErrors, type Diagnostic, errorCatalogue, packagePath } from "../../data/foundation/index.ts";
import { differenceOf } from "../../policies/cases/expected-value.ts";
import { type CasesOutcome, readCases, runCases, runCasesBeside } from "../../policies/cases/index.ts";
import { isWritten } from "../../policies/cases/written-number.ts";
import { type Policy, policyLibrary, readLibraryPolicy, readPolicy } from "../../policies/language/index.ts";

interface FaultyRow {
  readonly code: string;
  /** line:column */
  readonly at: string;
  readonly why: string;
  readonly text?: string;
  readonly replace?: string;
  readonly by?: string;
  /** Further codes that the same fault brings. */
  readonly also?: readonly string[];
}

const textOf = (file: string): string => readFileSync(packagePath("test", "cases", file), "utf8");
const base = textOf("base.cases.yaml");
const rows = parse(textOf("faulty.yaml")) as readonly FaultyRow[];

describe("faulty cases", () => {
  for (const row of rows) {
    it(`refuses ${row.why} (${row.code} at ${row.at})`, () => {
      const found = faultsOf(row).map((diagnostic) => `${diagnostic.place?.line}:${diagnostic.place?.column} ${diagnostic.code}`);
      expect(found, found.join("\n")).to.include(`${row.at} ${row.code}`);
      const expected = new Set([row.code, ...(row.also ?? [])]);
      expect(found.filter((line) => !expected.has(line.split(" ")[1] ?? ""))).to.deep.equal([]);
    });
  }

  it("says what was wrong and how to cure it, in every case", () => {
    for (const row of rows) {
      for (const diagnostic of faultsOf(row)) {
        expect(diagnostic.message, row.why).to.match(/\S{2}/);
        expect(diagnostic.cure, row.why).to.match(/[.?]$/);
        expect(`${diagnostic.message} ${diagnostic.cure}`, row.why).not.to.match(/undefined|\[object|NaN/);
      }
      expect(Object.keys(errorCatalogue), row.why).to.include(row.code);
    }
  });

  it("owns every code of the catalogue of cases with at least one row", () => {
    // Coverage and verdicts are no faults of the file: their own tests hold them.
    const owned = new Set([...rows.map(({ code }) => code), "not-covered", "guard-failed", "guard-undecided", "criterion-unfit"]);
    expect(Object.keys(caseErrors).filter((code) => !owned.has(code))).to.deep.equal([]);
  });

  it("changes the text that each row names", () => {
    for (const { replace, why } of rows) if (replace !== undefined) expect(base, why).to.include(replace);
  });

  it("suggests the near name", () => {
    const near = (why: string) => faultsOf(rows.find((row) => row.why === why) ?? { code: "", at: "", why }).find((one) => one.near)?.near;
    expect(near("a level that the policy does not read")).to.equal("response");
    expect(near("a measure that the policy does not read")).to.equal("orders");
    expect(near("an attribute that the policy does not read")).to.equal("opened_on");
    expect(near("an event of a kind that the policy does not read")).to.equal("strike");
    expect(near("a name that the policy lacks")).to.equal("late_rate");
    expect(near("a tier that the policy lacks")).to.equal("gold");
    expect(near("a reason that is none")).to.equal("counting down");
  });

  it("names the evaluations around a day that is none", () => {
    const [fault] = faultsOf(
      rows.find((row) => row.why === "an expectation on a day without an evaluation") ?? { code: "", at: "", why: "" },
    );
    expect(fault?.message).to.equal("2024-01-09 is no evaluation of this entity; the nearest are 2024-01-08 and 2024-01-15");
  });
});

describe("cases", () => {
  it("pass where the policy does as they expect", () => {
    const { passed, failed, failures, diagnostics } = outcomeOf(base);
    expect(diagnostics).to.deep.equal([]);
    expect({ passed, failed, failures }).to.deep.equal({ passed: 2, failed: 0, failures: [] });
  });

  it("say of a share that is another what was divided by what", () => {
    const [failure] = outcomeOf(base.replace("late_rate: 7.5 %", "late_rate: 7.4 %")).failures;
    expect(failure).to.include({ case: "First", on: "2024-01-22", name: "late_rate", expected: "7.4 %", found: "7.5 %" });
    expect(failure?.why).to.match(/3 of 40/);
    expect(failure?.place).to.deep.include({ line: 19, column: 38 });
  });

  it("say of a tier that is another which claims decided", () => {
    const [failure] = outcomeOf(base.replace("strikes: 2, tier: silver", "strikes: 2, tier: gold")).failures;
    expect(failure).to.include({ expected: "gold", found: "silver" });
    expect(failure?.why).to.match(/gold does not hold: Late rate is at most 5\.0 % \(it is 7\.5 %\)/);
  });

  it("say of a condition which comparison decided", () => {
    const [failure] = outcomeOf(base.replace("busy: false", "busy: true")).failures;
    expect(failure?.why).to.match(/Sales is at least 300.* \(it is 0\.00 USD\) does not hold/);
  });

  it("count what their expectations reach, and name what they do not", () => {
    const { coverage } = outcomeOf(base);
    expect(coverage?.reached).to.equal((coverage?.parts ?? 0) - (coverage?.uncovered.length ?? 0));
    expect(coverage?.uncovered).to.include.members(["condition quick is false", "movement by 'shield'"]);
    expect(coverage?.uncovered).not.to.include("condition busy is unknown");
    expect(outcomeOf(base.replace("tier: low }", "}")).coverage).to.deep.equal(coverage);
  });

  it("run the whole language: ledgers, caps, peers, protection, texts and fields of events", () => {
    const { passed, failed, diagnostics, coverage } = outcomeOf(textOf("whole.cases.yaml"), policyOf("whole.yaml"));
    expect(diagnostics).to.deep.equal([]);
    expect({ passed, failed }).to.deep.equal({ passed: 5, failed: 0 });
    expect(coverage?.uncovered).to.deep.equal(["condition slow is false", "movement by 'hold'"]);
  });

  it("hold events to the days on which they count", () => {
    const { passed, failures } = outcomeOf(textOf("days.cases.yaml"), policyOf("days.yaml"));
    expect({ passed, failures }).to.deep.equal({ passed: 3, failures: [] });
    const { diagnostics } = readPolicy({ text: textOf("days.yaml"), file: "days.yaml", load: () => undefined });
    expect(
      diagnostics.map(({ code }) => code),
      "nearly_there is read by no tier",
    ).to.deep.equal(["entry-unseen"]);
  });

  it("find the evaluation of a date in the middle of a period", () => {
    const { passed, failures, coverage } = outcomeOf(textOf("monthly.cases.yaml"), policyOf("monthly.yaml"));
    expect({ passed, failures }).to.deep.equal({ passed: 1, failures: [] });
    expect(coverage?.uncovered).not.to.include.members(["tier below is held", "movement by 'demoted'"]);
    const [failure] = outcomeOf(
      textOf("monthly.cases.yaml").replace("3.3 %, tier: below", "3.3 %, tier: top"),
      policyOf("monthly.yaml"),
    ).failures;
    expect(failure?.why).to.match(/At the evaluation of 20 Jan 2024, which looked at everything up to 31 Dec 2023/);
  });

  it("say of a negated condition what is not so", () => {
    const one = textOf("monthly.cases.yaml").replace("      - { defect: 2023-12-28, buyer: ben }\n", "");
    const [failure] = outcomeOf(one.replace("defects: 2, defect_rate: 3.3 %,", "defects: 1,"), policyOf("monthly.yaml")).failures;
    expect(failure).to.include({ name: "tier", expected: "below", found: "top" });
    expect(failure?.why).to.match(
      /top holds: it is not so that Defect rate is above 2 % \(it is 1\.67 %\); it is not so that Defects is at/,
    );
    const both = textOf("monthly.cases.yaml").replace("tier: below", "tier: above");
    const [other] = outcomeOf(both, policyOf("monthly.yaml")).failures;
    expect(other?.why).to.match(/above does not hold: Defect rate is at most 2\.00 % \(it is 3\.33 %\), or Defects is below 2 \(it is 2\)/);
  });

  it("blame their own file, and no part of the policy, when it gives no unit of a measure", () => {
    const text = textOf("monthly.cases.yaml").replace("units: { us_sales: money }\n", "");
    const { passed, failed, coverage, diagnostics } = outcomeOf(text, policyOf("monthly.yaml"));
    expect({ passed, failed, coverage }).to.deep.equal({ passed: 0, failed: 1, coverage: undefined });
    expect(diagnostics.map(({ code, place }) => [code, place?.file, place?.line])).to.deep.equal([["unit-mismatch", "base.cases.yaml", 1]]);
    expect(diagnostics[0]?.message).to.match(/^the cases in base\.cases\.yaml do not say what 'us_sales' counts in: /);
    expect(diagnostics[0]?.cure).to.equal("Write 'units: { us_sales: money }' in the file of cases.");
    const [wrong] = outcomeOf(
      textOf("monthly.cases.yaml").replace("us_sales: money", "us_sales: points"),
      policyOf("monthly.yaml"),
    ).diagnostics;
    expect(wrong?.place?.line).to.equal(4);
    expect(wrong?.cure).to.equal("Correct 'units' in the file of cases: they are those of the measures.");
  });

  it("say of a level that the file does not name where to name it", () => {
    const [fault] = outcomeOf(base.replace("levels: [response]", "levels: []")).diagnostics;
    expect(fault?.cure).to.equal("Name it under 'levels' in the file of cases.");
  });

  it("name a month by one of its days", () => {
    const text = textOf("monthly.cases.yaml").replace("month: 2023-12-01", "month: 2023-12");
    const { diagnostics } = readCases({ text, file: "base.cases.yaml", policy: policyOf("monthly.yaml") });
    expect(diagnostics.map(({ code, message, cure }) => [code, message, cure])).to.deep.equal([
      ["bad-form", "'2023-12' is a month, not a day", "Name a month by one of its days, such as 2023-12-01."],
    ]);
    const run = textOf("monthly.cases.yaml").replace("2023-10-01 to 2023-11-30", "2023-10 to 2023-11");
    expect(readCases({ text: run, file: "base.cases.yaml", policy: policyOf("monthly.yaml") }).diagnostics).to.have.length(2);
  });

  it("may lie decades apart: a history costs what it holds, not its square", () => {
    const daily = policyOf("days.yaml");
    const text = `programme: shop-days
version: 1.0.0
grain: day
cases:
  - name: Ten years of nothing
    history:
      - { days: 2014-01-01 to 2014-01-31, orders: 3 }
      - { days: 2024-01-01 to 2024-01-31, orders: 3 }
    expect: [{ on: 2014-01-20, tier: clear }, { on: 2024-01-22, tier: clear }]
`;
    const everyDay: Policy = { ...daily, movement: { ...daily.movement, evaluate: { kind: "every", unit: "day" } } };
    const { passed, failures } = outcomeOf(text, everyDay);
    expect({ passed, failures }).to.deep.equal({ passed: 1, failures: [] });
  });

  it("refuse what is about an event that the history does not have, and points in another unit", () => {
    const text = textOf("whole.cases.yaml");
    const faults = (from: RegExp | string, to: string) => {
      expect(text).to.match(new RegExp(from));
      const { diagnostics } = readCases({ text: text.replace(from, to), file: "base.cases.yaml", policy: policyOf("whole.yaml") });
      return diagnostics.map(({ code, message, near, place }) => [code, message, near, place?.line]);
    };
    const line = text.slice(0, text.indexOf("about:")).split("\n").length;
    expect(faults(/about: v2\b/, "about: w2")).to.deep.equal([["unknown-name", "no event of this history has the id 'w2'", "v2", line]]);
    expect(faults(/points: 4\b/, "points: 4 USD").map(([code, message]) => [code, message])).to.deep.equal([
      ["unit-mismatch", "'points' is points, and '4 USD' is money"],
    ]);
  });

  it("are not blamed for being short", () => {
    const text = textOf("monthly.cases.yaml").replace("units: { us_sales: money }\n", "");
    expect(outcomeOf(text, policyOf("monthly.yaml")).diagnostics.map(({ code }) => code)).not.to.include("window-beyond-panel");
    expect(outcomeOf(textOf("monthly.cases.yaml"), policyOf("monthly.yaml")).diagnostics).to.deep.equal([]);
  });

  it("say of a ledger which lines made its points", () => {
    const text = textOf("whole.cases.yaml").replace("penalty: 9 points", "penalty: 8 points");
    const [failure] = outcomeOf(text, policyOf("whole.yaml")).failures;
    expect(failure).to.include({ name: "penalty", expected: "8 points", found: "9 points" });
    expect(failure?.why).to.match(/Line 2 .* 4 points .* 6 points/);
  });

  it("hold a number with a decimal point to its decimals, and one without to the last bit", () => {
    const share = (digits: string, isRounded: boolean) => ({ digits, value: Number(digits), unit: "share" as const, isRounded });
    expect(isWritten(0.04354, share("0.0435", true))).to.equal(true);
    expect(isWritten(0.0436, share("0.0435", true))).to.equal(false);
    expect(isWritten(0.1 + 0.2, share("0.3", false))).to.equal(false);
    expect(isWritten(0.1 + 0.2, share("0.300", true))).to.equal(true);
    expect(isWritten(-0.0436, share("-0.044", true))).to.equal(true);
    expect(isWritten(1234.4, { digits: "12.34", value: 1234, unit: "money", isRounded: true })).to.equal(true);
    expect(isWritten(1234.4, { digits: "12", value: 1200, unit: "money", isRounded: false })).to.equal(false);
  });

  it("say so when a number is the expected one only when rounded", () => {
    const third = base.replace("orders: 20, late: 1,", "orders: 30, late: 1,");
    const rounded = third.replace("late_rate: 5 %", "late_rate: 3.333333 %");
    expect(outcomeOf(rounded).failures.filter(({ place }) => place.line === 17)).to.deep.equal([]);
    const written = { name: "score", place: { file: "", line: 1, column: 1 }, words: "3.333333 %" };
    const number = { digits: "0.03333333", value: 0.03333333, unit: "share" as const, isRounded: false };
    const row = {
      period: 0,
      evaluated: true,
      values: new Map([["score", 1 / 30]]),
      tier: "gold",
      promoteCount: 0,
      demoteCount: 0,
      shielded: false,
    };
    const policy = { ...policyOf("base.yaml"), metrics: [{ kind: "last", name: "score", title: "", unit: "share", measure: "" }] } as const;
    expect(
      differenceOf({ ...written, value: { kind: "number", number } }, row, undefined, policy, { currency: undefined })?.found,
    ).to.equal("3.333333 % only when rounded (exactly 0.03333333333333333)");
  });
});

describe("the cases that ship", () => {
  for (const { programme, version, file } of policyLibrary()) {
    const run = runOf(`${programme}@${version}`, file);
    if (run === undefined) continue;
    it(`pass for ${programme} ${version}`, () => {
      expect(run.diagnostics).to.deep.equal([]);
      expect(run.outcome?.passed).to.be.greaterThan(11);
    });
  }

  it("stand beside every version of our own programmes", () => {
    const own = policyLibrary().filter(({ programme }) => programme === "seller-performance" || programme === "creator-performance");
    expect(own).to.have.length(5);
    for (const reference of own.map(({ programme, version }) => `${programme}@${version}`)) {
      const { file } = policyLibrary().find((entry) => `${entry.programme}@${entry.version}` === reference) ?? { file: "" };
      expect(runOf(reference, file), reference).not.to.equal(undefined);
    }
  });

  it("reach all of the first two versions of both", () => {
    for (const reference of ["1.0.0", "1.1.0"].flatMap((version) => [`seller-performance@${version}`, `creator-performance@${version}`])) {
      const { file } = policyLibrary().find((entry) => `${entry.programme}@${entry.version}` === reference) ?? { file: "" };
      expect(runOf(reference, file)?.outcome?.coverage?.uncovered, reference).to.deep.equal([]);
    }
  });
});

function runOf(reference: string, file: string) {
  const { policy } = readLibraryPolicy(reference);
  return policy === undefined ? undefined : runCasesBeside(policy, file);
}

function policyOf(file: string): Policy {
  const { policy } = readPolicy({ text: textOf(file), file, load: () => undefined });
  if (policy === undefined) throw new RangeError(`${file} does not read`);
  return policy;
}

function outcomeOf(text: string, policy = policyOf("base.yaml")): CasesOutcome {
  const { cases, diagnostics } = readCases({ text, file: "base.cases.yaml", policy });
  if (cases === undefined) throw new RangeError(diagnostics.map(({ message }) => message).join("\n"));
  return runCases(policy, cases);
}

function faultsOf(row: FaultyRow): readonly Diagnostic[] {
  const { replace, by = "" } = row;
  const text = row.text ?? (replace === undefined ? base : base.replace(replace, () => by));
  const policy = policyOf("base.yaml");
  const { cases, diagnostics } = readCases({ text, file: "base.cases.yaml", policy });
  return cases === undefined ? diagnostics : [...diagnostics, ...runCases(policy, cases).diagnostics];
}
