/** What the language means, where it is easy to get wrong: the cases of meaning.yaml, read from text and run by both engines. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { type Diagnostic, formatDiagnostic, packagePath, present } from "../../data/foundation/index.ts";
import type { Panel } from "../../data/panel/index.ts";
import { compilePolicy } from "../../policies/compile/index.ts";
import { type EvaluatedRow, evaluateEntity } from "../../policies/explain/index.ts";
import { checkAgainstPanel, type Policy, printPolicy, type ReadPolicy, readPolicy, tierNames } from "../../policies/language/index.ts";
import { columnNames } from "../properties/agreement.ts";
import { kernelPeers, slowPeers } from "../properties/peers.ts";
import { historiesOf } from "../properties/random-case.ts";
import { type MeaningCase, panelOfCase, wholePolicy } from "./meaning-case.ts";

/** The rows of the language's two tables. */
const tables = {
  Meaning: [
    "merited and held tier",
    "evaluation instant",
    "window of days",
    "calendar window",
    "window by count",
    "window chosen by volume",
    "lifetime",
    "outside an entity's periods",
    "whole = 0, or below `at_least`",
    "missing in a condition",
    "an unconditional adverse last tier after a condition that can be unknown",
    "missing in a weighted score",
    "literals",
    "exactness at a bound",
    "curves",
    "ranks and peers",
    "distinct",
    "ledger",
    "`each: 200 orders`",
    "take back",
    "event known late",
    "first evaluation; before it",
    "`otherwise` (unrated)",
    "promote, demote after n",
    "hold",
    "shield",
    "protect",
    "terminal",
    "a new version in force",
    "`by:` parameters",
    "`set`, `add`, `remove`",
    "names",
    "currency",
  ],
  "YAML: what bites": [
    "a comma inside `{ }`",
    "a value that starts with `>=`, `%`, `@`, `!`, `*`, `&`, `-` and space",
    "` #` inside text; `title: Late share: 4 %`",
    "`{a:b}`, `dispatch:60`",
    "`1.10`, `0x10`, `.inf`, `~`, `NO`, `12:30`",
    "duplicate tier in the sequence",
    "long conditions in the printer",
  ],
} as const;

const file = "meaning-case.yaml";
const cases = parse(readFileSync(packagePath("test", "language", "meaning.yaml"), "utf8")) as readonly MeaningCase[];

describe("meaning", () => {
  it("has a case for every row of the language's tables, and none for another", () => {
    const rows: readonly string[] = Object.values(tables).flat();
    const covered = new Set(cases.map(({ covers }) => covers));
    expect(rows.filter((row) => !covered.has(row))).to.deep.equal([]);
    expect([...covered].filter((row) => !rows.includes(row))).to.deep.equal([]);
  });

  it("says in every case what is expected", () => {
    const silent = cases.filter(({ expect: values, refuses, reads, prints }) => (values ?? refuses ?? reads ?? prints) === undefined);
    expect(silent.map(({ why }) => why)).to.deep.equal([]);
  });

  for (const row of cases) {
    it(`${row.covers}: ${row.why}`, () => {
      const panel = panelOfCase(row);
      const { policy, diagnostics } = read(row, panel);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      if (row.refuses !== undefined) {
        expect(errors.map(placed), errors.map(formatDiagnostic).join("\n")).to.deep.equal([`${row.refuses.at} ${row.refuses.code}`]);
        return;
      }
      expect(errors.map(formatDiagnostic)).to.deep.equal([]);
      const found = present(policy, "a policy");
      for (const [path, value] of Object.entries(row.reads ?? {})) expect(partAt(found, path) ?? null, path).to.deep.equal(value);
      if (row.prints !== undefined) expect(printPolicy(found).split("\n")).to.include(row.prints);
      if (row.expect !== undefined) expectBoth(row, found, present(panel, "a history"));
    });
  }
});

function read(row: MeaningCase, panel: Panel | undefined): ReadPolicy {
  const { grain = "week", parent } = row;
  const load = () => (parent === undefined ? undefined : { text: wholePolicy(parent, grain), file: "1.0.0.yaml" });
  const found = readPolicy({ text: wholePolicy(row.policy, grain), file, load });
  if (found.policy === undefined || panel === undefined) return found;
  return { ...found, diagnostics: [...found.diagnostics, ...checkAgainstPanel(found.policy, panel.schema, file)] };
}

function placed({ code, place }: Diagnostic): string {
  return `${place?.line}:${place?.column} ${code}`;
}

/** `parameters.line.value`: lists by the name of the entry. */
function partAt(policy: Policy, path: string): unknown {
  let part: unknown = policy;
  for (const step of path.split(".")) {
    if (Array.isArray(part)) part = part.find((entry: { readonly name: string }) => entry.name === step);
    else part = typeof part === "object" && part !== null ? Object.entries(part).find(([key]) => key === step)?.[1] : undefined;
  }
  return part;
}

/** Both engines, row by row, against the case. */
function expectBoth(row: MeaningCase, policy: Policy, panel: Panel): void {
  const histories = historiesOf(panel);
  const [first] = histories;
  const slow = evaluateEntity(policy, panel.schema, present(first, "entity a"), { peers: slowPeers(policy, panel.schema, histories) });
  for (const [name, values] of Object.entries(row.expect ?? {})) {
    const expected = values.map((value) => plainValue(value));
    const asked = (found: readonly unknown[]): readonly unknown[] => found.map((value, index) => (expected[index] === "." ? "." : value));
    const inText = textsOf(policy, panel, name);
    expect(asked(slow.map((each) => inText(slowValue(policy, each, name)))), `${name}, slow evaluator`).to.deep.equal(expected);
    expect(asked(kernelValues(policy, panel, name, slow.length).map(inText)), `${name}, kernel`).to.deep.equal(expected);
  }
}

/** `4 / 11` is the division. */
function plainValue(value: number | string | boolean | null): unknown {
  const division = typeof value === "string" ? /^(\S+) \/ (\S+)$/.exec(value) : null;
  return division === null ? value : Number(division[1]) / Number(division[2]);
}

/** A metric that is a text is a code in both engines; here it reads as the text. */
function textsOf(policy: Policy, { schema }: Panel, name: string): (value: unknown) => unknown {
  const metric = policy.metrics.find((candidate) => candidate.name === name);
  const attribute = metric?.kind === "largest" ? schema.attributes.find((candidate) => candidate.name === metric.by) : undefined;
  return (value) => (attribute === undefined || typeof value !== "number" ? value : (attribute.values?.[value] ?? null));
}

function slowValue(policy: Policy, row: EvaluatedRow, name: string): unknown {
  const tiers = tierNames(policy);
  if (name === "merited" || name === "held") return tiers[row[name]] ?? null;
  if (name === "shielded") return row.shielded ? 1 : 0;
  if (name === "promoteCount" || name === "demoteCount") return row[name];
  return { ...row.metrics, ...row.scores, ...row.ledgers, ...row.conditions }[name] ?? null;
}

function kernelValues(policy: Policy, panel: Panel, name: string, length: number): readonly unknown[] {
  const frame = compilePolicy(policy, panel.schema).run(panel.readChunk(0), {
    columns: columnNames(policy),
    peers: kernelPeers(policy, panel),
  });
  const tiers = tierNames(policy);
  const isCondition = policy.conditions.some((condition) => condition.name === name);
  const column = (values: ArrayLike<number> | undefined): readonly number[] => Array.from(values ?? []).slice(0, length);
  if (name === "merited" || name === "held") return column(frame[name]).map((code) => tiers[code] ?? null);
  if (name === "shielded" || name === "promoteCount" || name === "demoteCount") return column(frame[name]);
  return column(frame.columns.get(name)).map((value) => (Number.isNaN(value) ? null : isCondition ? value === 1 : value));
}
