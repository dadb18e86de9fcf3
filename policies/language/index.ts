/** The policy language: files in, checked policies out. */
export { checkAgainstPanel } from "./check-against-panel.ts";
export { describePolicy } from "./describe-policy.ts";
export { diffPolicies } from "./diff-policies.ts";
export * from "./expression.ts";
export { formatPolicy } from "./format-policy.ts";
export { readInForce } from "./in-force.ts";
export { policyJsonSchema } from "./json-schema.ts";
export { compareVersions, loadFromLibrary, policyLibrary, readLibraryPolicy } from "./library.ts";
export * from "./policy.ts";
export { printExpression } from "./print-expression.ts";
export { printPolicy } from "./print-policy.ts";
export { type ReadPolicy, readPolicy } from "./read-policy.ts";
export { namesRead, operandsOf } from "./walk-expression.ts";
