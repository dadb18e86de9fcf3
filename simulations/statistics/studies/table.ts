/** All studies, in the order of the table of statistics. */
import { panelDesignStudies } from "../panel-designs/studies.ts";
import { proportionStudies } from "../proportions/studies.ts";
import type { Study } from "./study.ts";

export const studies: readonly Study[] = [...proportionStudies, ...panelDesignStudies];
