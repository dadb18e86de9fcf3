/** Cases beside a policy: histories, and what the policy must make of them. */
export * from "./case-file.ts";
export { runCasesBeside } from "./cases-beside.ts";
export type { Coverage } from "./coverage.ts";
export { casesJsonSchema } from "./json-schema.ts";
export { type ReadCases, readCases } from "./read-cases.ts";
export { type CaseFailure, type CasesOutcome, runCases } from "./run-cases.ts";
