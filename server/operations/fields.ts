/** The fields of an operation's input, read off its zod shape: what commands, routes and the reference are made from. */
import { z } from "zod";
import type { Diagnostic } from "../../data/foundation/index.ts";
import type { Operation } from "./operation.ts";
import { sayIssue } from "./say-issue.ts";

/** One field of an input. */
export interface Field {
  readonly name: string;
  /** `--known-at`. */
  readonly flag: string;
  readonly kind: "text" | "number" | "boolean" | "texts" | "object";
  readonly isRequired: boolean;
  readonly defaultValue?: unknown;
  readonly choices?: readonly string[];
  readonly description: string;
  /** Values that it may have: one, or first one for the command line and last one for a route. */
  readonly examples?: readonly unknown[];
}

interface FieldSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly examples?: readonly unknown[];
}

/** The fields of a shape in the order in which it declares them. */
export function fieldsOf(input: z.ZodObject, flags: Readonly<Record<string, string>> = {}): readonly Field[] {
  const schema = z.toJSONSchema(input, { io: "input" });
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const field = property as FieldSchema;
    return {
      name,
      flag: flags[name] ?? `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      kind: kindOf(field.type),
      isRequired: required.has(name),
      description: field.description ?? "",
      ...(field.default === undefined ? {} : { defaultValue: field.default }),
      ...(field.enum === undefined ? {} : { choices: field.enum }),
      ...(field.examples === undefined ? {} : { examples: field.examples }),
    };
  });
}

/** The shape that a route takes: without the fields that only commands have. */
export function routeInputOf(operation: Operation): z.ZodObject {
  const only = operation.command?.only ?? [];
  const shape = Object.fromEntries(Object.entries(operation.input.shape).filter(([name]) => !only.includes(name)));
  return only.length === 0 ? operation.input : z.strictObject(shape);
}

/** Turns text from a command line or a query into the field's own kind; text that is no number stays text, for the shape to refuse. */
export function readFieldText(field: Field, text: string | readonly string[]): unknown {
  if (field.kind === "texts") return typeof text === "string" ? [text] : text;
  if (typeof text !== "string") return text;
  if (field.kind === "number") return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  if (field.kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  return text;
}

/** What is wrong with an input, one diagnostic a fault; empty when the shape takes it. */
export function faultsOf(input: z.ZodObject, value: unknown): readonly Diagnostic[] {
  const read = input.safeParse(value, { reportInput: true });
  if (read.success) return [];
  const known = Object.keys(input.shape);
  return read.error.issues.flatMap((issue) => sayIssue(issue, known));
}

function kindOf(type: string | undefined): Field["kind"] {
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean" || type === "object") return type;
  return type === "array" ? "texts" : "text";
}
