/** Policy -> kernels. */
export * from "./compiled-policy.ts";
