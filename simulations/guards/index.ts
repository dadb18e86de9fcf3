/** Budget guards: a change of policy held against how far it may go, on a sample. */
export { evaluateGuards, type GuardOptions, type GuardReport, sampleEntitiesMax } from "./evaluate-guards.ts";
export * from "./guard.ts";
export { guardsJsonSchema } from "./json-schema.ts";
export { type ReadGuards, readGuardFile, readGuards } from "./read-guards.ts";
