/** The criteria of a comparison: read before it runs, kept with it, and what became of them. */
import { z } from "zod";
import { digestOf, hasErrors, InputRefused, limits } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import {
  type CandidatesTried,
  type Comparison,
  type CriteriaRecord,
  canonicalOf,
  type OutOfTime,
  type ReadCriteria,
  type ResolvedCriterion,
  readCriteriaFile,
  readCriteriaLines,
  readVerdict,
  resolveCriteria,
  type Verdict,
} from "../../simulations/comparison/described/index.ts";
import { readGiven } from "./given-text.ts";
import type { OperationContext } from "./operation.ts";
import { type KeptCriteria, type policyIdentity, provenanceOf } from "./stored-comparison.ts";

/** A file of criteria, its text, or the lines themselves. */
export const criteriaShape = z.union([
  z.string().min(1).max(4096),
  z
    .strictObject({ file: z.string().min(1).max(1000).default("criteria.yaml"), text: z.string() })
    .describe("The file's own text, and the name to show for it."),
  z.array(z.string().max(200)).max(limits.criteria.value).describe("The criteria, line by line"),
]);

/** The name of criteria that came line by line, in places. */
export const criteriaLinesName = "criteria";

/** Reads criteria and finds what they speak of in the dataset. @throws InputRefused with every fault and its place. */
export function readCriteria(
  source: z.output<typeof criteriaShape>,
  on: { readonly programme: string; readonly schema: PanelSchema; readonly segments?: readonly string[] | undefined },
  context: OperationContext,
): KeptCriteria | undefined {
  const { criteria, diagnostics, file } = readSource(source, on.programme, context);
  if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
  const resolved = resolveCriteria(criteria, on.schema, on.segments);
  if (hasErrors(resolved.diagnostics)) throw new InputRefused(resolved.diagnostics);
  if (criteria.length === 0) return undefined;
  return { file, lines: criteria.map(({ words }) => words), digest: digestOf(criteria.map(canonicalOf).toSorted().join("\n")) };
}

function readSource(
  source: z.output<typeof criteriaShape>,
  programme: string,
  context: OperationContext,
): ReadCriteria & { readonly file: string } {
  if (Array.isArray(source)) return { ...readCriteriaLines(source, criteriaLinesName), file: criteriaLinesName };
  const { file, text } = readGiven(source, context);
  return { ...readCriteriaFile({ text, file, programme }), file };
}

/** The criteria of a stored run on its dataset's columns; empty when it has none. */
function criteriaOf(store: Store, run: RunRecord): readonly ResolvedCriterion[] {
  const kept = provenanceOf(run).criteria;
  const dataset = store.datasets.find(run.datasetId)[0];
  if (kept === undefined || dataset === undefined) return [];
  return resolveCriteria(readCriteriaLines(kept.lines, kept.file).criteria, dataset.manifest.schema).criteria;
}

/** What a run's report says beyond its figures: how its criteria read, when they were written, and how often the data were asked. */
export interface Standing {
  readonly tried: CandidatesTried;
  /** By candidate, in order; absent when the run carries no criteria. */
  readonly verdicts?: readonly { readonly verdict: Verdict; readonly record: CriteriaRecord }[];
}

/** The standing of a run, among the runs that were kept up to it: later runs do not change it. */
export function standingOf(store: Store, run: RunRecord, comparison: Comparison): Standing {
  const inputs = run.inputs as unknown as ComparisonInputs;
  const runs = store.runs
    .comparisonsUpTo(run.id, inputs.dataset)
    .map(({ id, createdAt, inputs: given }) => ({ id, createdAt, ...(given as unknown as ComparisonInputs) }))
    .filter(({ baseline }) => baseline.programme === inputs.baseline.programme);
  const digests = runs.flatMap(({ baseline, candidates }) =>
    candidates.map(({ digest }) => digest).filter((digest) => digest !== baseline.digest),
  );
  const outOfTime = outOfTimeOf(store, runs, inputs, comparison);
  const tried = { candidates: new Set(digests).size, runs: runs.length, ...(outOfTime.length === 0 ? {} : { outOfTime }) };
  const criteria = criteriaOf(store, run);
  const kept = provenanceOf(run).criteria;
  if (criteria.length === 0 || kept === undefined) return { tried };
  const first = Math.max(
    0,
    runs.findIndex((one) => one.criteria === kept.digest),
  );
  const before = runs.slice(0, first);
  const recorded = runs[first];
  return {
    tried,
    verdicts: comparison.candidates.map((candidate) => ({
      verdict: readVerdict({ comparison, candidate }, criteria),
      record: {
        ...kept,
        recordedAt: recorded?.createdAt ?? run.createdAt,
        recordedBy: recorded?.id ?? run.id,
        runsBefore: {
          ofPair: before.filter(
            ({ baseline, candidates }) =>
              baseline.digest === comparison.baseline.policy.digest && candidates.some(({ digest }) => digest === candidate.policy.digest),
          ).length,
          onData: before.length,
        },
      },
    })),
  };
}

/** What the latest of the runs over earlier ranges found of the same pair, beside what this one finds: a choice by the former does not flatter the latter. */
function outOfTimeOf(
  store: Store,
  runs: readonly (ComparisonInputs & { readonly id: string })[],
  { baseline, from }: ComparisonInputs,
  comparison: Comparison,
): readonly OutOfTime[] {
  const earlier = runs.filter(({ to }) => to < from);
  const among = new Set(earlier.flatMap(({ candidates }) => candidates.map(({ digest }) => digest))).size;
  return comparison.candidates.flatMap(({ version, policy, movement }) => {
    const last = earlier.findLast(
      (run) => run.baseline.digest === baseline.digest && run.candidates.some(({ digest }) => digest === policy.digest),
    );
    if (last === undefined) return [];
    const found = store.runs.result(last.id) as Comparison;
    const then = found.candidates.find((one) => one.policy.digest === policy.digest);
    if (then === undefined) return [];
    return [{ version, run: last.id, to: last.to, among, earlier: then.movement.moversShare, here: movement.moversShare }];
  });
}

/** What a comparison's inputs say of who is compared, and by which criteria. */
interface ComparisonInputs {
  readonly dataset: string;
  readonly baseline: ReturnType<typeof policyIdentity>;
  readonly candidates: readonly ReturnType<typeof policyIdentity>[];
  readonly criteria?: string;
  /** First and last day of the range, by the last days of its periods. */
  readonly from: string;
  readonly to: string;
}
