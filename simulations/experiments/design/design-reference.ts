/** The keys of a design file as lines of Markdown, made from the table that the reader reads. */
import type { Shape } from "../../../policies/language/index.ts";
import { designShapes } from "./design-shapes.ts";

const headings: Readonly<Record<keyof typeof designShapes, string>> = {
  design: "A design",
  arm: "An arm (or the share alone)",
  assignment: "`assignment`",
  switchback: "`switchback` of an assignment",
  layer: "`layer` of an assignment",
  holdout: "`holdout` of an assignment",
  columns: "`columns`",
  metric: "A metric",
  plan: "`plan`",
};

/** As they stand in simulations/README.md. */
export function designKeysInMarkdown(): string {
  const blocks = Object.entries(headings).map(([name, heading]) => {
    const shape: Shape = designShapes[name as keyof typeof designShapes];
    const rows = Object.entries(shape).map(([key, rule]) => {
      const form = rule.form === undefined ? "" : `\`${rule.form}\``;
      return `| \`${key}\`${rule.required === true ? "" : " (optional)"} | ${form} | ${rule.about} |`;
    });
    return [`**${heading}**`, "", "| key | for example | what it says |", "| --- | --- | --- |", ...rows].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
