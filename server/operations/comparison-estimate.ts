/** `comparison estimate`: how large a comparison is, and how long it should take by what earlier ones of this home took. */
import { z } from "zod";
import { parseDay, periodOf } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { segmentationsOf } from "../../simulations/comparison/described/index.ts";
import { comparisonFields, comparisonFlags, planComparison } from "./compare.ts";
import { defineOperation } from "./operation.ts";

/** Of so many of the latest comparisons so many that are nearest in size are taken. */
const timingsRead = 50;
const timingsTaken = 5;

const estimateShape = z.object({
  entities: z.number().int(),
  entity: z.string(),
  grain: z.enum(["day", "week", "month"]),
  periods: z.number().int(),
  policies: z.number().int().describe("The baseline and the candidates"),
  size: z.number().int().describe("Entities x periods x policies; whichever segments are chosen, everyone is replayed"),
  segments: z.array(z.string()).describe("What entities are parted by"),
  expected: z
    .object({
      seconds: z.number(),
      lower: z.number(),
      upper: z.number(),
      comparisons: z.number().int(),
      times: z.number().describe("The size of this comparison over that of the one that is nearest to it"),
    })
    .optional()
    .describe(
      "By the time for each entity, period and policy of the comparisons of this home that are nearest in size: their median, lowest and highest. Absent before the first one.",
    ),
  stored: z.string().optional().describe("The run that holds the result already"),
});

export type ComparisonEstimate = z.output<typeof estimateShape>;

export const comparisonEstimate = defineOperation({
  name: "comparison estimate",
  summary: "Says how large a comparison is before it starts, and how long it should take by what earlier comparisons of this home took.",
  input: z.strictObject(comparisonFields),
  output: estimateShape,
  isHeavy: true,
  command: { arguments: [], flags: comparisonFlags },
  route: { method: "post", path: "/api/comparisons/estimate" },
  perform: (request, context) => {
    const { dataset, candidates, range, segments, inputs } = planComparison(request, context);
    const { manifest } = dataset;
    const [periods, policies] = [range.to - range.from + 1, 1 + candidates.length];
    const size = manifest.entities * periods * policies;
    const expected = expectedOf(context.store, size);
    const stored = context.store.runs.findByInputs("comparison", inputs)?.id;
    return {
      entities: manifest.entities,
      entity: manifest.schema.entity,
      grain: manifest.schema.grain,
      periods,
      policies,
      size,
      segments: [...(segments ?? segmentationsOf(manifest.schema))],
      ...(expected === undefined ? {} : { expected }),
      ...(stored === undefined ? {} : { stored }),
    };
  },
  print: (estimate) =>
    `${estimate.entities} ${estimate.entity}s x ${estimate.periods} ${estimate.grain}s x ${estimate.policies} policies, parted by ${estimate.segments.join(", ")}. ${timingWords(estimate)}`,
});

/**
 * How long it should take, said as what it is.
 *
 * @example
 * timingWords({ entities: 1500, entity: "seller", grain: "week", periods: 52, policies: 2, size: 156000, segments: ["region"], expected: { seconds: 6.2, lower: 4.1, upper: 9, comparisons: 3, times: 1 } })
 * // => "About 6 seconds (4 to 9), if each seller, week and policy takes as long as in the 3 earlier comparisons nearest in size. That is what they took, no promise."
 */
export function timingWords({ entity, grain, expected, stored }: ComparisonEstimate): string {
  if (stored !== undefined) return "It was made already and opens at once.";
  if (expected === undefined) return "No comparison was made in this home yet, so that nothing can be said of the time.";
  const { seconds, lower, upper, comparisons, times } = expected;
  const who = comparisons === 1 ? "the one earlier comparison" : `the ${comparisons} earlier comparisons nearest in size`;
  const between = comparisons === 1 ? "" : ` (${secondsWords(lower)} to ${secondsWords(upper)})`;
  const far = times > 10 || times < 0.1 ? ` They were ${times > 1 ? "much smaller" : "much larger"}, which makes it a guess.` : "";
  return `About ${secondsWords(seconds)} seconds${between}, if each ${entity}, ${grain} and policy takes as long as in ${who}. That is what they took, no promise.${far}`;
}

function secondsWords(seconds: number): string {
  return seconds < 0.95 ? seconds.toFixed(1) : String(Math.round(seconds));
}

function expectedOf(store: Store, size: number): ComparisonEstimate["expected"] {
  const taken = timingsOf(store)
    .toSorted((a, b) => Math.abs(Math.log(a.size / size)) - Math.abs(Math.log(b.size / size)))
    .slice(0, timingsTaken);
  const [nearest] = taken;
  if (nearest === undefined) return undefined;
  const each = taken.map((one) => one.seconds / one.size).toSorted((a, b) => a - b);
  const middle = ((each[(each.length - 1) >> 1] ?? 0) + (each[each.length >> 1] ?? 0)) / 2;
  const secondsFor = (rate: number | undefined): number => (rate ?? 0) * size;
  return {
    seconds: secondsFor(middle),
    lower: secondsFor(each[0]),
    upper: secondsFor(each.at(-1)),
    comparisons: taken.length,
    times: size / nearest.size,
  };
}

/** What earlier comparisons took, each with its size. Queueing is not part of it. */
function timingsOf(store: Store): readonly { readonly size: number; readonly seconds: number }[] {
  const manifests = new Map(store.datasets.list().map(({ id, manifest }) => [id, manifest]));
  return store.comparisons.timings(timingsRead).flatMap(({ datasetId, inputs, startedAt, finishedAt }) => {
    const manifest = manifests.get(datasetId);
    if (manifest === undefined) return [];
    const { entities, schema } = manifest;
    const [from, to] = [parseDay(String(inputs["from"])), parseDay(String(inputs["to"]))];
    const candidates = inputs["candidates"];
    const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
    if (from === undefined || to === undefined || !Array.isArray(candidates) || !(seconds > 0)) return [];
    const periods = periodOf(schema.grain, to) - periodOf(schema.grain, from) + 1;
    return [{ size: entities * periods * (1 + candidates.length), seconds }];
  });
}
