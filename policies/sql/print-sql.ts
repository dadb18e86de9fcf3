/** Nodes -> text in a dialect. The only place where SQL text is written; values of the policy leave as bound parameters. */
import { unreachable } from "../../data/foundation/index.ts";
import type { ListFunction, SqlDialect } from "./dialects.ts";
import type {
  SqlExpression,
  SqlField,
  SqlFrame,
  SqlFunction,
  SqlNumbers,
  SqlSelect,
  SqlSource,
  SqlStatement,
  SqlText,
  SqlUnnest,
} from "./nodes.ts";

/** The statement as text with its parameters. Equal nodes give equal text. */
export function printSql(statement: SqlStatement, dialect: SqlDialect): SqlText {
  const printer = new Printer(dialect);
  const steps = statement.steps.map(({ name, query }) => `${identifier(name)} AS (${printer.step(query)})`);
  const result = printer.select(statement.result);
  return { sql: `${steps.length === 0 ? "" : `WITH\n${steps.join(",\n")}\n`}${result}`, parameters: printer.parameters };
}

type NestedExpression = Extract<
  SqlExpression,
  { kind: "variable" | "let" | "record" | "field" | "list" | "filter" | "transform" | "fold" | "gather" }
>;

class Printer {
  readonly parameters: (number | string)[] = [];
  readonly #dialect: SqlDialect;

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  step(query: SqlStatement["steps"][number]["query"]): string {
    switch (query.kind) {
      case "select":
        return this.select(query);
      case "numbers":
        return this.numbers(query);
      case "unnest":
        return this.unnest(query);
      default:
        return unreachable(query);
    }
  }

  select(select: SqlSelect): string {
    const columns = select.columns.map(({ as, expression }) => `${this.expression(expression)} AS ${identifier(as)}`);
    const list = select.everything ? ["*", ...columns] : columns;
    const source = this.source(select.source);
    const joins = (select.joins ?? []).map(
      (join) => ` ${join.outer ? "LEFT JOIN" : "JOIN"} ${this.source(join.source)} ON ${this.expression(join.on)}`,
    );
    const where = select.where === undefined ? "" : ` WHERE ${this.expression(select.where)}`;
    const group = select.groupBy === undefined ? "" : ` GROUP BY ${select.groupBy.join(", ")}`;
    return `SELECT ${list.join(", ")} FROM ${source}${joins.join("")}${where}${group}`;
  }

  source({ from, as }: SqlSource): string {
    return `${typeof from === "string" ? identifier(from) : `(${this.select(from)})`} AS ${identifier(as)}`;
  }

  unnest({ from, keep, records, fields, beside }: SqlUnnest): string {
    return this.#dialect.unnest({
      from: identifier(from),
      keep: keep.map(identifier),
      records: identifier(records),
      fields: fields.map(identifier),
      beside: beside.map(({ list, as }) => ({ list: identifier(list), as: identifier(as) })),
    });
  }

  expression(node: SqlExpression): string {
    const dialect = this.#dialect;
    switch (node.kind) {
      case "parameter":
        this.parameters.push(node.value);
        return `CAST(${dialect.place(this.parameters.length)} AS ${typeof node.value === "number" ? dialect.types.DOUBLE : dialect.types.VARCHAR})`;
      case "integer":
        return node.value < 0n ? `(${node.value})` : String(node.value);
      case "null":
        return "NULL";
      case "column":
        return node.table === undefined ? identifier(node.name) : `${identifier(node.table)}.${identifier(node.name)}`;
      case "binary": {
        const [left, right] = [this.expression(node.left), this.expression(node.right)];
        if (node.operator === "div") return dialect.divide(left, right);
        return `(${left} ${node.operator === "mod" ? "%" : node.operator} ${right})`;
      }
      case "unary":
        return `(${node.operator} ${this.expression(node.operand)})`;
      case "null-test":
        return `(${this.expression(node.operand)} IS ${node.isNull ? "" : "NOT "}NULL)`;
      case "in":
        return `(${this.expression(node.operand)} IN (${node.values.map((value) => this.expression(value)).join(", ")}))`;
      case "call":
        return `${functionName(node.function, dialect)}(${node.arguments.map((argument) => this.expression(argument)).join(", ")})`;
      case "cast":
        return `CAST(${this.expression(node.operand)} AS ${dialect.types[node.type]})`;
      case "case": {
        const whens = node.whens.map(({ when, result }) => `WHEN ${this.expression(when)} THEN ${this.expression(result)}`);
        return `CASE ${whens.join(" ")} ELSE ${this.expression(node.otherwise)} END`;
      }
      case "window":
        return `${this.expression(node.call)} OVER (PARTITION BY "entity" ORDER BY "period"${this.frame(node.frame)})`;
      case "variable":
      case "let":
      case "record":
      case "field":
      case "list":
      case "filter":
      case "transform":
      case "fold":
      case "gather":
        return this.nested(node);
      default:
        return unreachable(node);
    }
  }

  /** Lists, records and what binds names. */
  nested(node: NestedExpression): string {
    const dialect = this.#dialect;
    switch (node.kind) {
      case "variable":
        return identifier(node.name);
      case "let": {
        const list = dialect.list(this.expression(node.value));
        return dialect.first(dialect.transform(list, dialect.lambda([identifier(node.name)], this.expression(node.body))));
      }
      case "record":
        return this.record(node.fields);
      case "field":
        return `${this.expression(node.of)}.${identifier(node.name)}`;
      case "list":
        return dialect.list(this.expression(node.item));
      case "filter":
      case "transform": {
        const list = this.expression(node.list);
        return dialect[node.kind](list, dialect.lambda([identifier(node.item)], this.expression(node.body)));
      }
      case "fold": {
        const [list, initial] = [this.expression(node.list), this.expression(node.initial)];
        const body = this.expression(node.body);
        return dialect.fold(list, initial, dialect.lambda([identifier(node.before), identifier(node.item)], body));
      }
      case "gather": {
        const record = this.record(node.record.fields);
        return dialect.gather(record, this.expression(node.order));
      }
      default:
        return unreachable(node);
    }
  }

  record(fields: readonly SqlField[]): string {
    const { types, listType, record } = this.#dialect;
    return record(
      fields.map(({ name, type, value }) => {
        const written = typeof type === "string" ? types[type] : listType(types[type.listOf]);
        return { name: identifier(name), type: written, value: `CAST(${this.expression(value)} AS ${written})` };
      }),
    );
  }

  frame(frame: SqlFrame | undefined): string {
    if (frame === undefined) return "";
    const from = frame.from === "unbounded" ? "UNBOUNDED" : this.expression(frame.from);
    const to = frame.to === undefined ? "CURRENT ROW" : `${this.expression(frame.to)} PRECEDING`;
    return ` ${frame.unit} BETWEEN ${from} PRECEDING AND ${to}`;
  }

  numbers({ names, rows }: SqlNumbers): string {
    const missing = `CAST(NULL AS ${this.#dialect.types.INTEGER})`;
    const lines = rows.map((row) => `(${row.map((value) => (value === undefined ? missing : String(Math.trunc(value)))).join(", ")})`);
    return `SELECT * FROM (VALUES ${lines.join(", ")}) AS "rows" (${names.map(identifier).join(", ")})`;
  }
}

function functionName(name: SqlFunction, { functions }: SqlDialect): string {
  return isListFunction(name) ? functions[name] : name;
}

function isListFunction(name: SqlFunction): name is ListFunction {
  return name.startsWith("list ");
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
