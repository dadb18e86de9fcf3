/** Randomised tests of candidates on live entities: so far, who is in which arm. */
export { type AssignmentRule, armOf, assignmentDigest, bucketCount, bucketOf } from "./assignment.ts";
