/** The reference of commands and routes in server/README.md, made from the table of operations. */
import { type Field, fieldsOf, routeInputOf } from "./fields.ts";
import type { Operation } from "./operation.ts";
import { operations } from "./table.ts";

/** Where the reference stands in server/README.md. */
export const referenceMarks = { begin: "<!-- reference: made from the table of operations -->", end: "<!-- end of reference -->" } as const;

/** Markdown, one section an operation, in the order of the table. */
export function referenceText(): string {
  return operations.map(sectionOf).join("\n\n");
}

/** The README with its reference brought up to date. */
export function withReference(readme: string): string {
  const [before = "", rest = ""] = readme.split(referenceMarks.begin);
  const after = rest.split(referenceMarks.end)[1] ?? "";
  return `${before}${referenceMarks.begin}\n\n${referenceText()}\n\n${referenceMarks.end}${after}`;
}

/** How a command is called, for the reference and for usage errors: `dataset import <descriptor>`. */
export function commandLine(operation: Operation): string {
  const { name, command } = operation;
  const fields = fieldsOf(operation.input);
  const positional = (command?.arguments ?? []).map((argument) => {
    const isMany = fields.find((field) => field.name === argument)?.kind === "texts";
    return isMany ? `<${argument}...>` : `<${argument}>`;
  });
  const words = command?.isDefault === true ? name.split(" ").slice(0, -1) : [name];
  return [...words, ...positional].join(" ");
}

function sectionOf(operation: Operation): string {
  const { name, summary, command, route, isLong } = operation;
  const fields = fieldsOf(operation.input, command?.flags);
  const inRoute = new Set(route === undefined ? [] : Object.keys(routeInputOf(operation).shape));
  return [
    `### ${name}`,
    "",
    summary + (isLong ? " Long work: it runs in a process of its own." : ""),
    "",
    ...(command === undefined ? [] : [`- command: \`counterweight ${commandLine(operation)}\``]),
    ...(route === undefined ? [] : [`- route: \`${route.method.toUpperCase()} ${route.path}\``]),
    ...(fields.length === 0 ? [] : ["", ...tableOf(fields.map((field) => fieldRow(field, operation, inRoute.has(field.name))))]),
  ].join("\n");
}

function fieldRow(field: Field, { command, route }: Operation, isInRoute: boolean): readonly string[] {
  const isPositional = command?.arguments.includes(field.name) === true;
  const option =
    command === undefined || command.not?.includes(field.name) === true ? "" : isPositional ? `\`<${field.name}>\`` : `\`${field.flag}\``;
  const form = field.choices === undefined ? field.kind : field.choices.map((choice) => `\`${choice}\``).join(", ");
  const need = field.isRequired
    ? "required"
    : field.defaultValue === undefined
      ? "optional"
      : `default \`${JSON.stringify(field.defaultValue)}\``;
  const name = isInRoute || route === undefined ? `\`${field.name}\`` : "command only";
  return [name, option, `${form}, ${need}`, field.description.replaceAll("|", "\\|").replaceAll("<", "&lt;")];
}

/** A Markdown table whose columns stand in line, as the formatter lays it out. */
function tableOf(rows: readonly (readonly string[])[]): readonly string[] {
  const headings = ["field", "option", "form", "meaning"];
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(headings), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
