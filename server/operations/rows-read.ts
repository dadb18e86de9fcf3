/** What became of the rows of a file of units that were not used as they stand, in words. */
interface RowsRead {
  readonly rejected: readonly { readonly code: string; readonly count: number; readonly examples: readonly string[] }[];
  readonly duplicates: number;
  readonly replaced: number;
  /** Units in two arms, and units whose recorded arm is not that of the rule. */
  readonly crossovers: number;
  readonly misassigned: number;
  /** Clusters with rows in two arms, and units with rows in two clusters. */
  readonly splitClusters?: ClusterFault | undefined;
  readonly movedUnits?: ClusterFault | undefined;
}

interface ClusterFault {
  readonly count: number;
  readonly examples: readonly string[];
}

/** One sentence for each reason; none where all rows were used. */
export function rowsReadNotes({
  rejected,
  duplicates,
  replaced,
  crossovers,
  misassigned,
  splitClusters,
  movedUnits,
}: RowsRead): readonly string[] {
  return [
    ...(duplicates === 0 ? [] : [`${rowsOf(duplicates)} stood there already, letter by letter: counted once`]),
    ...(replaced === 0 ? [] : [`${rowsOf(replaced)} gave way to a later row about the same`]),
    ...rejected.map(({ code, count, examples }) => `${rowsOf(count)} not used, ${code}: ${examples.slice(0, 3).join("; ")}`),
    ...unitsNote(crossovers, "rows in two arms"),
    ...unitsNote(misassigned, "another arm than the design's rule gives"),
    ...faultNote(splitClusters, [
      "cluster has rows in two arms, and counts in neither",
      "clusters have rows in two arms, and count in neither",
    ]),
    ...faultNote(movedUnits, [
      "unit has rows in two clusters, and counts in neither",
      "units have rows in two clusters, and count in neither",
    ]),
  ];
}

function rowsOf(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}

function unitsNote(count: number, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? "unit has" : "units have"} ${what}, and ${count === 1 ? "is" : "are"} in none`];
}

function faultNote(fault: ClusterFault | undefined, [one, many]: readonly [string, string]): readonly string[] {
  if (fault === undefined) return [];
  const { count, examples } = fault;
  return [`${count} ${count === 1 ? one : many}: ${examples.slice(0, 3).join("; ")}`];
}
