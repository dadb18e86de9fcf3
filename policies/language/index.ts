/** The policy language: files in, checked policies out. */
export * from "./expression.ts";
export * from "./policy.ts";
