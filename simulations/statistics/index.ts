/** Pure functions from numbers to estimates. Knows no policy and no panel. */
export * from "./estimate.ts";
