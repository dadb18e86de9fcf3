/** What the program's exit code says. */
export const exitCodes = {
  /** Done. */
  done: 0,
  /** The input has errors; they are printed. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Our bug. */
  broken: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
