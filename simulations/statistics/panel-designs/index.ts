/** Panels and quasi-experiments: what a treatment did where units were not randomised, or where time was. */
export * from "./density-discontinuity.ts";
export * from "./difference-in-differences.ts";
export * from "./event-study.ts";
export * from "./group-time-effects.ts";
export * from "./regression-discontinuity.ts";
export * from "./switchback.ts";
export * from "./synthetic-control.ts";
export type { Panel } from "./unit-panel.ts";
