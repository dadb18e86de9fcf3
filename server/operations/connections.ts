/** The engines that a home may use: `connections.yaml` names them, and secrets come from the environment only. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { TrinoOptions } from "../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { readSecret } from "./settings.ts";

const connectionShape = z.strictObject({
  engine: z.literal("trino"),
  url: z.url({ protocol: /^https?$/ }),
  user: z.string().min(1),
  /** The name of the environment variable that holds the password. */
  password_from: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, "names an environment variable, in capitals; a password itself never stands in the file")
    .optional(),
  catalog: z.string().min(1),
  schema: z.string().min(1),
  shards: z.number().int().min(1).max(100_000),
  shards_at_once: z.number().int().min(1).max(64).default(2),
  tries: z.number().int().min(1).max(20).default(4),
  seconds_max: z.number().int().min(1).max(86_400).default(900),
  rows_max: z.number().int().min(1).max(10_000_000).default(1_000_000),
});

/** How a connection is reached and how much it may take. */
export interface Connection {
  readonly name: string;
  readonly trino: TrinoOptions;
  readonly shards: number;
  readonly shardsAtOnce: number;
  readonly tries: number;
}

/** The connection of that name. @throws InputRefused `unknown-engine`, `connections-faulty`, `secret-missing`. */
export function readConnection(home: string, name: string, tags: readonly string[]): Connection {
  const { file, given } = readFile(home);
  const names = Object.keys(given);
  if (!names.includes(name)) {
    const known = ["kernels", "duckdb", ...names];
    const message = `no engine is called '${name}'; there are ${known.join(", ")}, of which connections stand in ${file}`;
    throw new InputRefused([
      diagnose("unknown-engine", { message, found: name, expected: known.join(", "), near: nearestName(name, known) }),
    ]);
  }
  const { url, user, password_from: secret, catalog, schema, ...rest } = given[name] as z.output<typeof connectionShape>;
  const password = secret === undefined ? undefined : readSecret(secret);
  if (secret !== undefined && password === undefined)
    throw new InputRefused([
      diagnose("secret-missing", { message: `connection '${name}' takes its password from ${secret}, which is not set`, found: secret }),
    ]);
  if (password !== undefined && !url.startsWith("https:"))
    throw faulty(file, `connection '${name}' has a password, and its address is not https`, { line: 1, column: 1 });
  const trino = { url, user, catalog, schema, tags, secondsMax: rest.seconds_max, rowsMax: rest.rows_max };
  return {
    name,
    trino: password === undefined ? trino : { ...trino, password },
    shards: rest.shards,
    shardsAtOnce: rest.shards_at_once,
    tries: rest.tries,
  };
}

function readFile(home: string): { readonly file: string; readonly given: Readonly<Record<string, unknown>> } {
  const file = join(home, "connections.yaml");
  if (!existsSync(file)) return { file, given: {} };
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  if (error !== undefined) throw faulty(file, error.message.split("\n")[0] ?? "", placeAt(error.pos[0]));
  const read = z.strictObject({ connections: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), connectionShape) }).safeParse(document.toJS());
  if (read.success) return { file, given: read.data.connections };
  const [issue] = read.error.issues;
  for (let path = [...(issue?.path ?? [])]; ; path.pop()) {
    const node = document.getIn(path, true);
    if (!isNode(node) && path.length > 0) continue;
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    throw faulty(file, `${(issue?.path ?? []).join(".") || "the file"}: ${issue?.message}`, placeAt(offset));
  }
}

function faulty(file: string, message: string, place: { readonly line: number; readonly column: number }): InputRefused {
  return new InputRefused([diagnose("connections-faulty", { message, place: { file, ...place } })]);
}
