/** What every page and every form may carry. */

/** What every page may carry: sentences that stand above it, for example what a start after a crash cleaned up. */
export interface PageFrame {
  readonly notices: readonly string[];
}

/** What the visitor typed that cannot be used. */
export interface FormProblem {
  readonly field: string;
  readonly message: string;
  readonly cure: string;
}
