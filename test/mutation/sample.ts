/**
 * Mutation testing by sample: of tens of thousands of mutants only a random share is made, the same one for the same seed. Loaded by
 * Stryker as a plugin. `MUTANTS_ONE_IN` (1 makes all) and `MUTANTS_SEED` choose the sample.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { packagePath, randomStream } from "../../data/foundation/index.ts";

interface Mutable {
  readonly mutatorName: string;
  ignoreReason?: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface SourceNode {
  readonly loc: { readonly start: Position; readonly end: Position };
}

type Collect = (this: unknown, file: string, original: SourceNode, mutable: Mutable, ...rest: readonly unknown[]) => unknown;

/** Of how many mutants one is made, and the seed that chooses it. */
export const [oneIn, seed] = [Number(process.env["MUTANTS_ONE_IN"] ?? 16), Number(process.env["MUTANTS_SEED"] ?? 1)];
/** Why a mutant is left out. */
export const notDrawn = "not in the sample";

// Stryker samples by ranges of lines only, which would leave out what spans lines. A mutant that is marked here is not put into the code.
const internals = packagePath("node_modules", "@stryker-mutator", "instrumenter", "dist", "src", "transformers", "mutant-collector.js");
const { MutantCollector } = (await import(internals)) as { readonly MutantCollector: { readonly prototype: { collect: Collect } } };
const { collect } = MutantCollector.prototype;
const drawer = drawerOf(oneIn, seed);
MutantCollector.prototype.collect = function (file, original, mutable, ...rest) {
  if (mutable.ignoreReason === undefined && !drawer(file, original, mutable)) mutable.ignoreReason = notDrawn;
  return collect.call(this, file, original, mutable, ...rest);
};

/** Draws by the text that is changed, not by the number of its line, so that an edit elsewhere leaves the sample as it was. */
function drawerOf(share: number, from: number): (file: string, original: SourceNode, mutable: Mutable) => boolean {
  const lines = new Map<string, readonly string[]>();
  const times = new Map<string, number>();
  return (file, { loc: { start, end } }, { mutatorName }) => {
    const text = lines.get(file) ?? readFileSync(file, "utf8").split("\n");
    lines.set(file, text);
    const key = `${relative(packagePath(), file)}\n${text[start.line - 1]}\n${start.column} ${end.line - start.line} ${end.column} ${mutatorName}`;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return randomStream(from, key, time).below(share) === 0;
  };
}

/** What Stryker looks for in a plugin: drawing is all that this one does. */
export const strykerPlugins: readonly object[] = [];
