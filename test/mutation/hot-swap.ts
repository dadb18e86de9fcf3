/**
 * Lets Stryker swap mutants in a running process. Suites build policies while they load, so that most code counts as run once at
 * start, for which Stryker would start a process a mutant; what tests run again is tested by those tests just as well.
 */
interface Instrumented {
  readonly __stryker__?: {
    readonly mutantCoverage?: {
      readonly static: Record<string, number>;
      readonly perTest: Readonly<Record<string, Readonly<Record<string, number>>>>;
    };
  };
}

export const mochaHooks = {
  afterAll(): void {
    const coverage = (globalThis as Instrumented).__stryker__?.mutantCoverage;
    for (const mutants of Object.values(coverage?.perTest ?? {})) for (const id of Object.keys(mutants)) delete coverage?.static[id];
  },
};
