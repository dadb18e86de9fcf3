/** What keeps units where they are: a locked rule may not move them, running experiments of one layer may not share them, those of one holdout keep out the same. */
import { canonicalJson, diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { dealtThing, type ExperimentDesign } from "../../simulations/experiments/index.ts";
import { openExperiment } from "./experiment-files.ts";

/** @throws InputRefused `units-would-move`. */
export function refuseMoves(before: ExperimentDesign, after: ExperimentDesign): void {
  if (before.assignment.kind === "recorded" && after.assignment.kind === "recorded") return;
  const moved = movedParts(before, after);
  if (moved.length === 0) return;
  const message = `'${after.name}' is locked, and another ${moved.join(", ")} would move units that are in it`;
  throw new InputRefused([diagnose("units-would-move", { message, found: moved.join(", ") })]);
}

function movedParts(before: ExperimentDesign, after: ExperimentDesign): readonly string[] {
  if (before.assignment.kind === "recorded" || after.assignment.kind === "recorded") return ["assignment"];
  const [a, b] = [before.assignment, after.assignment];
  const shares = ({ arms }: ExperimentDesign) => arms.map(({ name, share }) => ({ name, share }));
  const parts: readonly (readonly [string, unknown, unknown])[] = [
    ["set of arms", shares(before), shares(after)],
    ["algorithm", a.algorithm, b.algorithm],
    ["salt", a.salt, b.salt],
    ["way of dealing", dealtThing(before), dealtThing(after)],
    ["layer", a.layer ?? null, b.layer ?? null],
    ["holdout", a.holdout ?? null, b.holdout ?? null],
  ];
  return [
    ...parts.filter(([, from, to]) => canonicalJson(from) !== canonicalJson(to)).map(([name]) => name),
    ...((b.ramp ?? 1) < (a.ramp ?? 1) ? ["and smaller ramp"] : []),
  ];
}

/** @throws InputRefused `layer-taken`. */
export function refuseTakenLayer(store: Store, design: ExperimentDesign): void {
  const layer = design.assignment.kind === "rule" ? design.assignment.layer : undefined;
  if (layer === undefined) return;
  for (const { name, lockedAt } of store.experiments.list()) {
    if (name === design.name || lockedAt === undefined || store.experiments.decisions(name).some(({ decision }) => decision !== "hold"))
      continue;
    const { assignment } = openExperiment(store, name).design;
    const other = assignment.kind === "rule" ? assignment.layer : undefined;
    if (other === undefined || other.name !== layer.name || other.to <= layer.from || layer.to <= other.from) continue;
    throw new InputRefused([
      diagnose("layer-taken", {
        message: `'${name}' is running in ${percentText(other.from)} to ${percentText(other.to)} of the layer '${layer.name}', which overlaps with ${percentText(layer.from)} to ${percentText(layer.to)}`,
        found: layer.name,
      }),
    ]);
  }
}

/** The holdout that a design names, of which it keeps units out or which it measures, with its share. */
export function holdoutOf({ assignment, arms }: ExperimentDesign): { readonly name: string; readonly share: number } | undefined {
  if (assignment.kind === "recorded") return undefined;
  if (assignment.measures !== undefined) return { name: assignment.measures, share: arms[0]?.share ?? 0 };
  return assignment.holdout;
}

/** @throws InputRefused `holdout-differs`. */
export function refuseOtherHoldout(store: Store, design: ExperimentDesign): void {
  const own = holdoutOf(design);
  if (own === undefined) return;
  for (const { name, lockedAt } of store.experiments.list()) {
    if (name === design.name || lockedAt === undefined) continue;
    const other = holdoutOf(openExperiment(store, name).design);
    if (other === undefined || other.name !== own.name || other.share === own.share) continue;
    throw new InputRefused([
      diagnose("holdout-differs", {
        message: `'${name}' holds back ${percentText(other.share)} of the units as '${own.name}', and this design ${percentText(own.share)}`,
        found: own.name,
      }),
    ]);
  }
}

/** A share of the units: `2.5 %`. */
export function percentText(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}
