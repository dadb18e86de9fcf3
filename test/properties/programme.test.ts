/** Programmes in force: kernels and the slow evaluator agree on random versions, and versions that change nothing change nothing. */
import { isDeepStrictEqual } from "node:util";
import { expect } from "chai";
import fc, { type GeneratorValue } from "fast-check";
import { canonicalJson, present } from "../../data/foundation/index.ts";
import type { OutcomeFrame } from "../../data/panel/index.ts";
import { compileProgramme, type RunOptions } from "../../policies/compile/index.ts";
import { type EvaluatedRow, evaluateProgramme, gatherPeers } from "../../policies/explain/index.ts";
import { type Policy, programmeTiers, type VersionInForce } from "../../policies/language/index.ts";
import { gatherPeers as gatherByKernels, replay } from "../../simulations/replay/index.ts";
import { columnNames, frameDisagreements } from "./agreement.ts";
import { runs } from "./parity.ts";
import { plainPeers } from "./peers.ts";
import { describeCase, drawCase, type RandomCase } from "./random-case.ts";
import { drawDays, drawVersions } from "./random-programme.ts";

describe("programmes in force", () => {
  it("kernels and slow twin agree, on every column of every row", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryVersions(g)),
      runs(100, 11),
    );
  });

  it("kernels and slow twin agree, from any start tier and up to any period", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => tryVersions(g, true)),
      runs(60, 12),
    );
  });

  it("one version is the policy itself, and the same policy twice or thrice is it, too, whatever the days", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const tried = drawCase(g);
        const { policy, panel, draw } = tried;
        const days = drawDays(draw, panel.schema, draw.integer(1, 3)).map((day, index) => (index === 0 ? -1_000_000 : day));
        const versions = days.map((from) => ({ policy, from }));
        expect(outcomeOf(tried, versions)).to.deep.equal(outcomeOf(tried, policy));
      }),
      runs(60, 13),
    );
  });
});

/** Every frame, and how long the start matters. */
function outcomeOf({ panel }: RandomCase, item: Policy | readonly VersionInForce[]) {
  const isPolicy = !Array.isArray(item);
  const given = isPolicy ? (item as Policy) : { versions: item as readonly VersionInForce[] };
  const policy = isPolicy ? (item as Policy) : present((item as readonly VersionInForce[])[0], "a version").policy;
  const frames: OutcomeFrame[] = [];
  const summary = replay({ policies: [given], panel, columns: columnNames(policy), visit: (_, own) => frames.push(...own) });
  const { tiers, startMatters, tiersByPeriod } = present(summary.policies[0], "a policy");
  return { tiers, startMatters, tiersByPeriod, frames };
}

/** One random programme by both engines. */
function tryVersions(g: GeneratorValue, withOptions = false): void {
  const tried = drawCase(g);
  const { policy, schema, panel, histories, draw } = tried;
  const versions = drawVersions(draw, policy, schema);
  if (versions === undefined) return;
  const options = withOptions ? drawOptions() : {};
  const [peers, gathered] = [
    gatherPeers({ versions }, schema, histories),
    gatherByKernels(panel, [{ versions }], schema.lastPeriod)[0] ?? new Map(),
  ];
  const compiled = compileProgramme(versions, schema);
  const chunk = panel.readChunk(0);
  const columns = [...new Set(versions.flatMap((version) => columnNames(version.policy)))];
  const frame = compiled.run(chunk, { columns, peers: gathered, ...options });
  const found = isDeepStrictEqual(plainPeers(peers), plainPeers(gathered)) ? [] : ["peers differ"];
  for (const [index, history] of histories.entries()) {
    const rowStart = chunk.rowStart[index] ?? 0;
    const rows = evaluateProgramme(versions, schema, history, { ...options, peers });
    for (const [offset, row] of rows.entries())
      found.push(...frameDisagreements(asPolicy(policy, row), schema, [row], frame, rowStart + offset));
    for (let offset = rows.length; offset < history.rows.length; offset++)
      if (frame.held[rowStart + offset] !== -1) found.push(`row ${offset} is after the range, yet held`);
  }
  for (const startTier of compiled.startTiers) {
    const to = options.to ?? schema.lastPeriod;
    const rows = compiled.rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy: schema.lastPeriod });
    for (const [index, history] of histories.entries()) {
      const from = (start: number | undefined) =>
        evaluateProgramme(versions, schema, history, { peers, to, ...(start === undefined ? {} : { startTier: start }) });
      const [own, other] = [from(options.startTier), from(startTier)];
      const last = own.findLastIndex((row, at) => row.held !== other[at]?.held);
      if (rows[index] !== last + 1) found.push(`${history.entity}: start ${startTier} matters for ${last + 1} rows, kernel ${rows[index]}`);
    }
  }
  if (found.length === 0) return;
  throw new Error(`${found.slice(0, 12).join("\n")}\n${canonicalJson({ versions })}\n${describeCase(tried)}`);

  function drawOptions(): RunOptions {
    const { names } = programmeTiers(present(versions, "versions"));
    return {
      ...(draw.chance(2) ? { startTier: draw.integer(0, names.length - 1) } : {}),
      ...(draw.chance(2) ? { to: draw.integer(schema.firstPeriod, schema.lastPeriod) } : {}),
    };
  }
}

/** The conditions of the version that a row is of: those that it has values for. */
function asPolicy(policy: Policy, row: EvaluatedRow): Policy {
  return {
    ...policy,
    conditions: Object.keys(row.conditions).map((name) => ({ name, title: name, expression: { kind: "text", value: "" } })),
  };
}
