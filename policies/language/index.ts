/** The policy language: files in, checked policies out. */
export { analysePolicy } from "./analyse-policy.ts";
export { checkVolumes } from "./analyse-volume.ts";
export { checkAgainstPanel } from "./check-against-panel.ts";
export { checkProgramme } from "./check-programme.ts";
export * from "./checked/index.ts";
export { type Completions, completionsAt } from "./complete.ts";
export { describeLedgers, describePolicy } from "./describe-policy.ts";
export { diffPolicies, type PolicyDiff } from "./diff-policies.ts";
export { type DocumentNode, type ListNode, type MapEntry, type MapNode, placeOf, type TextNode } from "./document.ts";
export type { LoadVersion } from "./extend.ts";
export { asMap, asText, Fields, fieldsOf } from "./fields.ts";
export { formatPolicy } from "./format-policy.ts";
export { readInForce } from "./in-force.ts";
export { flag, type JsonSchema, named, objectSchema, patterns, policyJsonSchema, scalar } from "./json-schema.ts";
export { withKeyReference } from "./key-reference.ts";
export type { Shape } from "./key-rule.ts";
export {
  casesFileOf,
  compareVersions,
  guardsFileOf,
  type LibraryEntry,
  loadBeside,
  loadFromLibrary,
  policyLibrary,
  readLibraryPolicy,
  readTextBeside,
  readTextFile,
  versionsUnder,
} from "./library.ts";
export { type ParameterPlace, parameterPlaces, withParameter } from "./parameter-places.ts";
export { type Cursor, readPhrase } from "./phrase.ts";
export { placeOfPart } from "./places.ts";
export { Influence } from "./polarity.ts";
export type { PolicyChange } from "./policy-change.ts";
export { printExpression } from "./print-expression.ts";
export { type Extension, printExtension } from "./print-extension.ts";
export { printPolicy } from "./print-policy.ts";
export { Problems } from "./problems.ts";
export { printConstant, printLiteral, readLiteral, shiftDecimal } from "./quantity.ts";
export { printCalendar } from "./read-calendar.ts";
export { readDocument } from "./read-document.ts";
export { type ReadPolicy, readPolicy } from "./read-policy.ts";
export { readProgramme } from "./read-programme.ts";
export { ancestorOf, type ThreeWayRow, threeWayDiff } from "./three-way.ts";
export { conditionsThatCanBeUnknown } from "./unknown.ts";
