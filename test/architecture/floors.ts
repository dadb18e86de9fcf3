/** The house as data: which room stands on which floor. Imports go to the own room or to a lower floor. */

/** A room: its folder (or file) from the repository root, and its floor. The longest matching path wins. */
export interface Room {
  readonly path: string;
  readonly floor: number;
}

export const rooms: readonly Room[] = [
  { path: "data/foundation", floor: 0 },
  { path: "data/panel", floor: 1 },
  { path: "data/engines", floor: 2 },
  { path: "data/store", floor: 2 },
  { path: "data/datasets", floor: 3 },
  { path: "policies/language", floor: 4 },
  { path: "policies/compile", floor: 5 },
  { path: "policies/explain", floor: 5 },
  { path: "policies/sql", floor: 5 },
  { path: "policies/cases", floor: 6 },
  { path: "simulations/statistics", floor: 6 },
  { path: "simulations/replay", floor: 7 },
  { path: "simulations/comparison", floor: 8 },
  { path: "simulations/experiments", floor: 8 },
  { path: "simulations/guards", floor: 9 },
  { path: "views", floor: 9 },
  { path: "server/jobs", floor: 10 },
  { path: "server/operations", floor: 11 },
  { path: "server/http", floor: 12 },
  { path: "server/cli", floor: 13 },
  { path: "server/start.ts", floor: 13 },
  { path: "test", floor: 99 },
];

/** Packages that a room must not use: `simulations` and `policies` do no input or output of their own. Threads are neither. */
export const forbiddenModules: readonly { readonly path: string; readonly modules: RegExp; readonly reason: string }[] = [
  {
    path: "simulations",
    modules: /^(node:(fs|net|http|https|child_process|os|process)|express|better-sqlite3|@duckdb\/)/,
    reason: "simulations do no input or output: what they need is passed in",
  },
  { path: "policies/compile", modules: /^(node:|mathjs)/, reason: "kernels are pure" },
  { path: "policies/explain", modules: /^node:/, reason: "explanations are pure" },
  { path: "views", modules: /^(node:(net|http|child_process)|express|better-sqlite3|@duckdb\/)/, reason: "views only draw" },
];
