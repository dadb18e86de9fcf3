/** Sample ratio: did the arms get the shares of units that were planned? */
export * from "./sample-ratio.ts";
export * from "./sequential-sample-ratio.ts";
