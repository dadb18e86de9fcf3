/**
 * Every fault of a policy file is found at its place, in these words. The cases are the table in faulty.yaml, the words of each
 * stand in goldens/faulty.txt.
 */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { type Diagnostic, errorCatalogue, formatDiagnostic, packagePath, policyErrors, present } from "../../data/foundation/index.ts";
import { checkAgainstPanel, measuresRead, readPolicy } from "../../policies/language/index.ts";
import { Problems } from "../../policies/language/problems.ts";
import { goldenTexts } from "./golden.ts";
import { panelCalled } from "./panels.ts";

interface FaultyRow {
  readonly code: string;
  /** line:column */
  readonly at: string;
  readonly why: string;
  readonly file?: string;
  readonly panel?: string;
  readonly text?: string;
  /** The file that the change is made in. Default base.yaml. */
  readonly in?: "base" | "whole" | "rest";
  readonly nest?: number;
  readonly replace?: string | readonly string[];
  readonly by?: string | readonly string[];
  /** Further codes that the same fault brings. */
  readonly also?: readonly string[];
  /** Words of the message, and of the cure, where they matter. */
  readonly says?: string;
  readonly cure?: string;
}

/** A text, or a change of one. */
type Changed = Pick<FaultyRow, "file" | "panel" | "text" | "in" | "nest" | "replace" | "by">;

/** A change that brings no finding. */
interface SoundRow extends Pick<FaultyRow, "panel"> {
  readonly in: "base" | "whole" | "rest";
  readonly replace: string | readonly string[];
  readonly by: string | readonly string[];
}

const folder = packagePath("test", "language");
const base = readFileSync(`${folder}/base.yaml`, "utf8");
const whole = readFileSync(`${folder}/whole.yaml`, "utf8");
const rest = readFileSync(`${folder}/rest.yaml`, "utf8");
const rows = parse(readFileSync(`${folder}/faulty.yaml`, "utf8")) as readonly FaultyRow[];
const sound = parse(readFileSync(`${folder}/sound.yaml`, "utf8")) as readonly SoundRow[];

describe("faulty policies", () => {
  const golden = goldenTexts("faulty");

  for (const row of rows) {
    it(`refuses ${row.why} (${row.code} at ${row.at})`, () => {
      const diagnostics = diagnosticsOf(row);
      const found = diagnostics.map((diagnostic) => `${diagnostic.place?.line}:${diagnostic.place?.column} ${diagnostic.code}`);
      expect(found, found.join("\n")).to.include(`${row.at} ${row.code}`);
      const expected = new Set([row.code, ...(row.also ?? [])]);
      expect(found.filter((line) => !expected.has(line.split(" ")[1] ?? ""))).to.deep.equal([]);
      expect(diagnostics.filter(({ cure }) => !/[.?]$/.test(cure))).to.deep.equal([]);
      const own = diagnostics[found.indexOf(`${row.at} ${row.code}`)];
      expect(own?.message).to.include(row.says ?? "");
      expect(own?.cure).to.include(row.cure ?? "");
      golden(row.why, diagnostics.map(wordsOf).join("\n"));
    });
  }

  it("owns every code of the policy catalogue with at least one case", () => {
    // What SQL cannot express is no fault of the file: the tests of policies/sql own it; that of programmes theirs.
    const owned = new Set([...rows.map((row) => row.code), "sql-unsupported", "tier-lost"]);
    expect(Object.keys(policyErrors).filter((code) => !owned.has(code))).to.deep.equal([]);
    expect([...owned].filter((code) => !Object.hasOwn(errorCatalogue, code))).to.deep.equal([]);
  });

  it("finds nothing in the policy that the cases are made from", () => {
    const { policy, diagnostics } = readPolicy({ text: base, file: "base.yaml", load: () => undefined });
    expect(diagnostics).to.deep.equal([]);
    if (policy !== undefined) expect(checkAgainstPanel(policy, panelCalled("weekly"))).to.deep.equal([]);
  });

  it("finds nothing in the policies that hold one of everything", () => {
    for (const [file, text] of Object.entries({ whole, rest })) {
      const { policy, diagnostics } = readPolicy({ text, file, load: () => undefined });
      expect(diagnostics).to.deep.equal([]);
      if (policy !== undefined) expect(checkAgainstPanel(policy, panelCalled("whole"))).to.deep.equal([]);
    }
  });

  for (const row of sound) {
    it(`finds nothing where ${row.in} has ${[row.by].flat().join(" and ")}`, () => {
      for (const part of [row.replace].flat()) expect({ base, whole, rest }[row.in]).to.include(part);
      expect(diagnosticsOf(row).map(formatDiagnostic)).to.deep.equal([]);
    });
  }

  it("lists 500 faults in order, those without a place first, and counts the rest", () => {
    const many = (count: number): readonly Diagnostic[] => {
      const problems = new Problems();
      for (let line = count - 1; line > 0; line--)
        problems.add(
          "unknown-key",
          { file: line % 2 === 0 ? "b" : "a", line: 9 + Math.floor(line / 10), column: 1 + (line % 10) },
          { message: "m" },
        );
      problems.add("unknown-key", undefined, { message: "nowhere" });
      return problems.sorted();
    };
    const at = ({ place }: Diagnostic): string => (place === undefined ? "" : `${place.file} ${place.line * 100 + place.column}`);
    for (const count of [1, 30, 500]) {
      const listed = many(count);
      expect(listed).to.have.length(count);
      expect(listed[0]?.message).to.equal("nowhere");
      const [first = "a"] = listed.slice(1).map((one) => one.place?.file ?? "");
      const expected = listed
        .map(at)
        .slice(1)
        .sort(
          (a, b) => Number(b.startsWith(first)) - Number(a.startsWith(first)) || (a.slice(2).padStart(9) < b.slice(2).padStart(9) ? -1 : 1),
        );
      expect(listed.map(at).slice(1)).to.deep.equal(expected);
    }
    const more = many(501);
    expect(more).to.have.length(501);
    expect(more.slice(0, 500).some(({ code }) => code !== "unknown-key")).to.equal(false);
    expect(formatDiagnostic(present(more.at(-1), "a last one"))).to.equal(
      "limit-exceeded: 501 faults: the first 500 are listed. Mend the first ones and check again.",
    );
  });

  it("knows every measure that a policy reads", () => {
    const read = (text: string): readonly string[] =>
      measuresRead(present(readPolicy({ text, file: "policy.yaml", load: () => undefined }).policy, "a policy"));
    expect(read(base)).to.deep.equal(["due", "gmv", "late", "low_reviews", "orders", "rating_sum", "response_rate", "reviews"]);
    expect(read(whole)).to.deep.equal(["due", "late", "orders", "response_hours", "visits"]);
    expect(read(rest)).to.deep.equal(["due", "followers", "gmv", "late", "orders", "response_hours", "visits"]);
  });

  it("suggests the near name", () => {
    const near = (why: string): string | undefined =>
      diagnosticsOf(rows.find((row) => row.why === why) ?? { code: "", at: "", why }).find((diagnostic) => diagnostic.near !== undefined)
        ?.near;
    expect(near("a mistyped score")).to.equal("overall");
    expect(near("a mistyped section")).to.equal("metrics");
    expect(near("a start that is no tier")).to.equal("standard");
    expect(near("a mistyped path")).to.equal("overall");
    expect(near("a measure that the panel lacks")).to.equal("late");
  });
});

/** All that a diagnostic tells: its line on a terminal, and what JSON adds to it. */
function wordsOf(diagnostic: Diagnostic): string {
  const { found, expected, near } = diagnostic;
  const more = Object.entries({ found, expected, near }).flatMap(([key, value]) => (value === undefined ? [] : [`${key}: ${value}`]));
  return [formatDiagnostic(diagnostic), ...more].join(" | ");
}

function diagnosticsOf(row: Changed): readonly Diagnostic[] {
  const text = textOf(row);
  const { policy, diagnostics } = readPolicy({
    text,
    file: row.file ?? "policy.yaml",
    load: ({ version }) =>
      version === "1.0.0" ? { text: base, file: "1.0.0.yaml" } : version === "1.1.0" ? { text, file: "1.1.0.yaml" } : undefined,
  });
  if (row.panel === undefined) return diagnostics;
  if (policy === undefined) return diagnostics;
  return [...diagnostics, ...checkAgainstPanel(policy, panelCalled(row.panel))];
}

function textOf(row: Changed): string {
  if (row.text !== undefined) return row.text;
  if (row.nest !== undefined) return "[".repeat(row.nest);
  const replaced = [row.replace ?? []].flat();
  const by = [row.by ?? []].flat();
  return replaced.reduce(
    (text, part, index) => text.replace(part, () => by[index] ?? ""),
    row.in === "whole" ? whole : row.in === "rest" ? rest : base,
  );
}
