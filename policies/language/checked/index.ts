/**
 * The second door of the language, for who is given checked policies and reads no file: what a policy is, and what can be asked of one. A thread
 * that replays enters here, since the whole language takes longer to load than many a replay.
 */
export * from "../expression.ts";
export { type LineSource, lineSources } from "../line-source.ts";
export { canLedgerOverflow, canOverflow } from "../magnitude.ts";
export { comparesPeers, isPeerMetric, type PeerMetric } from "../peer-metric.ts";
export type { PeerValues } from "../peer-values.ts";
export * from "../policy.ts";
export { measureNames, measuresRead } from "../policy-expressions.ts";
export * from "../programme.ts";
export { closureOf, readsOf } from "../reads.ts";
export { namesRead, operandsOf } from "../walk-expression.ts";
export { zOfLevel } from "../wilson.ts";
