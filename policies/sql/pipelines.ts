/** The replays of one policy or several in one statement: each a pipeline of steps, which meet at the entity. */
import { present } from "../../data/foundation/index.ts";
import { binary, column, named, type SqlSelect, type SqlSource, type SqlStatement, type SqlUnion } from "./nodes.ts";

type Step = SqlStatement["steps"][number];

/** From the tables to step `folded`: one row an entity, with a list `records` of its rows and one of packed states for each start. */
export interface Pipeline {
  readonly steps: readonly Step[];
  /** Columns of the entity that stand beside each of its rows. */
  readonly keep: readonly string[];
  /** Fields of a record, in their order, and those that are columns of its row. */
  readonly fields: readonly string[];
  readonly shown: readonly string[];
  readonly starts: readonly (number | undefined)[];
}

/** The list of states from a start, in step `folded`. */
export function statesColumn(start: number): string {
  return `states ${start}`;
}

/** The packed state of a policy from a start, in step `replayed`. */
export function codeColumn(policy: number, start: number): string {
  return policy === 0 ? `code ${start}` : `code ${start} of ${policy}`;
}

/**
 * From the tables to step `replayed`: one row a panel row, with the record of the first policy, and the packed state after it under every policy
 * from every start. The lists of an entity are as long under one policy as under another, a place a row, so they are laid side by side, and no row is looked for.
 */
export function replaySteps(pipelines: readonly Pipeline[]): SqlStatement["steps"] {
  const [first, ...others] = pipelines;
  const { steps, keep, fields, shown, starts } = present(first, "a pipeline");
  const own = starts.map((_, start) => ({ list: statesColumn(start), as: codeColumn(0, start) }));
  const theirs = others.map((pipeline, index) =>
    pipeline.starts.map((_, start) => ({ list: `${statesColumn(start)} of ${index + 1}`, as: codeColumn(index + 1, start) })),
  );
  const replayed: Step = {
    name: "replayed",
    query: {
      kind: "unnest",
      from: others.length === 0 ? "folded" : "met",
      keep: ["entity", ...keep],
      records: "records",
      fieldsThere: fields,
      fields: shown,
      beside: [...own, ...theirs.flat()],
    },
  };
  if (others.length === 0) return [...steps, replayed];
  const besides = others.flatMap((pipeline, index) => underNames(pipeline.steps, (name) => `${name} of ${index + 1}`));
  return [...steps, ...besides, { name: "met", query: metAtEntity(keep, starts.length, others) }, replayed];
}

/** The first policy's rows, each with the states of the others. */
function metAtEntity(keep: readonly string[], startCount: number, others: readonly Pipeline[]): SqlSelect {
  const own = ["entity", ...keep, "records", ...Array.from({ length: startCount }, (_, start) => statesColumn(start))];
  return {
    kind: "select",
    everything: false,
    columns: [
      ...own.map((name) => named(name, column(name, "policy 0"))),
      ...others.flatMap(({ starts }, index) =>
        starts.map((_, start) => named(`${statesColumn(start)} of ${index + 1}`, column(statesColumn(start), `policy ${index + 1}`))),
      ),
    ],
    source: { from: "folded", as: "policy 0" },
    joins: others.map((_, index) => ({
      source: { from: `folded of ${index + 1}`, as: `policy ${index + 1}` },
      outer: false,
      on: binary(column("entity", "policy 0"), "=", column("entity", `policy ${index + 1}`)),
    })),
  };
}

/** The same steps under other names, which they read one another by. */
function underNames(steps: readonly Step[], nameOf: (name: string) => string): readonly Step[] {
  const names = new Set(steps.map(({ name }) => name));
  const renamed = (name: string) => (names.has(name) ? nameOf(name) : name);
  const source = ({ from, as }: SqlSource): SqlSource => {
    if (typeof from === "string") return { from: renamed(from), as };
    return { from: "kind" in from ? within(from) : from, as };
  };
  const within = (query: SqlSelect | SqlUnion): SqlSelect | SqlUnion =>
    query.kind === "select" ? select(query) : { ...query, queries: query.queries.map(select) };
  const select = (query: SqlSelect): SqlSelect => ({
    ...query,
    source: source(query.source),
    ...(query.joins === undefined ? {} : { joins: query.joins.map((join) => ({ ...join, source: source(join.source) })) }),
  });
  return steps.map(({ name, query }) => {
    if (query.kind === "select") return { name: renamed(name), query: select(query) };
    return { name: renamed(name), query: query.kind === "unnest" ? { ...query, from: renamed(query.from) } : query };
  });
}
