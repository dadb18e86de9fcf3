/** What tells us about our own bugs: it throws, and doors answer with exit code 3 or status 500. */

/** Our bug, never the user's fault. */
export class InvariantBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = "InvariantBroken";
  }
}

/** Throws unless the condition holds. The message says what we believed. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}

/** The value, which we know to be there. */
export function present<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InvariantBroken(`${what} is absent`);
  return value;
}

/** The end of an exhaustive switch: compiles only if every kind was handled. */
export function unreachable(value: never): never {
  throw new InvariantBroken(`unexpected ${JSON.stringify(value)}`);
}
