/** How far a comparison can be trusted: against the tiers really assigned, and by the quality of its data. */
export type { Assigned, AssignedTable, Disagreement } from "./assigned.ts";
export { type Gate, type GateInputs, type GateName, type GateState, type Gates, gateLimits, readGates } from "./gates.ts";
