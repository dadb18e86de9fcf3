/** What stands at a connection's address: a coordinator as its protocol has it, with tables that are only told of. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Panel } from "../../data/panel/index.ts";
import { eventTableColumns, laidTableColumns, outcomeTableColumns, panelTableColumns } from "../../policies/sql/index.ts";
import { writeDescription } from "../../server/operations/laid-description.ts";

/** What it tells. */
export interface ToldTables {
  readonly version?: string;
  /** Every request is answered by this status. */
  readonly status?: number;
  /** Tables as `dataset tables` lays them; other names are left out. */
  readonly panel?: Panel;
  readonly without?: string;
  readonly shards?: number;
  /** What its user may do besides reading. */
  readonly may?: "INSERT" | "DELETE" | "UPDATE";
  /** Columns of every table of the warehouse's own, by name and type. */
  readonly own?: readonly (readonly [string, string])[];
  /** What every other statement fails with: name and kind. Absent: it runs until it is stopped. */
  readonly error?: readonly [string, string];
}

/** A coordinator that answers. */
export interface Coordinator {
  readonly url: string;
  /** Statements that it was told to stop. */
  readonly stopped: readonly string[];
  /** Settles when a statement runs that never ends, and when one was stopped. */
  readonly whenRunning: Promise<void>;
  readonly whenStopped: Promise<void>;
  readonly close: () => void;
}

/** Starts one. */
export async function startCoordinator({ version = "476", status = 200, panel, shards = 2, ...told }: ToldTables): Promise<Coordinator> {
  const stopped: string[] = [];
  let [running, stopping] = [() => {}, () => {}];
  const whenRunning = new Promise<void>((resolve) => {
    running = resolve;
  });
  const whenStopped = new Promise<void>((resolve) => {
    stopping = resolve;
  });
  let url = "";
  const answerTo = (sql: string): object => {
    if (sql.startsWith("EXPLAIN"))
      return sql.startsWith(`EXPLAIN (TYPE VALIDATE) ${told.may ?? "-"} `)
        ? { data: [[true]] }
        : { error: fault("PERMISSION_DENIED", "USER_ERROR") };
    if (sql.includes("information_schema") && told.own !== undefined) return { data: told.own };
    if (sql.includes("information_schema"))
      return { data: columnsOf(panel).filter(([table, name]) => ![table, name].includes(told.without ?? "")) };
    if (sql.includes('FROM "laid"') && ["laid", "described"].includes(told.without ?? ""))
      return { error: fault("NOT_FOUND", "USER_ERROR") };
    if (sql.includes('FROM "laid"')) return { data: [[panel?.digest, shards, panel?.rowCount, described(panel)]] };
    if (told.error !== undefined) return { error: fault(...told.error) };
    running();
    return { nextUri: `${url}/v1/statement/executing/1` };
  };
  const server = createServer((request, response) => {
    const { url: path, method } = request;
    let sql = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      sql += text;
    });
    request.on("end", () => {
      if (method === "DELETE") {
        stopped.push(String(path));
        stopping();
      }
      const body = path === "/v1/info" ? { nodeVersion: { version } } : { id: "1", ...(method === "POST" ? answerTo(sql) : answerTo("")) };
      response.writeHead(status, { "Content-Type": "application/json", Connection: "close" });
      // As the real one: it lets those who ask about a statement that runs wait a moment.
      setTimeout(() => response.end(JSON.stringify(body)), method === "GET" && path !== "/v1/info" ? 100 : 0);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, stopped, whenRunning, whenStopped, close: () => void server.close() };
}

function fault(errorName: string, errorType: string): object {
  return { message: "no", errorName, errorType };
}

function described(panel: Panel | undefined): string {
  return panel === undefined ? "" : writeDescription({ name: "told", title: "Told of", source: "", schema: panel.schema });
}

function columnsOf(panel: Panel | undefined): readonly (readonly [string, string])[] {
  if (panel === undefined) return [];
  const tables = {
    panel: ["shard", ...panelTableColumns(panel.schema).map(({ name }) => name)],
    events: ["shard", ...eventTableColumns(panel.schema).map(({ name }) => name)],
    ...(panel.schema.outcomes.length === 0 ? {} : { outcomes: ["shard", ...outcomeTableColumns.map(({ name }) => name)] }),
    laid: laidTableColumns.map(({ name }) => name),
  };
  return Object.entries(tables).flatMap(([table, names]) => names.map((name) => [table, name.toLowerCase()] as const));
}
