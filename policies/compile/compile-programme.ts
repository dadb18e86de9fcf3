/**
 * Versions in force + panel schema -> kernels.
 *
 * Each version has kernels of its own, which run over the whole of an entity's rows, so that windows reach back as far as they like, and
 * evaluate only while the version is in force. What they show is taken from the version's first evaluation on, so the versions lie one
 * over the other; what evaluations leave behind goes from version to version.
 */
import { invariant, lastDayOf, type PeriodIndex, present } from "../../data/foundation/index.ts";
import { convertedPanel, type OutcomeFrame, type PanelChunk, type PanelSchema } from "../../data/panel/index.ts";
import {
  latestVersion,
  measureNames,
  type PeerValues,
  type Policy,
  peersOfVersion,
  programmeTiers,
  type VersionInForce,
} from "../language/checked/index.ts";
import type { CompiledPolicy } from "./compiled-policy.ts";
import { type CompiledVersion, compileVersion } from "./compiled-version.ts";
import { type EvaluationPlan, NEVER } from "./evaluation-plan.ts";
import { addUp, emptyFrame, packStates, requireWithin } from "./frame-rows.ts";
import { type ScoringState, takeOver } from "./handover.ts";
import { startTiersOf } from "./movement-kernel.ts";
import { addPeerValues, peerColumns } from "./peer-values.ts";
import { type ProgrammeRun, programmeMovement, type VersionRun } from "./programme-movement.ts";
import type { ScoringRun } from "./scoring-kernel.ts";

/**
 * Compiles versions that followed one another in force, for panels of one schema: each must have passed `checkAgainstPanel`, and all
 * together `checkProgramme`. Tier codes are positions in `programmeTiers`; a column shows what the version in force calls so, and is
 * missing while it calls nothing so.
 *
 * Evaluations are those of each version's calendar from its first day on until the next version's. When two versions are evaluated on one
 * row the later one shows. Rows before an entity's first evaluation show what the version in force on the day after the row holds until
 * then. Cost: one pass and one set of columns a version.
 */
export function compileProgramme(versions: readonly VersionInForce[], panelSchema: PanelSchema): CompiledPolicy {
  const names = versions.flatMap(({ policy }) => measureNames(policy));
  const { schema, convert } = convertedPanel(panelSchema, names);
  for (const [position, { from }] of versions.entries())
    invariant(position === 0 || (versions[position - 1]?.from ?? from) < from, "versions in force do not ascend");
  const tiers = programmeTiers(versions);
  const { codes } = tiers;
  const compiled = versions.map((_, position) => compileVersion(versions, position, schema));
  const evaluated = compiled.filter(({ first }) => first !== undefined);
  const movement = programmeMovement(versions, schema, { codes, evaluated });
  const runs = new WeakMap<OutcomeFrame, ProgrammeRun>();
  const needsPeers = compiled.some(({ needs }) => needs.length > 0);

  /** Runs the kernels of each version that is evaluated by then, and calls `take` with what each gives. */
  function runVersions({ chunk, to, columns, peers }: KernelRun, take: (run: VersionRun) => void): void {
    const running = evaluated.filter(({ first }) => first !== undefined && first <= to);
    let state: { readonly position: number; readonly left: ScoringState } | undefined;
    for (const [index, version] of running.entries()) {
      const { position, plan, policy } = version;
      const evaluatedTo = lastEvaluated(plan, to);
      const end = Math.max(evaluatedTo, (running[index + 1]?.first ?? to + 1) - 1);
      const own = columns(version);
      const frame = emptyFrame(chunk, own.columns, true);
      const guarded = new Uint8Array(policy.movement.protect === undefined || !own.tiers ? 0 : chunk.rowCount);
      const run: ScoringRun = {
        chunk,
        frame,
        to: end,
        guarded,
        ...(peers === undefined ? {} : { peers: peersOfVersion(present(versions[position], "a version"), position, peers) }),
        ...(state === undefined ? {} : { before: takeOver(versions, { from: state.position, to: position }, state.left, chunk) }),
      };
      const left = version.kernelFor(own.columns, own.tiers)(run);
      state = { position, left: { ...left, evaluatedTo, seenTo: lastDayOf(schema.grain, evaluatedTo) } };
      take({ version, begin: index === 0 ? schema.firstPeriod : (version.first ?? to), end, frame, guarded });
    }
  }

  return {
    policy: latestVersion(versions),
    tiers: tiers.names,
    startTiers: startTiersOfProgramme(compiled, codes),
    needsPeers,
    gatherPeers(chunk, into, to = schema.lastPeriod) {
      requireWithin(schema, chunk);
      const columns = ({ needs }: CompiledVersion) => ({ columns: peerColumns(needs), tiers: false });
      runVersions({ chunk: convert(chunk), to: Math.min(to, schema.lastPeriod), columns }, ({ version, frame }) =>
        addPeerValues({ policy: version.policy, schema, needs: version.needs, first: version.firstNeed }, chunk, frame, into),
      );
    },
    kernelPlan: () => ({ form: "plain", plainColumns: [] }),
    run(chunk, options = {}) {
      requireWithin(schema, chunk);
      const { startTier, peers } = options;
      invariant(!needsPeers || peers !== undefined, `${latestVersion(versions).programme} compares peers, and nobody gathered them`);
      const to = Math.min(options.to ?? schema.lastPeriod, schema.lastPeriod);
      const asked = [...new Set(options.columns ?? [])];
      const frame = emptyFrame(chunk, asked, true);
      const run: VersionRun[] = [];
      const columns = ({ policy }: CompiledVersion) => ({ columns: asked.filter((name) => hasName(policy, name)), tiers: true });
      runVersions({ chunk: convert(chunk), to, columns, ...(peers === undefined ? {} : { peers }) }, (one) => {
        run.push(one);
        show(chunk, one, frame, present(codes[one.version.position], "tiers"));
      });
      movement.move(chunk, { versions: run, to, startTier }, frame);
      packStates(frame);
      const { tally } = options;
      if (tally !== undefined) addUp(chunk, frame, { firstPeriod: schema.firstPeriod, to, tiers: tiers.names.length }, tally);
      runs.set(frame, { versions: run, to, startTier });
      return frame;
    },
    rowsUntilStartForgotten(chunk, frame, { startTier, enteredBy }) {
      const rows = new Int32Array(chunk.entityCount);
      const run = present(runs.get(frame), "a frame of this programme");
      for (let entity = 0; entity < chunk.entityCount; entity++) {
        if ((chunk.firstPeriod[entity] as number) > enteredBy) continue;
        rows[entity] = movement.rowsUntilForgotten(chunk, { ...run, startTier }, frame, entity);
      }
      return rows;
    },
  };
}

interface KernelRun {
  readonly chunk: PanelChunk;
  readonly to: PeriodIndex;
  readonly columns: (version: CompiledVersion) => { readonly columns: readonly string[]; readonly tiers: boolean };
  readonly peers?: PeerValues;
}

/** Lays what a version shows over what the versions before it did, with tiers by their codes in the programme. */
function show(chunk: PanelChunk, { begin, end, frame: own }: VersionRun, frame: OutcomeFrame, codes: readonly number[]): void {
  for (let entity = 0; entity < chunk.entityCount; entity++) {
    const zero = (chunk.rowStart[entity] as number) - (chunk.firstPeriod[entity] as number);
    const to = Math.min(chunk.rowStart[entity + 1] as number, zero + end + 1);
    for (let row = Math.max(chunk.rowStart[entity] as number, zero + begin); row < to; row++) {
      const merited = own.merited[row] as number;
      frame.score[row] = own.score[row] as number;
      frame.merited[row] = merited < 0 ? -1 : (codes[merited] as number);
      frame.evaluated[row] = own.evaluated[row] as number;
      for (const [name, column] of frame.columns) column[row] = own.columns.get(name)?.[row] ?? Number.NaN;
    }
  }
}

/** The last period up to the cut on which the version is evaluated; there is one. */
function lastEvaluated({ evaluationDay, schema }: EvaluationPlan, to: PeriodIndex): PeriodIndex {
  return schema.firstPeriod + evaluationDay.subarray(0, to - schema.firstPeriod + 1).findLastIndex((day) => day !== NEVER);
}

/** Of the version that is evaluated first; when none is, of the first. */
function startTiersOfProgramme(compiled: readonly CompiledVersion[], codes: readonly (readonly number[])[]): readonly number[] {
  const first = compiled.find((version) => version.first !== undefined) ?? present(compiled[0], "a version");
  return startTiersOf(first.policy).map((code) => present(codes[first.position]?.[code], "a tier"));
}

function hasName({ metrics, scores, ledgers, conditions }: Policy, name: string): boolean {
  return [...metrics, ...scores, ...ledgers, ...conditions].some((named) => named.name === name);
}
