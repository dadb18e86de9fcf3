/** All studies, in the order of the table of statistics. */
import { decisionStudies } from "../decisions/studies.ts";
import { meanStudies } from "../means/studies.ts";
import { proportionStudies } from "../proportions/studies.ts";
import { ratioStudies } from "../ratios/studies.ts";
import type { Study } from "./study.ts";

export const studies: readonly Study[] = [...meanStudies, ...proportionStudies, ...ratioStudies, ...decisionStudies];
