/** Plans that look several times at values that grow. */
import { dealtThing, type ExperimentDesign } from "./experiment-design.ts";

/** Whether values grow while a plan watches that has several looks and says from when to when. */
export function growsByPlan({ looks, start, weeks, columns, metrics, assignment }: ExperimentDesign): boolean {
  const primary = metrics.filter(({ role }) => role === "primary");
  return (
    looks.kind === "group-sequential" &&
    start !== undefined &&
    weeks !== undefined &&
    columns.day !== undefined &&
    dealtThing({ assignment }).kind !== "switchback" &&
    primary.some(({ window }) => window === undefined) &&
    primary.every(({ form }) => form.kind !== "quantile")
  );
}
