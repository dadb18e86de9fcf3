/** The reference of statistics and the table of studies, as they stand in simulations/README.md. */
import { families, type Statistic } from "./statistic.ts";
import { breaksPromise, type WorldResult } from "./studies/study.ts";

/** Every statistic by family: what it answers, formula, assumptions, source, and what its numbers are held against. */
export function statisticsInMarkdown(statistics: readonly Statistic[]): string {
  const chapters = Object.entries(families).flatMap(([family, title]) => {
    const own = statistics.filter((statistic) => statistic.family === family);
    return own.length === 0 ? [] : [`#### ${title}\n\n${own.map(entryText).join("\n")}\n`];
  });
  return `\n${chapters.join("\n")}\n`;
}

function entryText({ name, title, summary, formula, assumptions, source, references }: Statistic): string {
  return [
    `- **${name}**: ${title}. ${summary}`,
    `  Formula: \`${formula.replaceAll(/\s+/g, " ")}\`. Assumes: ${assumptions.join("; ")}.`,
    `  Source: ${source}. Held against: ${references.join(", ")}.`,
  ].join("\n");
}

/** The results of studies, a line a world and measure; what breaks its promise is in bold. */
export function studiesInMarkdown(studies: readonly { readonly name: string; readonly results: readonly WorldResult[] }[]): string {
  const head = [
    "| study | data | assumptions | measure | nominal | achieved | undetermined |",
    "| --- | --- | --- | --- | ---: | ---: | ---: |",
  ];
  const lines = studies.flatMap(({ name, results }) => results.map((result) => `| ${cellsOf(name, result).join(" | ")} |`));
  return `\n${[...head, ...lines].join("\n")}\n\n`;
}

function cellsOf(name: string, result: WorldResult): readonly string[] {
  const { world, holds, measure, nominal, achieved, seeds, undetermined } = result;
  const share = percent(achieved);
  return [
    `\`${name}\``,
    seeds === 2000 ? world : `${world} (${seeds} seeds)`,
    holds ? "hold" : "fail",
    measure,
    nominal === undefined ? "" : percent(nominal),
    breaksPromise(result) ? `**${share}**` : share,
    undetermined === 0 ? "" : percent(undetermined / seeds),
  ];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
