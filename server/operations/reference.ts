/** The reference of commands and routes in server/README.md, made from the table of operations. */
import type { Operation } from "./operation.ts";
import { referenceEntry } from "./reference-entry.ts";
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

function sectionOf(operation: Operation): string {
  const { name, summary, command, route, fields } = referenceEntry(operation);
  return [
    `### ${name}`,
    "",
    summary,
    "",
    ...(command === undefined ? [] : [`- command: \`${command}\``]),
    ...(route === undefined ? [] : [`- route: \`${route.method} ${route.path}\``]),
    ...(fields.length === 0
      ? []
      : [
          "",
          ...tableOf(
            fields.map((field) => [field.name, field.option, field.form, field.meaning.replaceAll("|", "\\|").replaceAll("<", "&lt;")]),
          ),
        ]),
  ].join("\n");
}

/** A Markdown table whose columns stand in line, as the formatter lays it out. */
function tableOf(rows: readonly (readonly string[])[]): readonly string[] {
  const headings = ["field", "option", "form", "meaning"];
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(headings), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
