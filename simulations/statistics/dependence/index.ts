/** Dependent observations: robust regression, clusters, wild bootstrap, randomisation. */
export * from "./cluster-means.ts";
export * from "./clusters.ts";
export * from "./randomisation-inference.ts";
export * from "./regression.ts";
export * from "./robust-variance.ts";
export * from "./wild-cluster-bootstrap.ts";
