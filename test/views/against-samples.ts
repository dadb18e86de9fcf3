/** What the pages of two comparisons side by side are told. */
import type { AgainstChoiceContext, AgainstContext, ChangeRow, RunSummary } from "../../views/index.ts";
import { rightToLeft } from "./entity-samples.ts";

type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]-?: Full<T[Key]> }
    : T;

/** Two that differ in everything, and two that are the same; a choice with others and without. */
export function againstSamples(
  run: Full<RunSummary>,
  entity: string,
  hostile: string,
): { readonly against: readonly Full<AgainstContext>[]; readonly "against-choice": readonly Full<AgainstChoiceContext>[] } {
  const change: Full<ChangeRow> = {
    path: "parameters.gold_line",
    words: `The gold line ${hostile}`,
    kind: "changed",
    from: "85",
    to: "88",
    direction: "stricter",
  };
  const against: Full<AgainstContext> = {
    notices: [],
    first: { run, candidate: "1.1.0" },
    second: { run: { ...run, id: "r2" }, candidate: "2.0.0" },
    title: `12 of 300 figures differ ${hostile}`,
    warnings: [`Dataset: another history ${hostile}`],
    differences: [
      { name: "Dataset", first: `One ${hostile}`, second: rightToLeft, words: `Other histories ${hostile}`, changes: [] },
      { name: "Candidate", first: "a@1.1.0", second: "a@2.0.0", words: "Other proposals", changes: [change] },
    ],
    headlines: [{ name: `Movers ${hostile}`, first: "4.3 %", firstNote: "3.1 to 5 %", second: `5 % ${hostile}`, secondNote: "4 to 6 %" }],
    sections: [{ section: `movement ${hostile}`, figures: 12, differ: 3, apart: 1 }],
    figures: [
      {
        section: "movement",
        figure: `movers ${hostile}`,
        where: `gold ${hostile}`,
        first: "12",
        second: "14",
        difference: "+2",
        intervals: "overlap",
      },
    ],
    figuresWords: `3 of 12 differ ${hostile}`,
    csv: "/runs/r1/against/r2/figures.csv",
    entitiesWords: `2 of 10 ${hostile}`,
    entities: [entity, rightToLeft].map((name) => ({ entity: name, first: `gold ${hostile}`, second: "watch" })),
    swapped: "/runs/r2/against/r1",
  };
  return {
    against: [against, { ...against, warnings: [], differences: [], figures: [], entities: [] }],
    "against-choice": [
      { notices: [], run, others: [{ run: { ...run, id: "r2" }, isSameDataset: false }] },
      { notices: [], run, others: [] },
    ],
  };
}
