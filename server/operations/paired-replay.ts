/** What a replay against a baseline gives beyond one policy's: the paired table, the figures of its last period, and their words. */
import { z } from "zod";
import { formatPeriod, present, requireExact } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import type { RunRecord, Store } from "../../data/store/index.ts";
import type { Policy } from "../../policies/language/index.ts";
import type { Errors, GmvAtStake, SegmentRow } from "../../simulations/comparison/described/index.ts";
import type { PairedGroups } from "../../simulations/comparison/index.ts";
import type { ReplaySummary } from "../../simulations/replay/index.ts";
import type { Estimated } from "../../simulations/statistics/index.ts";
import { type PairedFacts, pairedErrors, pairedSentence } from "../../views/index.ts";
import { errorsShape, gmvShape, movementFields, segmentShape, tiersShape } from "./comparison-shape.ts";
import { estimatedShape } from "./shapes.ts";
import { plainSpaces, textTable } from "./text-table.ts";

const testShape = z.looseObject({ kind: z.string() });

/** The pairs, and who moves at the end. */
export const pairedFields = {
  pairs: z
    .array(
      z.object({
        period: z.string(),
        baseline: z.string().describe("Tier held under the baseline"),
        candidate: z.string().describe("Tier held under the policy that is replayed"),
        entities: z.number().int(),
        gmv: z.number().int().optional().describe("GMV of the period, in minor units"),
      }),
    )
    .describe("Entities and GMV by period and pair of held tiers; pairs that nobody holds are left out"),
  tiers: z.object({ baseline: tiersShape, candidate: tiersShape }).describe("Both ladders, best first"),
  movement: z
    .object({
      ...movementFields,
      inFrame: z.number().int(),
      newlyAdverse: z.number().int(),
      released: z.number().int(),
      moversShare: estimatedShape,
      tests: z.object({ stuartMaxwell: testShape, bowker: testShape }),
    })
    .describe("Who moves in the last period: the figures that `compare` gives for the date, each as the reports define it"),
  gmv: gmvShape.optional().describe("Sales at stake, as `compare` gives them for the date; sums know no single entity, so no interval"),
  segments: z
    .array(segmentShape)
    .optional()
    .describe(
      "Who bears it: those who are there in the last period by attribute, size and age, as `compare` parts them; absent in older runs",
    ),
  errors: z
    .array(errorsShape)
    .optional()
    .describe("Error rates from the labels known by the pin, as `compare` gives them but for the estimates; absent in older runs"),
  entity: z.string(),
  grain: z.enum(["day", "week", "month"]),
};

const pairedShape = z.object(pairedFields);
type Paired = z.output<typeof pairedShape>;

/** From the summary of both, the baseline first. Errors: InputRefused `limit-exceeded` where GMV is no exact integer any more. */
export async function pairedResult(
  { pairs, groups, to }: ReplaySummary,
  policies: readonly [Policy, Policy],
  schema: PanelSchema,
  asked: PairedGroups,
): Promise<Paired> {
  const [baseline, candidate] = policies;
  const { grain, entity } = schema;
  const { describeLabels, describePairs, describeStakes, drawUnlessAsked, tierViews } = await import(
    "../../simulations/comparison/index.ts"
  );
  const table = present(pairs, "the paired table");
  const parted = present(groups, "the groups");
  const at = formatPeriod(grain, to);
  return pairedShape.parse({
    pairs: table.cells.map(({ key: [period = "", before = "", after = ""], sums: [entities, gmv] }) => ({
      period,
      baseline: before,
      candidate: after,
      entities: Number(entities),
      ...(gmv === undefined ? {} : { gmv: requireExact(Number(gmv), () => `GMV of ${period} in tiers ${before} and ${after}`) }),
    })),
    tiers: { baseline: tierViews(baseline), candidate: tierViews(candidate) },
    movement: describePairs(table, { baseline, candidate, at, ...drawUnlessAsked }),
    ...describeStakes(parted, { baseline, candidate, schema, to, ...drawUnlessAsked }),
    errors: describeLabels(parted, asked, { policies, schema, to, ...drawUnlessAsked }),
    entity,
    grain,
  });
}

/** What sentences and pages are made from. */
export function pairedFacts(
  { movement, tiers, entity, grain, gmv, segments, errors }: Paired,
  { baseline, candidate }: { readonly baseline: PolicyName; readonly candidate: PolicyName },
): PairedFacts {
  return {
    movement: { ...movement, moversShare: movement.moversShare as Estimated },
    baseline: { name: nameBeside(baseline, candidate), tiers: tiers.baseline },
    candidate: { name: nameBeside(candidate, baseline), tiers: tiers.candidate },
    entity,
    grain,
    gmv: gmv as GmvAtStake | undefined,
    segments: segments as readonly SegmentRow[] | undefined,
    errors: errors as readonly Errors[] | undefined,
  };
}

/** What a policy is called beside another one: its version says enough within one programme. */
export function nameBeside({ programme, version }: PolicyName, other: Pick<PolicyName, "programme">): string {
  return programme === other.programme ? version : `${programme} ${version}`;
}

/** Those of a stored run; undefined where it was no replay against a baseline. */
export function storedPairedFacts(store: Store, run: RunRecord): PairedFacts | undefined {
  if (run.kind !== "replay" || run.inputs["against"] === undefined) return undefined;
  const { policy, against } = storedShape.parse(store.runs.result(run.id));
  return pairedFacts(against, { baseline: against.policy, candidate: policy });
}

const policyName = z.object({ programme: z.string(), version: z.string() });
const storedShape = z.object({ policy: policyName, against: pairedShape.extend({ policy: policyName }) });

interface PolicyName {
  readonly programme: string;
  readonly version: string;
}

/** The finding, then the matrix of the last period, then what labels tell of it. */
export function pairedText(facts: PairedFacts): string {
  const { movement, baseline, candidate } = facts;
  const matrix = textTable(
    [`${baseline.name} \\ ${candidate.name}`, ...movement.columns],
    movement.rows.map((row, index) => [row, ...(movement.matrix[index] ?? []).map(String)]),
  );
  const wrongly = pairedErrors(facts);
  return `${plainSpaces(pairedSentence(facts))}\n\n${matrix}\n${wrongly === undefined ? "" : `\n${plainSpaces(wrongly.said)}\n`}`;
}
