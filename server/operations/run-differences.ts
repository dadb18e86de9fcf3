/** What two comparisons were made with otherwise, and what each of it means for setting their figures side by side. */
import { diagnose, InputRefused, present } from "../../data/foundation/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import { diffPolicies, type Policy, type PolicyDiff } from "../../policies/language/index.ts";
import { provenanceOf } from "./stored-comparison.ts";

/** One thing that differs. */
export interface RunDifference {
  readonly name: string;
  readonly first: string;
  readonly second: string;
  readonly words: string;
  /** The figures are about other entities or another time: no difference of theirs is one of the policies. */
  readonly isIncomparable: boolean;
  readonly changes: PolicyDiff["changes"];
}

/** A run, and which of its candidates is meant. */
export interface ChosenRun {
  readonly run: RunRecord;
  readonly baseline: Policy;
  readonly candidate: Policy;
}

/** In the order in which they matter: what makes the figures incomparable first. Empty when the two were made with the same. */
export function runDifferences(store: Store, first: ChosenRun, second: ChosenRun): readonly RunDifference[] {
  const input = (name: string): readonly [string, string] => [textOf(first.run.inputs[name]), textOf(second.run.inputs[name])];
  const [dataset, from, to] = [input("dataset"), input("from"), input("to")];
  const titleOf = ({ datasetId }: RunRecord): string => {
    const found = store.datasets.find(datasetId)[0];
    return found === undefined ? datasetId : `${found.manifest.title} (${found.id})`;
  };
  const range = [`${from[0]} to ${to[0]}`, `${from[1]} to ${to[1]}`] as const;
  const plain = (name: string, [a, b]: readonly [string, string], words: string, isIncomparable = false): readonly RunDifference[] =>
    a === b ? [] : [{ name, first: a, second: b, words, isIncomparable, changes: [] }];
  return [
    ...(dataset[0] === dataset[1]
      ? []
      : plain(
          "Dataset",
          [titleOf(first.run), titleOf(second.run)],
          "The two look at different histories: counts and sums of one say nothing about those of the other.",
          true,
        )),
    ...plain(
      "Range",
      range,
      to[0] === to[1]
        ? "They end on the same day but begin on different ones: figures at the end can be set side by side, figures over the range cannot."
        : "They end on different days: figures at the end are about different moments.",
      true,
    ),
    ...policyDifference(
      "Baseline",
      first.baseline,
      second.baseline,
      "Movers are counted from another policy: a mover of one need not be one of the other.",
    ),
    ...policyDifference("Candidate", first.candidate, second.candidate, "This is what the two propose otherwise."),
    ...plain(
      "Segments",
      input("segments"),
      "They part entities into other groups: whether a group lies beyond chance is judged among those that were looked at.",
    ),
    ...plain("Level of intervals", input("level"), "Intervals of different levels differ in width by themselves."),
    ...plain("Seed", input("seed"), "Intervals by resampling differ by chance; counts do not."),
    ...plain("Replicates", input("replicates"), "Intervals by resampling differ by chance; counts do not."),
    ...plain("Assumptions", input("assumptions"), "What is assumed about behaviour differs: scenarios of sales do, too."),
    ...plain("Criteria", input("criteria"), "What was written down as a pass differs; no figure depends on it."),
    ...plain("Code", input("code"), "Different versions of the program computed them: a figure may differ for that alone."),
  ];
}

function policyDifference(name: string, first: Policy, second: Policy, words: string): readonly RunDifference[] {
  if (first.digest === second.digest) return [];
  const reference = ({ programme, version }: Policy) => `${programme}@${version}`;
  const { changes } = diffPolicies(first, second);
  return [
    { name, first: reference(first), second: reference(second), words, isIncomparable: first.programme !== second.programme, changes },
  ];
}

/** A run with its baseline and one of its candidates, the first by default. @throws InputRefused `bad-request`. */
export function chosenRun(run: RunRecord, version: string | undefined): ChosenRun {
  const { policies } = provenanceOf(run);
  const baseline = present(
    policies.find(({ role }) => role === "baseline"),
    "a baseline",
  ).policy;
  const candidates = policies.filter(({ role }) => role === "candidate").map(({ policy }) => policy);
  const candidate = version === undefined ? candidates[0] : candidates.find((policy) => policy.version === version);
  if (candidate !== undefined) return { run, baseline, candidate };
  const expected = candidates.map((policy) => policy.version).join(", ");
  throw new InputRefused([diagnose("bad-request", { message: `run ${run.id} has no candidate ${JSON.stringify(version)}`, expected })]);
}

/** A part of a run's inputs as a text; digests in their first digits. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return "as by default";
  const text = typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}
