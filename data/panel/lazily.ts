/** What is made when it is asked for first: columns that nobody reads are never read from the disk. */

/** A list whose items are made when they are asked for first. */
export function lazily<Item>(makers: readonly (() => Item)[]): readonly Item[] {
  const list: Item[] = [];
  for (const [index, make] of makers.entries()) Object.defineProperty(list, index, { get: once(make), enumerable: true });
  return list;
}

/** Does the work when it is first asked for. */
export function once<Result>(work: () => Result): () => Result {
  let done: { readonly result: Result } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
