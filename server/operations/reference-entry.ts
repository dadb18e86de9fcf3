/** What the reference says of an operation, as plain data: the README and the page of the reference are made from it. */
import { z } from "zod";
import { present } from "../../data/foundation/index.ts";
import { type Field, fieldsOf, routeInputOf } from "./fields.ts";
import type { Operation } from "./operation.ts";
import { shellWord } from "./shell-word.ts";

/** One field of the input, in Markdown's words: names and values stand in backticks. */
export interface ReferenceField {
  /** As routes name it; `command only` where no route takes it. */
  readonly name: string;
  /** As the command names it; empty where it does not take it. */
  readonly option: string;
  /** `number, default 1500`. */
  readonly form: string;
  readonly meaning: string;
}

/** One operation. */
export interface ReferenceEntry {
  readonly name: string;
  /** What it does, and whether it is long work. */
  readonly summary: string;
  /** `counterweight dataset show <dataset>`. */
  readonly command?: string;
  readonly route?: { readonly method: string; readonly path: string };
  readonly fields: readonly ReferenceField[];
}

/** How it is called with the examples that its shapes give, and what its answer holds. */
export interface ReferenceCall {
  readonly command?: string;
  /** By curl, without the address of the server. */
  readonly route?: { readonly method: string; readonly path: string; readonly body?: string };
  /** The fields of the answer: `{id, name}` is an object, `[..]` a list. */
  readonly answer: readonly { readonly name: string; readonly form: string; readonly meaning: string }[];
}

/** What the reference says of an operation. */
export function referenceEntry(operation: Operation): ReferenceEntry {
  const { name, summary, command, route, isLong } = operation;
  const inRoute = new Set(route === undefined ? [] : Object.keys(routeInputOf(operation).shape));
  return {
    name,
    summary: summary + (isLong ? " Long work: it runs in a process of its own." : ""),
    ...(command === undefined ? {} : { command: `counterweight ${commandLine(operation)}` }),
    ...(route === undefined ? {} : { route: { method: route.method.toUpperCase(), path: route.path } }),
    fields: fieldsOf(operation.input, command?.flags).map((field) => referenceField(field, operation, inRoute.has(field.name))),
  };
}

/** How a command is called with what it cannot do without: `dataset import <descriptor>`. */
function commandLine(operation: Operation): string {
  const { arguments: positional = [], flags, not = [] } = operation.command ?? {};
  const fields = fieldsOf(operation.input, flags);
  const placeOf = (name: string): string => (fields.find((field) => field.name === name)?.kind === "texts" ? `<${name}...>` : `<${name}>`);
  const options = fields.filter(({ name, isRequired }) => isRequired && !positional.includes(name) && !not.includes(name));
  return [...commandWords(operation), ...positional.map(placeOf), ...options.map(({ name, flag }) => `${flag} <${name}>`)].join(" ");
}

/** How it is called, by example. */
export function referenceCall(operation: Operation): ReferenceCall {
  const { command, route, output } = operation;
  return {
    ...(command === undefined ? {} : { command: exampleCommand(operation) }),
    ...(route === undefined ? {} : { route: exampleRequest(operation, route) }),
    answer: answerOf(z.toJSONSchema(output, { io: "output", unrepresentable: "any" }) as Schema),
  };
}

/** The input that the examples of the shapes make: the first of a field is for the command line, the last for a route. */
export function exampleInput(operation: Operation, door: "command" | "route"): Readonly<Record<string, unknown>> {
  const shape = door === "command" ? operation.input : routeInputOf(operation);
  return Object.fromEntries(
    fieldsOf(shape).flatMap(({ name, examples = [] }) => {
      const isLeftOut = examples.length === 0 || (door === "command" && operation.command?.not?.includes(name) === true);
      return isLeftOut ? [] : [[name, examples.at(door === "command" ? 0 : -1)]];
    }),
  );
}

function commandWords({ name, command }: Operation): readonly string[] {
  return command?.isDefault === true ? name.split(" ").slice(0, -1) : [name];
}

function referenceField(field: Field, { command, route }: Operation, isInRoute: boolean): ReferenceField {
  const isPositional = command?.arguments.includes(field.name) === true;
  const form = field.choices === undefined ? field.kind : field.choices.map((choice) => `\`${choice}\``).join(", ");
  const need = field.isRequired
    ? "required"
    : field.defaultValue === undefined
      ? "optional"
      : `default \`${JSON.stringify(field.defaultValue)}\``;
  return {
    name: isInRoute || route === undefined ? `\`${field.name}\`` : "command only",
    option:
      command === undefined || command.not?.includes(field.name) === true ? "" : isPositional ? `\`<${field.name}>\`` : `\`${field.flag}\``,
    form: `${form}, ${need}`,
    meaning: field.description,
  };
}

function exampleCommand(operation: Operation): string {
  const input = exampleInput(operation, "command");
  const fields = fieldsOf(operation.input, operation.command?.flags);
  const positional = operation.command?.arguments ?? [];
  const wordsOf = (name: string): readonly string[] => [input[name]].flat().map((value) => shellWord(String(value)));
  const options = Object.keys(input).filter((name) => !positional.includes(name));
  return [
    "counterweight",
    ...commandWords(operation),
    ...positional.flatMap(wordsOf),
    ...options.flatMap((name) => {
      const { flag } = present(
        fields.find((field) => field.name === name),
        name,
      );
      return wordsOf(name).flatMap((word) => [flag, word]);
    }),
  ].join(" ");
}

function exampleRequest(
  operation: Operation,
  { method, path, body: whole }: NonNullable<Operation["route"]>,
): NonNullable<ReferenceCall["route"]> {
  const input = exampleInput(operation, "route");
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.includes(name)));
  const called = { method: method.toUpperCase(), path: address };
  if (method === "post") return { ...called, body: JSON.stringify(whole === undefined ? rest : (rest[whole] ?? {})) };
  const query = new URLSearchParams(Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query === "" ? called : { ...called, path: `${address}?${query}` };
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** Levels of names that an answer's field shows; the OpenAPI document has all. */
const levelsShown = 3;

function answerOf(schema: Schema): ReferenceCall["answer"] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).map(([name, field]) => ({
    name,
    form: `${formOf(field, levelsShown)}${required.includes(name) ? "" : ", optional"}`,
    meaning: field.description ?? "",
  }));
}

/** The form of a value in a line: `{id, periods: {grain, from}}`, `[{code, count}]`, `text`. */
function formOf(schema: Schema, levels: number): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return [...new Set(alternatives.map((one) => formOf(one, levels)))].join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === "array") return `[${schema.items === undefined ? "" : formOf(schema.items, levels)}]`;
  if (schema.properties !== undefined) {
    if (levels === 0) return "{…}";
    return `{${Object.entries(schema.properties)
      .map(([name, field]) => {
        const form = formOf(field, levels - 1);
        return /^[[{]/.test(form) ? `${name}: ${form}` : name;
      })
      .join(", ")}}`;
  }
  if (typeof schema.additionalProperties === "object") return `{<name>: ${formOf(schema.additionalProperties, levels - 1)}}`;
  return schema.type === "string" ? "text" : schema.type === "integer" ? "number" : (schema.type ?? "any");
}
