/** The engines that a home may use: `connections.yaml` names them, and secrets come from the environment only. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import type { TrinoOptions } from "../../data/engines/index.ts";
import { diagnose, InputRefused, nearestName } from "../../data/foundation/index.ts";
import { readSecret } from "./settings.ts";

/** They go into the head of every request. */
const wordShape = z.string().regex(/^[!-~]{1,200}$/, "is written in printable ASCII characters, without spaces");

const connectionShape = z.strictObject({
  engine: z.literal("trino"),
  url: z
    .string()
    .refine(isBareAddress, "is http:// or https://, host and port, no more: the user stands under 'user', a password never in the file"),
  user: wordShape.refine((user) => !user.includes(":"), "has no colon"),
  /** The name of the environment variable that holds the password. */
  password_from: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, "names an environment variable, in capitals; a password itself never stands in the file")
    .optional(),
  catalog: wordShape,
  schema: wordShape,
  /** A descriptor of the warehouse's own tables, in the home; absent: tables that were laid down. */
  dataset: z
    .string()
    .regex(/\.ya?ml$/, "names a descriptor, a YAML file")
    .optional(),
  shards: z.number().int().min(1).max(100_000),
  shards_at_once: z.number().int().min(1).max(64).default(2),
  tries: z.number().int().min(1).max(20).default(4),
  seconds_max: z.number().int().min(1).max(86_400).default(900),
  rows_max: z.number().int().min(1).max(10_000_000).default(1_000_000),
});

/** What stands in an address is shown in messages: nothing secret may. */
function isBareAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && pathname === "/" && [username, password, search, hash].every((part) => part === "");
}

/** A connection as the file describes it: no secret, but where its secret is. */
export type DescribedConnection = { readonly name: string } & Readonly<z.output<typeof connectionShape>>;

/** How a connection is reached and how much it may take. */
export interface Connection {
  readonly name: string;
  readonly trino: TrinoOptions;
  /** Path of the descriptor of the warehouse's own tables. */
  readonly dataset?: string;
  readonly shards: number;
  readonly shardsAtOnce: number;
  readonly tries: number;
}

/** The connections of a home, in the order of the file. @throws InputRefused `connections-faulty`. */
export function describedConnections(home: string): readonly DescribedConnection[] {
  return [...readFile(home).given].map(([name, described]) => ({ name, ...described }));
}

/** Whether the environment has the password of a connection; absent where it needs none. */
export function hasSecret({ password_from: secret }: DescribedConnection): boolean | undefined {
  return secret === undefined ? undefined : readSecret(secret) !== undefined;
}

/** The connection of that name, as the file describes it. @throws InputRefused `unknown-engine`, `connections-faulty`. */
export function describedConnection(home: string, name: string): DescribedConnection {
  return described(readFile(home), name);
}

function described({ file, given }: ConnectionsFile, name: string): DescribedConnection {
  const found = given.get(name);
  if (found !== undefined) return { name, ...found };
  const known = ["kernels", "duckdb", ...given.keys()];
  const message = `no engine is called '${name}'; there are ${known.join(", ")}, of which connections stand in ${file}`;
  throw new InputRefused([
    diagnose("unknown-engine", { message, found: name, expected: known.join(", "), near: nearestName(name, known) }),
  ]);
}

/** How the connection of that name is reached. @throws InputRefused `unknown-engine`, `connections-faulty`, `secret-missing`. */
export function readConnection(home: string, name: string, tags: readonly string[]): Connection {
  const read = readFile(home);
  const { url, user, password_from: secret, catalog, schema, ...rest } = described(read, name);
  const password = secret === undefined ? undefined : readSecret(secret);
  if (secret !== undefined && password === undefined)
    throw new InputRefused([
      diagnose("secret-missing", { message: `connection '${name}' takes its password from ${secret}, which is not set`, found: secret }),
    ]);
  if (password !== undefined && !url.startsWith("https:"))
    throw faulty(
      read.file,
      `connection '${name}' has a password, and its address is not https`,
      read.placeOf(["connections", name, "url"]),
    );
  const trino = { url, user, catalog, schema, tags, secondsMax: rest.seconds_max, rowsMax: rest.rows_max };
  return {
    name,
    trino: password === undefined ? trino : { ...trino, password },
    ...(rest.dataset === undefined ? {} : { dataset: resolve(home, rest.dataset) }),
    shards: rest.shards,
    shardsAtOnce: rest.shards_at_once,
    tries: rest.tries,
  };
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface ConnectionsFile {
  readonly file: string;
  readonly given: ReadonlyMap<string, z.output<typeof connectionShape>>;
  readonly placeOf: (path: readonly PropertyKey[]) => Place;
}

/** `kernels` and `duckdb` are engines without a connection. */
const nameShape = z
  .string()
  .regex(
    /^(?!(kernels|duckdb)$)[a-z][a-z0-9-]{0,99}$/,
    "is no name for a connection: lower-case letters, digits and hyphens, not kernels or duckdb",
  );

const fileShape = z.strictObject({ connections: z.record(nameShape, connectionShape) });

function readFile(home: string): ConnectionsFile {
  const file = join(home, "connections.yaml");
  if (!existsSync(file)) return { file, given: new Map(), placeOf: () => ({ line: 1, column: 1 }) };
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter: lines });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  /** Of the node at a path, or of the nearest that there is around it. */
  const placeOf = (path: readonly PropertyKey[]): Place => {
    const node = document.getIn(path, true);
    if (isNode(node) || path.length === 0) return placeAt(isNode(node) ? (node.range?.[0] ?? 0) : 0);
    return placeOf(path.slice(0, -1));
  };
  const [error] = document.errors;
  if (error !== undefined) throw faulty(file, error.message.split("\n")[0] ?? "", placeAt(error.pos[0]));
  const read = fileShape.safeParse(document.toJS());
  if (read.success) return { file, given: new Map(Object.entries(read.data.connections)), placeOf };
  const [issue] = read.error.issues;
  const path = issue?.path ?? [];
  throw faulty(file, `${path.join(".") || "the file"}: ${issue?.message}`, placeOf(path));
}

function faulty(file: string, message: string, place: Place): InputRefused {
  return new InputRefused([diagnose("connections-faulty", { message, place: { file, ...place } })]);
}
