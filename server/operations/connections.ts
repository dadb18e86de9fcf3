/** The engines that a home may use: `connections.yaml` names them, and secrets come from the environment only. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { TrinoOptions } from "../../data/engines/index.ts";
import { type Diagnostic, diagnose, InputRefused, nearestName, type Place } from "../../data/foundation/index.ts";
import { asMap, asText, fieldsOf, type MapNode, Problems, placeOf, readDocument, type Shape } from "../../policies/language/index.ts";
import { readGiven } from "./given-text.ts";
import { readSecret } from "./settings.ts";

/** They go into the head of every request. */
const wordShape = z.string().regex(/^[!-~]{1,200}$/, "is written in printable ASCII characters, without spaces");

const connectionShape = z.strictObject({
  engine: z.literal("trino", "is trino: no other engine has connections"),
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
  shards: numberTo(100_000),
  shards_at_once: numberTo(64).default(2),
  tries: numberTo(20).default(4),
  seconds_max: numberTo(86_400).default(900),
  rows_max: numberTo(10_000_000).default(1_000_000),
  /** Absent: what the engine allows by itself. */
  memory_gigabytes_max: numberTo(100_000).optional(),
});

/** The keys of a connection, as the file may have them. */
const keysOfConnection: Shape = Object.fromEntries(
  Object.entries(connectionShape.shape).map(([key, shape]) => {
    const rule = { holds: "text", about: "" } as const;
    return [key, shape.safeParse(undefined).success ? rule : { ...rule, required: true }];
  }),
);
const keysOfFile: Shape = { connections: { required: true, holds: "map", about: "" } };

function numberTo(most: number) {
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most, `is a whole number from 1 to ${most}`)
    .transform(Number);
}

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
  const { url, user, password_from: secret, catalog, schema, memory_gigabytes_max: memoryGigabytesMax, ...rest } = described(read, name);
  const password = secret === undefined ? undefined : readSecret(secret);
  if (secret !== undefined && password === undefined)
    throw new InputRefused([
      diagnose("secret-missing", { message: `connection '${name}' takes its password from ${secret}, which is not set`, found: secret }),
    ]);
  if (password !== undefined && !url.startsWith("https:"))
    throw faulty(`connection '${name}' has a password, and its address is not https`, read.placeOf(name, "url"));
  const memory = memoryGigabytesMax === undefined ? {} : { memoryGigabytesMax };
  const trino = { url, user, catalog, schema, tags, secondsMax: rest.seconds_max, rowsMax: rest.rows_max, ...memory };
  return {
    name,
    trino: password === undefined ? trino : { ...trino, password },
    ...(rest.dataset === undefined ? {} : { dataset: resolve(home, rest.dataset) }),
    shards: rest.shards,
    shardsAtOnce: rest.shards_at_once,
    tries: rest.tries,
  };
}

interface ConnectionsFile {
  readonly file: string;
  readonly given: ReadonlyMap<string, z.output<typeof connectionShape>>;
  /** Where a key of a connection stands. */
  readonly placeOf: (name: string, key: string) => Place;
}

/** `kernels` and `duckdb` are engines without a connection. */
const namePattern = /^(?!(kernels|duckdb)$)[a-z][a-z0-9-]{0,99}$/;

function readFile(home: string): ConnectionsFile {
  const file = join(home, "connections.yaml");
  const start = { file, line: 1, column: 1 };
  if (!existsSync(file)) return { file, given: new Map(), placeOf: () => start };
  const problems = new Problems();
  const given = new Map<string, z.output<typeof connectionShape>>();
  const places = new Map<string, Place>();
  for (const { key, value } of connectionsIn(file, problems)) {
    if (!namePattern.test(key)) {
      const message = `connections.${key}: is no name for a connection: lower-case letters, digits and hyphens, not kernels or duckdb`;
      problems.add("connections-faulty", placeOf(value), { message });
    }
    const texts = textsIn(key, value, problems, places);
    if (problems.stopped) continue;
    const read = connectionShape.safeParse(texts);
    if (read.success) given.set(key, read.data);
    for (const { path, message } of read.error?.issues ?? []) {
      const at = ["connections", key, ...path].join(".");
      problems.add("connections-faulty", places.get(at) ?? placeOf(value), { message: `${at}: ${message}` });
    }
  }
  if (problems.stopped) throw new InputRefused(problems.sorted().map(ofConnections));
  return { file, given, placeOf: (name, key) => places.get(`connections.${name}.${key}`) ?? start };
}

/** The connections by name, before anyone asks what they are. */
function connectionsIn(file: string, problems: Problems): readonly { readonly key: string; readonly value: MapNode }[] {
  const { text } = readGiven(file, { reads: "any file" });
  const root = readDocument({ text, file, problems, what: "a list of connections" })?.root;
  if (root === undefined) return [];
  const all = fieldsOf(root, keysOfFile, "the file", problems).map("connections");
  return (all?.entries ?? []).flatMap(({ key, value }) => {
    const map = asMap(value, problems, `connection '${key.text}'`);
    return map === undefined ? [] : [{ key: key.text, value: map }];
  });
}

function textsIn(name: string, map: MapNode, problems: Problems, places: Map<string, Place>): Readonly<Record<string, string>> {
  fieldsOf(map, keysOfConnection, `connection '${name}'`, problems);
  const texts = map.entries.flatMap(({ key, value }) => {
    const text = asText(value, problems, `connections.${name}.${key.text}`);
    places.set(`connections.${name}.${key.text}`, placeOf(value));
    return text === undefined ? [] : [[key.text, text.text] as const];
  });
  return Object.fromEntries(texts);
}

/** Whatever is wrong with the file, under the code by which its readers know it. */
function ofConnections(fault: Diagnostic): Diagnostic {
  const { severity, cure } = diagnose("connections-faulty", { message: "" });
  return {
    ...fault,
    severity,
    code: "connections-faulty",
    cure: fault.code === "unknown-key" && fault.near === undefined ? cure : fault.cure,
  };
}

function faulty(message: string, place: Place): InputRefused {
  return new InputRefused([diagnose("connections-faulty", { message, place })]);
}
