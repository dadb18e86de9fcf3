/** How much a policy experiment leaks on a panel's own market: exposure, expected bias, and what other designs would do. */
import { diagnose, formatPeriod, InputRefused } from "../../../data/foundation/index.ts";
import type { Panel, PanelSchema } from "../../../data/panel/index.ts";
import type { Policy } from "../../../policies/language/checked/index.ts";
import { clusterColumn, type ExperimentDesign } from "../design/experiment-design.ts";
import { pastWindow } from "../past/past-window.ts";
import { type ExpectedBias, expectedBias, unitsApart, unitsBy } from "./expected-bias.ts";
import { type ExposureOfArm, exposureByArm } from "./exposure.ts";
import { marketOf } from "./market.ts";
import { bestWithoutBias, type DesignTried, tryDesigns } from "./simulate-designs.ts";

/** Attributes that buyers may stay within, at most; and the values that one may have. */
const groupsMax = 2;
const valuesMax = 60;
/** Share of an effect that comes a period late, for the second row of the switchback. */
const carryOver = 0.25;
/** Ways of dealing that are drawn for each design: fewer where there are many units, so that the cost stays. */
const [seedsLeast, seedsMost, unitsDealt] = [200, 2_000, 200_000_000];

/** What is assumed of buyers, by scenario: the share of a lost sale that others make instead. */
export interface LeakAssumptions {
  readonly name: string;
  readonly elasticity: number;
  readonly displacement: Readonly<Record<"low" | "central" | "high", number>>;
}

/** What is said of one candidate. Sales of a unit over the window, in units of the measure. */
export interface Leak {
  readonly window: { readonly from: string; readonly to: string };
  readonly measure: string;
  /** Buyers go from one unit to another with the same values of these. */
  readonly groupBy: readonly string[];
  readonly assumptions: string;
  readonly exposure: readonly ExposureOfArm[];
  /** Of the design's own way of dealing. */
  readonly biases: readonly (ExpectedBias & { readonly scenario: "low" | "central" | "high" })[];
  /** At the central displacement. */
  readonly designs: readonly DesignTried[];
  readonly avoid?: DesignTried;
}

/** Who is asked about. */
export interface LeakRequest {
  readonly panel: Panel;
  readonly baseline: Policy;
  readonly candidate: Policy;
  /** The candidate's position among the arms. */
  readonly arm: number;
  /** The position of an entity's arm, -1 for none. */
  readonly armOf: (entity: string) => number;
  readonly assumptions: LeakAssumptions;
}

/**
 * Over the weeks before the experiment, as if it had been then. Deterministic. @throws InputRefused `bad-request` where the panel has no sales, `period-outside`.
 * Cost: one replay of both policies; units x seeds.
 */
export function leakOf(design: ExperimentDesign, request: LeakRequest): Leak {
  const { panel, baseline, candidate, arm, armOf, assumptions } = request;
  const { schema } = panel;
  const measure = schema.gmvMeasure ?? schema.ordersMeasure;
  if (measure === undefined)
    throw new InputRefused([
      diagnose("bad-request", { message: "the dataset names no measure of sales or orders: what moves between units cannot be told" }),
    ]);
  const { window: whole } = pastWindow(design, schema);
  // Turns go by pairs of periods.
  const window = { from: whole.from + ((whole.to - whole.from + 1) % 2), to: whole.to };
  const groupBy = groupsOf(design, schema);
  const market = marketOf({
    panel,
    baseline,
    candidate,
    from: window.from,
    to: window.to,
    measure,
    groupBy,
    elasticity: assumptions.elasticity,
  });
  const cluster = clusterColumn(design);
  const parts = cluster === undefined || !groupBy.includes(cluster) ? unitsApart(market) : unitsBy(market, [cluster]);
  const [control, treated] = [design.arms[0]?.share ?? 0, design.arms[arm]?.share ?? 0];
  const clusterings = [...groupBy.map((name) => [name]), ...(groupBy.length > 1 ? [groupBy] : [])];
  const designs = tryDesigns({
    market,
    displacement: assumptions.displacement.central,
    share: treated / (treated + control),
    clusterings,
    periodName: schema.grain,
    carryOver,
    seeds: Math.max(seedsLeast, Math.min(seedsMost, Math.round(unitsDealt / market.entities.length))),
    seed: 1,
  });
  const avoid = bestWithoutBias(designs);
  return {
    window: { from: formatPeriod(schema.grain, window.from), to: formatPeriod(schema.grain, window.to) },
    measure,
    groupBy,
    assumptions: assumptions.name,
    exposure: exposureByArm(market, { arms: design.arms.map(({ name }) => name), armOf, candidate: arm }),
    biases: (["low", "central", "high"] as const).map((scenario) => ({
      scenario,
      ...expectedBias(market, assumptions.displacement[scenario], parts),
    })),
    designs,
    ...(avoid === undefined ? {} : { avoid }),
  };
}

/** The panel's first text attributes with a few values each, the design's cluster first. */
function groupsOf(design: ExperimentDesign, { attributes }: PanelSchema): readonly string[] {
  const own = clusterColumn(design);
  const few = attributes
    .filter(({ type, values = [] }) => type === "text" && values.length > 1 && values.length <= valuesMax)
    .map(({ name }) => name);
  return [...new Set([...(own === undefined || !few.includes(own) ? [] : [own]), ...few])].slice(0, groupsMax);
}
