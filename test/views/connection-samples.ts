/** What the page of connections is told, with hostile words wherever a file or an engine may say some. */
import type { ConnectionSummary, ConnectionsContext } from "../../views/index.ts";

type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Full<T[Key]> }
    : T;

/** Connections that are fit, unfit, and without their password; and none at all. */
export function connectionSamples(hostile: string): { readonly connections: readonly Full<ConnectionsContext>[] } {
  const whole: Full<ConnectionSummary> = {
    name: "warehouse",
    engine: "trino",
    host: "trino.example:8443",
    scheme: "https",
    user: "reader",
    password: { from: "WAREHOUSE_PASSWORD", isSet: true },
    catalog: "history",
    schema: "sellers",
    dataset: `${hostile}.yaml`,
    shards: 64,
    shardsAtOnce: 2,
    tries: 4,
    secondsMax: 900,
    rowsMax: 1_000_000,
    memoryGigabytesMax: 20,
    tested: {
      isFit: false,
      checks: [
        { title: "The engine answers", state: "in order", finding: `Trino ${hostile}`, faults: [] },
        {
          title: "The tables are there",
          state: "not in order",
          finding: "",
          faults: [{ code: "engine-unfit", message: hostile, cure: "Lay them down.", place: `${hostile}.yaml:3:5` }],
        },
        { title: "The user can only read", state: "not asked", finding: "", faults: [] },
      ],
    },
  };
  const unset = { ...whole, name: "elsewhere", password: { from: "OTHER", isSet: false } };
  const fit = { ...whole, name: "fit", tested: { ...whole.tested, isFit: true } };
  return {
    connections: [
      { notices: [], connections: [whole, unset, fit] },
      { notices: [], connections: [] },
    ],
  };
}
