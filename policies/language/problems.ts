/** Collects what is wrong with a policy, each fault at its place. */
import {
  type Diagnostic,
  type DiagnosticCode,
  type DiagnosticDetails,
  diagnose,
  hasErrors,
  type Place,
} from "../../data/foundation/index.ts";

/** More than this nobody reads; a hostile file could have one a byte. The rest is counted. */
const listedMax = 500;

/** The diagnostics of one reading. */
export class Problems {
  readonly #list: Diagnostic[] = [];

  /** Adds a fault of a catalogued code. */
  add(code: DiagnosticCode, place: Place | undefined, details: Omit<DiagnosticDetails, "place">): void {
    this.#list.push(diagnose(code, { ...details, ...(place === undefined ? {} : { place }) }));
  }

  /** Adds a diagnostic that was made elsewhere (a breach of a limit). */
  push(diagnostic: Diagnostic | undefined): void {
    if (diagnostic !== undefined) this.#list.push(diagnostic);
  }

  /** How many were added so far. */
  get count(): number {
    return this.#list.length;
  }

  /** Whether any is an error. */
  get stopped(): boolean {
    return hasErrors(this.#list);
  }

  /** In file order: file, line, column. The first 500; a last one says how many there were. */
  sorted(): readonly Diagnostic[] {
    const listed = this.#inOrder();
    if (listed.length <= listedMax) return listed;
    const message = `${listed.length} faults: the first ${listedMax} are listed`;
    return [...listed.slice(0, listedMax), diagnose("limit-exceeded", { message, cure: "Mend the first ones and check again." })];
  }

  #inOrder(): readonly Diagnostic[] {
    const files = [...new Set(this.#list.map((diagnostic) => diagnostic.place?.file ?? ""))];
    const rank = (diagnostic: Diagnostic): readonly number[] => {
      const { place } = diagnostic;
      return place === undefined ? [-1, 0, 0] : [files.indexOf(place.file), place.line, place.column];
    };
    return this.#list
      .map((diagnostic) => ({ diagnostic, rank: rank(diagnostic) }))
      .sort((a, b) => firstDifference(a.rank, b.rank))
      .map(({ diagnostic }) => diagnostic);
  }
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
