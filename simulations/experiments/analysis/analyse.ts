/** Design and observations -> Analysis: health first, then what may be read. */
import { digestOfValue } from "../../../data/foundation/index.ts";
import type { ExperimentDesign } from "../design/experiment-design.ts";
import type { Observations } from "../observations/observations.ts";
import type { Analysis } from "./analysis.ts";
import { judgeHealth } from "./health.ts";
import { recommend } from "./recommend.ts";
import { scorecardOf } from "./scorecard.ts";
import { segmentsOf } from "./segments.ts";
import { sensitivityOf } from "./sensitivity.ts";
import { timeCourseOf } from "./time-course.ts";

/** The digest of a design: its identity. */
export function designDigest(design: ExperimentDesign): string {
  return digestOfValue(design);
}

/**
 * Everything about an experiment's data. Pure: equal inputs give equal bytes. `look`: which of the planned looks this is; the last when left out.
 * Always-valid intervals are tightest at the planned number of units, or at those seen where none is planned.
 */
export function analyse(design: ExperimentDesign, observed: Observations, { look }: { readonly look?: number | undefined } = {}): Analysis {
  const seen = observed.arms.reduce((sum, { units }) => sum + units, 0);
  const tunedFor = Math.max(design.units ?? seen, 1);
  const health = judgeHealth(design, observed);
  const number = design.looks.kind === "group-sequential" ? (look ?? design.looks.count) : undefined;
  const scorecard = scorecardOf(design, observed.arms, { tunedFor, look: number === undefined ? undefined : { number } });
  return {
    experiment: design.name,
    designDigest: designDigest(design),
    level: design.level,
    units: seen,
    arms: design.arms.map(({ name, share }, index) => ({ name, planned: share, units: observed.arms[index]?.units ?? 0 })),
    health,
    scorecard,
    segments: segmentsOf(design, observed),
    timeCourse: timeCourseOf(design, observed, tunedFor),
    sensitivity: sensitivityOf(design, observed),
    recommendations: recommend(design, scorecard, health.state),
  };
}
