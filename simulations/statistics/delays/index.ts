/** Delays: facts that become known late. */
export * from "./right-truncation.ts";
