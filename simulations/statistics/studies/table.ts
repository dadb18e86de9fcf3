/** All studies, in the order of the table of statistics. */
import { proportionStudies } from "../proportions/studies.ts";
import type { Study } from "./study.ts";

export const studies: readonly Study[] = [...proportionStudies];
