/** `connection list`: the engines that the home names. */
import { z } from "zod";
import { connectionJson, connectionShape } from "./connection-shape.ts";
import { describedConnections } from "./connections.ts";
import { defineOperation } from "./operation.ts";
import { textTable } from "./text-table.ts";

/** The answer, for the page. */
export const connectionListShape = z.object({ connections: z.array(connectionShape) });

export const connectionList = defineOperation({
  name: "connection list",
  summary: "Lists the distributed engines that the home's connections.yaml names; passwords are never shown.",
  input: z.strictObject({}),
  output: connectionListShape,
  command: { arguments: [] },
  route: { method: "get", path: "/api/connections" },
  perform: (_, { store }) => ({ connections: describedConnections(store.home).map(connectionJson) }),
  print: ({ connections }) =>
    connections.length === 0
      ? "No connection is described: simulations/README.md shows a connections.yaml."
      : textTable(
          ["connection", "engine", "address", "user", "tables", "shards"],
          connections.map(({ name, engine, url, user, catalog, schema, dataset, shards }) => [
            name,
            engine,
            url,
            user,
            dataset ?? `${catalog}.${schema}`,
            String(shards),
          ]),
        ),
});
