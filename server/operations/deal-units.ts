/** The units of a dataset or a file dealt by the rule of a design; a list is dealt at once, and kept. */
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { ExperimentRecords, Store } from "../../data/store/index.ts";
import {
  dealing,
  dealList,
  dealtThing,
  type ExperimentDesign,
  isHeldOut,
  ruleOf,
  type SetAside,
  setAsideReasons,
  type WrittenBefore,
} from "../../simulations/experiments/index.ts";
import type { UnitsToDeal } from "./units-to-deal.ts";

/** What came of every unit, in the order given. */
export interface DealtUnits {
  readonly units: readonly string[];
  /** Positions of arms; -1 in none. */
  readonly arms: Int32Array;
  /** Why a unit is in no analysis: a position in `setAsideReasons`, -1 for those that are in one. */
  readonly reasons: Int32Array;
  readonly setAside: Readonly<Partial<Record<SetAside, number>>>;
  /** Of a list: deals that were tried, how far apart the arms are, and how far they may be. */
  readonly list?: { readonly added: number; readonly deals: number; readonly distance: number; readonly accepted: number };
}

/** All lists that an experiment has dealt, together: later ones only hold units that were not there before. */
export function listedArms(experiments: ExperimentRecords, { name, arms }: ExperimentDesign): ReadonlyMap<string, number> {
  const positions = new Map(arms.map((arm, index) => [arm.name, index]));
  return new Map(experiments.listed(name).map(({ unit, arm }) => [unit, positions.get(arm) ?? -1]));
}

/** The list and the log of an experiment, as far as there are any: what observations are joined to. */
export function writtenBefore({ experiments }: Store, design: ExperimentDesign): WrittenBefore {
  const log = experiments.exposures(design.name);
  return {
    ...(dealtThing(design).kind === "list" ? { listed: listedArms(experiments, design) } : {}),
    ...(log.length === 0 ? {} : { exposures: { units: log.map(({ unit }) => unit), days: log.map(({ day }) => day) } }),
  };
}

/**
 * Deals units. Of a list those that are new are dealt together and kept (`adds`); those that have an arm keep it. @throws InputRefused `bad-request` for a
 * switchback, whose spans are dealt by day; `experiment-open` for a list of a design that is not locked.
 */
export function dealUnits(
  store: Store,
  design: ExperimentDesign,
  told: UnitsToDeal,
  { adds = true }: { readonly adds?: boolean } = {},
): DealtUnits {
  const deals = dealtThing(design);
  if (deals.kind === "switchback") {
    throw new InputRefused([
      diagnose("bad-request", {
        message: "a switchback deals every unit anew in every span of days",
        cure: "Observations are joined to their spans by their day; nothing is dealt beforehand.",
      }),
    ]);
  }
  const clusters = deals.kind === "cluster" ? told.texts.get(deals.column) : undefined;
  const list = deals.kind === "list" && adds ? addToList(store, design, told) : undefined;
  const deal = dealing(design, deals.kind === "list" ? listedArms(store.experiments, design) : undefined);
  const arms = new Int32Array(told.units.length);
  const reasons = new Int32Array(told.units.length).fill(-1);
  const setAside: Partial<Record<SetAside, number>> = {};
  for (const [index, unit] of told.units.entries()) {
    const dealt = deal(clusters?.[index] ?? unit);
    arms[index] = dealt.arm;
    if (dealt.setAside === undefined) continue;
    reasons[index] = setAsideReasons.indexOf(dealt.setAside);
    setAside[dealt.setAside] = (setAside[dealt.setAside] ?? 0) + 1;
  }
  return { units: told.units, arms, reasons, setAside, ...(list === undefined ? {} : { list }) };
}

function addToList(store: Store, design: ExperimentDesign, { units, texts, numbers }: UnitsToDeal): NonNullable<DealtUnits["list"]> {
  if (store.experiments.find(design.name)?.lockedAt === undefined)
    throw new InputRefused([diagnose("experiment-open", { message: `the design of '${design.name}' is not locked`, found: design.name })]);
  const rule = ruleOf(design);
  const known = listedArms(store.experiments, design);
  const fresh = [...units.keys()].filter((index) => !known.has(units[index] as string) && !isHeldOut(rule, units[index] as string));
  if (fresh.length === 0) return { added: 0, deals: 0, distance: 0, accepted: 0 };
  const pick = (index: number): string => [...texts.values()].map((column) => column[index] as string).join("\u001f");
  const dealt = dealList(
    { salt: `${rule.salt} ${known.size}`, shares: design.arms.map(({ share }) => share) },
    {
      units: fresh.map((index) => units[index] as string),
      strata: fresh.map(pick),
      covariates: [...numbers.values()].map((column) => Float64Array.from(fresh, (index) => column[index] as number)),
    },
  );
  store.experiments.addToList(
    design.name,
    fresh.map((index, place) => ({ unit: units[index] as string, arm: design.arms[dealt.arms[place] as number]?.name ?? "" })),
  );
  return { added: fresh.length, deals: dealt.deals, distance: dealt.distance, accepted: dealt.accepted };
}
