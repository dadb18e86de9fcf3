/** The forms in which SQL can run movement, which goes from week to week. Each gives week, code of the held tier and sellers. */
import { type HandPolicy, type Layer, layered } from "./hand-policy.ts";

/** Statements in order; the last one is the query. */
export type Form = (policy: HandPolicy, weeks: number) => readonly string[];

/** One recursive query: each round joins the state with the next week. */
const recursive: Form = ({ merits, inputs, start, step }) => {
  const states = Object.keys(start);
  const first = states.map((name) => `${start[name]}::TINYINT AS ${name}`).join(", ");
  const paired = `SELECT m.seller, m.week, ${inputs.map((name) => `m.${name}`).join(", ")}, ${states.map((name) => `s.${name}`).join(", ")}
    FROM moved s JOIN merits m ON m.seller = s.seller AND m.week = s.week + 1`;
  const next = states.map((name) => `next_${name}::TINYINT AS ${name}`).join(", ");
  return [
    `WITH RECURSIVE merits AS MATERIALIZED (${merits}),
     moved AS (SELECT DISTINCT seller, -1 AS week, ${first} FROM history
       UNION ALL SELECT seller, week, ${next} FROM (${layered(paired, step)}))
     SELECT week, held, count(*) FROM moved WHERE week >= 0 GROUP BY week, held`,
  ];
};

/** One table a week, made from the one before. */
const stepped: Form = ({ merits, inputs, start, step }, weeks) => {
  const states = Object.keys(start);
  const first = states.map((name) => `${start[name]}::TINYINT AS ${name}`).join(", ");
  const next = states.map((name) => `next_${name}::TINYINT AS ${name}`).join(", ");
  const week = (index: number) => {
    const paired = `SELECT m.seller, m.week, ${inputs.map((name) => `m.${name}`).join(", ")}, ${states.map((name) => `s.${name}`).join(", ")}
      FROM state_${index} s JOIN merits m ON m.seller = s.seller WHERE m.week = ${index}`;
    return `CREATE OR REPLACE TEMP TABLE state_${index + 1} AS SELECT seller, week, ${next} FROM (${layered(paired, step)})`;
  };
  const all = Array.from({ length: weeks }, (_, index) => `SELECT week, held, count(*) FROM state_${index + 1} GROUP BY week, held`);
  return [
    `CREATE OR REPLACE TEMP TABLE merits AS FROM (${merits}) ORDER BY week`,
    `CREATE OR REPLACE TEMP TABLE state_0 AS SELECT DISTINCT seller, ${first} FROM history`,
    ...Array.from({ length: weeks }, (_, index) => week(index)),
    all.join(" UNION ALL "),
  ];
};

/** One row a seller with its inputs as lists, and one layer of projections a week: no join at all. */
const unrolled: Form = ({ merits, inputs, start, step }, weeks) => {
  const states = Object.keys(start);
  const lists = inputs.map((name) => `list(${name} ORDER BY week) AS ${name}s`).join(", ");
  let query = `SELECT ${inputs.map((name) => `${name}s`).join(", ")}, ${states.map((name) => `${start[name]}::TINYINT AS ${name}`).join(", ")}
    FROM (SELECT seller, ${lists} FROM (${merits}) GROUP BY seller)`;
  for (let week = 0; week < weeks; week++) {
    const kept = Array.from({ length: week }, (_, index) => `held_${index}`);
    const carried = [...inputs.map((name) => `${name}s`), ...kept];
    const paired = `SELECT *, ${week} AS week, ${inputs.map((name) => `${name}s[${week + 1}] AS ${name}`).join(", ")} FROM (${query})`;
    const next = [...states.map((name) => `next_${name}::TINYINT AS ${name}`), `next_held::TINYINT AS held_${week}`];
    query = `SELECT ${[...carried, ...next].join(", ")} FROM (${layered(paired, step)})`;
  }
  return [counted(query, weeks)];
};

/** One fold over each seller's list; what is folded and what it is folded into must have one type, so state travels beside the inputs. */
const folded: Form = ({ merits, inputs, start, step }, weeks) => {
  const states = Object.keys(start);
  const read = ["week", ...inputs];
  const struct = (fields: readonly string[], helds: string) => `{${[...fields, `helds: ${helds}`].join(", ")}}`;
  const field = (name: string, value: string) => `${name}: (${value})::TINYINT`;
  const blank = states.map((name) => field(name, String(start[name])));
  const row = struct([...read.map((name) => field(name, name)), ...blank], "[]::TINYINT[]");
  const first = struct([...read.map((name) => field(name, "0")), ...blank], "[]::TINYINT[]");
  const values = inlined(step, { ...owned(states, "done"), ...owned(read, "here") });
  const next = states.map((name) => field(name, values[`next_${name}`] ?? name));
  const kept = read.map((name) => field(name, `here.${name}`));
  const fold = struct([...kept, ...next], `list_append(done.helds, (${values["next_held"]})::TINYINT)`);
  return [
    `SELECT week, held, count(*) FROM (
       SELECT unnest(range(${weeks})) AS week, unnest(list_reduce(rows, lambda done, here: ${fold}, ${first}).helds) AS held
       FROM (SELECT seller, list(${row} ORDER BY week) AS rows FROM (${merits}) GROUP BY seller))
     GROUP BY week, held`,
  ];
};

/** By name. `generated` is not here: its SQL is the product's own. */
export const forms = { recursive, stepped, unrolled, folded } satisfies Record<string, Form>;

/** A form's name. */
export type FormName = keyof typeof forms;

/** Sellers by week and tier, from columns `held_0`, `held_1` and so on. */
function counted(query: string, weeks: number): string {
  const helds = Array.from({ length: weeks }, (_, week) => `held_${week}`).join(", ");
  return `SELECT week, held, count(*) FROM (SELECT unnest(range(${weeks})) AS week, unnest([${helds}]) AS held FROM (${query})) GROUP BY week, held`;
}

function owned(names: readonly string[], owner: string): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${owner}.${name}`]));
}

/** The layers as expressions of state and inputs alone. */
function inlined(layers: readonly Layer[], known: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const values: Record<string, string> = { ...known };
  const inline = (expression: string) =>
    expression.replaceAll(/\b[a-z_]+[0-9]?\b/g, (word) => (word in values ? `(${values[word]})` : word));
  for (const layer of layers) {
    const added = Object.entries(layer).map(([name, expression]) => [name, inline(expression)] as const);
    for (const [name, expression] of added) values[name] = expression;
  }
  return values;
}
