/** All studies, in the order of the table of statistics. */
import { bayesianStudies } from "../bayesian/studies.ts";
import { decisionStudies } from "../decisions/studies.ts";
import { dependenceStudies } from "../dependence/studies.ts";
import { distanceStudies } from "../distances/studies.ts";
import { meanStudies } from "../means/studies.ts";
import { multiplicityStudies } from "../multiplicity/studies.ts";
import { panelDesignStudies } from "../panel-designs/studies.ts";
import { partialLabelStudies } from "../partial-labels/studies.ts";
import { proportionStudies } from "../proportions/studies.ts";
import { ratioStudies } from "../ratios/studies.ts";
import { resamplingStudies } from "../resampling/studies.ts";
import { sampleRatioStudies } from "../sample-ratio/studies.ts";
import { sequentialStudies } from "../sequential/studies.ts";
import type { Study } from "./study.ts";

export const studies: readonly Study[] = [
  ...meanStudies,
  ...proportionStudies,
  ...ratioStudies,
  ...dependenceStudies,
  ...resamplingStudies,
  ...decisionStudies,
  ...sequentialStudies,
  ...sampleRatioStudies,
  ...multiplicityStudies,
  ...bayesianStudies,
  ...distanceStudies,
  ...partialLabelStudies,
  ...panelDesignStudies,
];
