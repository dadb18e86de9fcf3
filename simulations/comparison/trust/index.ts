/** How far a comparison can be trusted: against the tiers really assigned, and by the quality of its data. */
export type { Assigned, AssignedTable, Disagreement } from "./assigned.ts";
