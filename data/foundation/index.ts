/** The ground floor: what every other room stands on. */
export * from "./calendar.ts";
export type { CatalogueEntry, Severity } from "./catalogue-entry.ts";
export * from "./diagnostic.ts";
export * from "./digest.ts";
export { type DiagnosticCode, errorCatalogue } from "./error-catalogue.ts";
export { analysisErrors } from "./errors-analysis.ts";
export { caseErrors } from "./errors-cases.ts";
export { policyErrors } from "./errors-policy.ts";
export * from "./invariant.ts";
export * from "./limits.ts";
export * from "./nearest-name.ts";
export * from "./package-path.ts";
export * from "./plain-text.ts";
export * from "./random.ts";
export * from "./require-exact.ts";
export { isSameValue } from "./same-value.ts";
export * from "./yaml-faults.ts";
export * from "./yaml-nesting.ts";
