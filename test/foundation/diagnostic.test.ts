/** Diagnostics, limits, digests and near names. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  canonicalJson,
  checkLimit,
  diagnose,
  digestBeside,
  digestOf,
  digestOfFile,
  digestOfValue,
  errorCatalogue,
  findDeepNesting,
  formatDiagnostic,
  hasErrors,
  InputRefused,
  InvariantBroken,
  invariant,
  limits,
  nearestName,
  packagePath,
  present,
} from "../../data/foundation/index.ts";

describe("diagnostics", () => {
  it("print place, code, message and cure on one line", () => {
    const diagnostic = diagnose("unknown-name", {
      message: "no metric is called 'late_rate'",
      place: { file: "a.yaml", line: 3, column: 9 },
      near: "late_dispatch_rate",
    });
    expect(formatDiagnostic(diagnostic)).to.equal(
      "a.yaml:3:9 unknown-name: no metric is called 'late_rate'. Did you mean 'late_dispatch_rate'?",
    );
    expect(hasErrors([diagnostic])).to.equal(true);
    expect(hasErrors([{ ...diagnostic, severity: "warning" }])).to.equal(false);
    expect(new InputRefused([diagnostic]).message).to.contain("a.yaml:3:9");
  });

  it("have a meaning and a cure for every code, written as sentences", () => {
    for (const [code, entry] of Object.entries(errorCatalogue)) {
      expect(code).to.match(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(entry.meaning, code).to.match(/^[A-Z'‘].*[.!]$/);
      expect(entry.cure, code).to.match(/^[A-Z'‘].*[.!]$/);
    }
  });

  it("name a limit, its value, its reason and where to raise it", () => {
    expect(checkLimit("candidates", 5)).to.equal(undefined);
    const breach = checkLimit("candidates", 6);
    expect(breach?.message).to.contain("limit 'candidates' is 5");
    expect(breach?.cure).to.contain("data/foundation/limits.ts");
    for (const [name, limit] of Object.entries(limits)) expect(limit.reason.length, name).to.be.greaterThan(10);
  });

  it("tell our own bugs apart", () => {
    expect(() => invariant(false, "rows are sorted")).to.throw(InvariantBroken, "rows are sorted");
    expect(() => present(undefined, "row")).to.throw(InvariantBroken, "row is absent");
    expect(present(0, "zero")).to.equal(0);
  });
});

describe("near names", () => {
  const known = ["orders", "late_dispatches", "gmv", "due_dispatches"];
  for (const [typed, meant] of [
    ["order", "orders"],
    ["late_dispatchs", "late_dispatches"],
    ["late_dipsatches", "late_dispatches"],
    ["gvm", "gmv"],
    ["refunds", undefined],
  ] as const) {
    it(`${typed} -> ${meant ?? "nothing"}`, () => {
      expect(nearestName(typed, known)).to.equal(meant);
    });
  }
});

describe("digests", () => {
  it("are of a file what they are of its bytes", async () => {
    const path = packagePath("package.json");
    expect(await digestOfFile(path)).to.equal(digestOf(readFileSync(path)));
  });

  it("are SHA-256, and of values do not depend on key order", () => {
    expect(digestOf("abc")).to.equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(digestOfValue({ b: [1, { y: 2, x: 1 }], a: "é" })).to.equal(digestOfValue({ a: "é", b: [1, { x: 1, y: 2 }] }));
    expect(canonicalJson({ b: undefined, a: null })).to.equal('{"a":null}');
  });

  it("made beside this thread are those of the bytes as they were when it was asked", async () => {
    const [bytes, numbers] = [Uint8Array.from(Buffer.from("xabcx")), Float64Array.of(1.5, -2)];
    const digests = [digestBeside(bytes.subarray(1, 4)), digestBeside(numbers)];
    const expected = [digestOf("abc"), digestOf(new Uint8Array(numbers.buffer))];
    bytes.fill(0);
    numbers.fill(0);
    expect(await Promise.all(digests)).to.deep.equal(expected);
  });
});

describe("deep nesting of YAML", () => {
  it("is found in brackets and in indentation, and not in ordinary text", () => {
    expect(findDeepNesting("")).to.equal(undefined);
    expect(findDeepNesting("a: [1, 2]\nb:\n  c: { d: [] }\n")).to.equal(undefined);
    expect(findDeepNesting("a: ]]]]")).to.equal(undefined);
    expect(findDeepNesting(`a: ${"[".repeat(20_000)}`)?.offset).to.equal(131);
    expect(findDeepNesting(`a:\n${" ".repeat(1000)}b: 1`)?.offset).to.equal(3);
    expect(findDeepNesting(`a:\n${"- ".repeat(1000)}b`)?.offset).to.equal(3);
  });
});
