/** Puts definitions in order of use: each after those that it reads, else in file order. */

/** Definitions in order, and one circle if there is any. */
export interface Ordered<T> {
  readonly ordered: readonly T[];
  /** Names along a circle, the first again at the end. */
  readonly circle?: readonly string[];
}

/** Stable topological order. Cost: definitions plus uses. Reads that are not among the definitions are ignored. */
export function orderOfUse<T extends { readonly name: string }>(
  definitions: readonly T[],
  reads: (definition: T) => Iterable<string>,
): Ordered<T> {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const done = new Set<string>();
  const ordered: T[] = [];
  for (const root of definitions) {
    if (done.has(root.name)) continue;
    const path: { readonly definition: T; readonly rest: Iterator<string> }[] = [
      { definition: root, rest: reads(root)[Symbol.iterator]() },
    ];
    const onPath = new Set([root.name]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const step = top.rest.next();
      if (step.done === true) {
        path.pop();
        onPath.delete(top.definition.name);
        done.add(top.definition.name);
        ordered.push(top.definition);
        continue;
      }
      const next = byName.get(step.value);
      if (next === undefined || done.has(next.name)) continue;
      if (onPath.has(next.name)) {
        const names = path.map(({ definition }) => definition.name);
        return { ordered: definitions, circle: [...names.slice(names.indexOf(next.name)), next.name] };
      }
      onPath.add(next.name);
      path.push({ definition: next, rest: reads(next)[Symbol.iterator]() });
    }
  }
  return { ordered };
}
