/** Versions that follow one another in force, from a table that was worked out by hand: the slow evaluator and the kernels. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { packagePath, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import { compileProgramme, type RunOptions } from "../../policies/compile/index.ts";
import {
  accountOf,
  type EntityHistory,
  type EvaluatedRow,
  evaluateProgramme,
  explainProgramme,
  gatherPeers,
} from "../../policies/explain/index.ts";
import { checkProgramme, programmeTiers, type VersionInForce } from "../../policies/language/index.ts";
import { gatherPeers as gatherByKernels } from "../../simulations/replay/index.ts";
import { columnNames, frameDisagreements } from "../properties/agreement.ts";
import { plainPeers } from "../properties/peers.ts";
import { type TableHistory, tableHistory, tablePanel, tableSchema } from "./table-history.ts";
import { dayOfTable, type Plain, type TablePolicy, tablePolicy } from "./table-policy.ts";

interface ProgrammeCase extends TableHistory {
  readonly name: string;
  readonly versions: readonly { readonly from: string; readonly policy: SteeredPolicy }[];
  /** By name of a metric or ledger, or of a column of the frame; `tiers` is the list that codes stand for. */
  readonly expect: Readonly<Record<string, readonly (number | boolean | string | null)[]>>;
}

/** With `steered` the level `code` gives the tier, and bronze holds for so many days. */
interface SteeredPolicy extends TablePolicy {
  readonly steered?: boolean;
  readonly hold?: number;
  readonly shorten?: Plain;
}

const table = parse(readFileSync(packagePath("test", "explain", "programme.yaml"), "utf8")) as readonly ProgrammeCase[];

describe("programmes in force by hand", () => {
  for (const row of table) {
    it(row.name, () => {
      const versions = versionsOfTable(row);
      const schema = tableSchema(row.grain);
      const history = tableHistory(row);
      expect(checkProgramme(versions)).to.deep.equal([]);
      const peers = gatherPeers({ versions }, schema, [history]);
      const rows = evaluateProgramme(versions, schema, history, { peers });
      const { tiers: names, ...expected } = row.expect;
      if (names !== undefined) expect(programmeTiers(versions).names).to.deep.equal(names);
      for (const [name, values] of Object.entries(expected))
        expect(
          rows.map((evaluated) => columnOf(versions, evaluated, name)),
          name,
        ).to.deep.equal(values);
      expect(kernelDisagreements(versions, kernelsOf(versions, schema, history), rows, { peers })).to.deep.equal([]);
    });

    it(`${row.name}: from every start tier and up to every period the kernels give what the slow evaluator does`, () => {
      const versions = versionsOfTable(row);
      const [schema, history] = [tableSchema(row.grain), tableHistory(row)];
      const compiled = kernelsOf(versions, schema, history);
      const { kernels, chunk, panel } = compiled;
      const peers = gatherPeers({ versions }, schema, [history]);
      expect(plainPeers(gatherByKernels(panel, [{ versions }], schema.lastPeriod)[0] ?? new Map())).to.deep.equal(plainPeers(peers));
      const last = history.rows.at(-1)?.period ?? schema.lastPeriod;
      for (let to = schema.firstPeriod; to <= last + 1; to++) {
        const own = evaluateProgramme(versions, schema, history, { to, peers });
        expect(kernelDisagreements(versions, compiled, own, { to, peers })).to.deep.equal([]);
        const frame = kernels.run(chunk, { to, peers });
        for (const [startTier] of programmeTiers(versions).names.entries()) {
          const other = evaluateProgramme(versions, schema, history, { startTier, to, peers });
          expect(kernelDisagreements(versions, compiled, other, { startTier, to, peers })).to.deep.equal([]);
          const rowsApart = own.findLastIndex(({ held }, at) => held !== other[at]?.held) + 1;
          const question = { startTier, enteredBy: schema.lastPeriod };
          expect([...kernels.rowsUntilStartForgotten(chunk, frame, question)], `from ${startTier} up to ${to}`).to.deep.equal([rowsApart]);
        }
      }
    });
  }

  it("start from the ends of the ladder of the first version that is evaluated", () => {
    const ladder = (...names: readonly [string, string][]): SteeredPolicy => ({
      tiers: names.map(([name, replaced]) => (replaced === "" ? { name } : { name, replaces: [replaced] })),
    });
    const versions = versionsOfTable({
      name: "",
      versions: [
        { from: "2024-01-02", policy: ladder(["a", ""], ["b", ""]) }, // no Monday
        { from: "2024-01-04", policy: ladder(["x", ""], ["c", "a"], ["d", "b"]) },
      ],
      expect: {},
    });
    expect(programmeTiers(versions).names).to.deep.equal(["x", "c", "a", "d", "b"]);
    expect(compileProgramme(versions, tableSchema()).startTiers).to.deep.equal([0, 3]);
    expect(compileProgramme(versions.slice(0, 1), tableSchema()).startTiers).to.deep.equal([0, 1]);
  });

  it("explain an evaluation by the version that it was made under, and say what earlier rules left", () => {
    const row = present(
      table.find(({ name }) => name.startsWith("entries of a line that is gone")),
      "the case",
    );
    const versions = versionsOfTable(row).map((version, index) => ({
      ...version,
      policy: { ...version.policy, version: `${index + 1}.0.0` },
    }));
    const [schema, history] = [tableSchema(), tableHistory(row)];
    const [before, after] = ["2024-01-07", "2024-01-14"].map((day) => explainProgramme(versions, schema, history, dayOfTable(day)));
    expect([before?.version, after?.version]).to.deep.equal(["1.0.0", "2.0.0"]);
    const ledger = after?.evaluation?.ledgers[0];
    expect(ledger?.earlier).to.deep.equal([{ sign: 1, counted: 10 }]);
    expect(ledger?.entries.map(({ line, earlier }) => line ?? earlier)).to.deep.equal([1, 1, 1, 1]);
    expect(accountOf(present(after, "a trace"))).to.match(/Rules that held earlier add 10\spoints: 5\spoints of 3\sJan\s2024 \(e0\)/);
  });
});

function versionsOfTable({ versions }: ProgrammeCase): readonly VersionInForce[] {
  return versions.map(({ from, policy }) => ({ from: dayOfTable(from), policy: tablePolicy(steered(policy)) }));
}

function steered({ steered: isSteered, hold, shorten, ...policy }: SteeredPolicy): TablePolicy {
  if (isSteered !== true) return policy;
  const ending = { ...(hold === undefined ? {} : { holdDays: hold }), ...(shorten === undefined ? {} : { shorten }) };
  return {
    ...policy,
    metrics: { code: { kind: "last", measure: "code" } },
    tiers: [
      { name: "gold", when: "metric:code = 0" },
      { name: "silver", when: "metric:code = 1" },
      { name: "bronze", ...ending },
    ],
  };
}

/** A value as the table writes it; null where the version in force has no such name. */
function columnOf(versions: readonly VersionInForce[], row: EvaluatedRow, name: string): unknown {
  if (name === "merited" || name === "held") return programmeTiers(versions).names[row[name]] ?? "-";
  if (name === "promoteCount" || name === "demoteCount" || name === "evaluated") return row[name];
  return row.metrics[name] ?? row.ledgers[name] ?? null;
}

/** Where the kernels give something else than the rows of the slow evaluator. */
function kernelDisagreements(
  versions: readonly VersionInForce[],
  { kernels, chunk, schema }: ReturnType<typeof kernelsOf>,
  rows: readonly EvaluatedRow[],
  options: RunOptions = {},
) {
  const columns = [...new Set(versions.flatMap(({ policy }) => columnNames(policy)))];
  const frame = kernels.run(chunk, { columns, ...options });
  return rows.flatMap((row, index) => {
    const policy = present(versions[0], "a version").policy;
    const conditions = Object.keys(row.conditions).map((name) => ({ name, title: name, expression: { kind: "text", value: "" } as const }));
    return frameDisagreements({ ...policy, conditions }, schema, [row], frame, index);
  });
}

/** The programme compiled for a panel of this one history, and that panel's rows. */
function kernelsOf(versions: readonly VersionInForce[], schema: PanelSchema, history: EntityHistory) {
  const panel = tablePanel(schema, [history]);
  return { kernels: compileProgramme(versions, panel.schema), chunk: panel.readChunk(0), panel, schema };
}
