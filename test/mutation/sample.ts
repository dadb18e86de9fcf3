/**
 * Mutation testing by sample: of tens of thousands of mutants only a random share is made, the same one for the same seed, and
 * the score of each room is told with its interval. Loaded by Stryker as a plugin (`npm run mutation`).
 * `MUTANTS_ONE_IN` (1 makes all) and `MUTANTS_SEED` choose the sample.
 */
import { readFileSync } from "node:fs";
import { packagePath, randomStream } from "../../data/foundation/index.ts";
import { wilson } from "../../simulations/statistics/index.ts";

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

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string; readonly statusReason?: string }[] }>>;
}

type Collect = (this: unknown, file: string, original: SourceNode, mutable: Mutable, ...rest: readonly unknown[]) => unknown;

const oneIn = Number(process.env["MUTANTS_ONE_IN"] ?? 16);
const seed = Number(process.env["MUTANTS_SEED"] ?? 1);
const notDrawn = "not in the sample";

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
    const key = `${file.slice(file.lastIndexOf("policies/"))}\n${text[start.line - 1]}\n${start.column} ${end.line - start.line} ${end.column} ${mutatorName}`;
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    return randomStream(from, key, time).below(share) === 0;
  };
}

const reporter = {
  onMutationTestReportReady({ files }: Report): void {
    for (const room of ["policies/language", "policies/compile"]) {
      const found = Object.entries(files)
        .filter(([path]) => path.startsWith(`${room}/`))
        .flatMap(([, { mutants }]) => mutants)
        .filter(({ statusReason }) => statusReason !== notDrawn)
        .map(({ status }) => status);
      const count = (...statuses: readonly string[]): number => found.filter((status) => statuses.includes(status)).length;
      const [detected, missed] = [count("Killed", "Timeout"), count("Survived", "NoCoverage")];
      const score = wilson({ successes: detected, trials: detected + missed, level: 0.95 });
      if (score.kind === "undetermined") continue;
      const percent = (share = 0): string => (100 * share).toFixed(1);
      const bounds = `${percent(score.interval?.lower)} to ${percent(score.interval?.upper)}`;
      console.log(
        `${room}: ${percent(score.value)} % (${bounds}) of ${score.n} mutants, one in ${oneIn}, seed ${seed}: ${count("Killed")} killed, ` +
          `${count("Timeout")} timed out, ${count("Survived")} survived, ${count("NoCoverage")} not covered; ${count("Ignored")} static ones left out`,
      );
    }
  },
};

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [{ kind: "Reporter", name: "sample", value: reporter }];
