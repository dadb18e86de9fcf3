/** What became of the rows of a file of units that were not used as they stand, in words. */
interface RowsRead {
  readonly rejected: readonly { readonly code: string; readonly count: number; readonly examples: readonly string[] }[];
  readonly duplicates: number;
  readonly replaced: number;
  /** Units with rows in two clusters. */
  readonly movedUnits?: { readonly count: number; readonly examples: readonly string[] } | undefined;
}

/** One sentence for each reason; none where all rows were used. */
export function rowsReadNotes({ rejected, duplicates, replaced, movedUnits }: RowsRead): readonly string[] {
  return [
    ...(duplicates === 0 ? [] : [`${rowsOf(duplicates)} stood there already, letter by letter: counted once`]),
    ...(replaced === 0 ? [] : [`${rowsOf(replaced)} gave way to a later row about the same`]),
    ...rejected.map(({ code, count, examples }) => `${rowsOf(count)} not used, ${code}: ${examples.slice(0, 3).join("; ")}`),
    ...(movedUnits === undefined
      ? []
      : [
          `${movedUnits.count} ${movedUnits.count === 1 ? "unit has" : "units have"} rows in two clusters, and count in neither: ${movedUnits.examples.slice(0, 3).join("; ")}`,
        ]),
  ];
}

function rowsOf(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}
