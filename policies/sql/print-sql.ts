/** Nodes -> text for DuckDB. The only place where SQL text is written; values of the policy leave as bound parameters. */
import { unreachable } from "../../data/foundation/index.ts";
import type { SqlExpression, SqlFrame, SqlNumbers, SqlSelect, SqlSource, SqlStatement, SqlText } from "./nodes.ts";

/** The statement as text with its parameters. Equal nodes give equal text. */
export function printSql(statement: SqlStatement): SqlText {
  const printer = new Printer();
  const steps = statement.steps.map(({ name, query }) => `${identifier(name)} AS ${printer.step(query)}`);
  const result = printer.select(statement.result);
  return { sql: `WITH RECURSIVE\n${steps.join(",\n")}\n${result}`, parameters: printer.parameters };
}

class Printer {
  readonly parameters: (number | string)[] = [];

  step(query: SqlStatement["steps"][number]["query"]): string {
    if (query.kind === "select") return `(${this.select(query)})`;
    if (query.kind === "numbers") return numbers(query);
    return `(${this.select(query.first)}\n UNION ALL\n ${this.select(query.next)})`;
  }

  select(select: SqlSelect): string {
    const columns = select.columns.map(({ as, expression }) => `${this.expression(expression)} AS ${identifier(as)}`);
    const list = select.everything ? ["*", ...columns] : columns;
    const joins = (select.joins ?? []).map(
      ({ source, outer, on }) => ` ${outer ? "LEFT JOIN" : "JOIN"} ${this.source(source)} ON ${this.expression(on)}`,
    );
    const where = select.where === undefined ? "" : ` WHERE ${this.expression(select.where)}`;
    return `SELECT ${select.distinct === true ? "DISTINCT " : ""}${list.join(", ")} FROM ${this.source(select.source)}${joins.join("")}${where}`;
  }

  source({ from, as }: SqlSource): string {
    return `${typeof from === "string" ? identifier(from) : `(${this.select(from)})`} AS ${identifier(as)}`;
  }

  expression(node: SqlExpression): string {
    switch (node.kind) {
      case "parameter":
        this.parameters.push(node.value);
        return `CAST($${this.parameters.length} AS ${typeof node.value === "number" ? "DOUBLE" : "VARCHAR"})`;
      case "integer":
        return node.value < 0n ? `(${node.value})` : String(node.value);
      case "null":
        return "NULL";
      case "column":
        return node.table === undefined ? identifier(node.name) : `${identifier(node.table)}.${identifier(node.name)}`;
      case "binary":
        return `(${this.expression(node.left)} ${node.operator} ${this.expression(node.right)})`;
      case "unary":
        return `(${node.operator} ${this.expression(node.operand)})`;
      case "null-test":
        return `(${this.expression(node.operand)} IS ${node.isNull ? "" : "NOT "}NULL)`;
      case "in":
        return `(${this.expression(node.operand)} IN (${node.values.map((value) => this.expression(value)).join(", ")}))`;
      case "call":
        return `${node.function}(${node.arguments.map((argument) => this.expression(argument)).join(", ")})`;
      case "cast":
        return `CAST(${this.expression(node.operand)} AS ${node.type})`;
      case "case": {
        const whens = node.whens.map(({ when, result }) => `WHEN ${this.expression(when)} THEN ${this.expression(result)}`);
        return `CASE ${whens.join(" ")} ELSE ${this.expression(node.otherwise)} END`;
      }
      case "window":
        return `${this.expression(node.call)} OVER (PARTITION BY "entity" ORDER BY "period"${this.frame(node.frame)})`;
      case "subquery":
        return `(${this.select(node.select)})`;
      default:
        return unreachable(node);
    }
  }

  frame(frame: SqlFrame | undefined): string {
    if (frame === undefined) return "";
    const from = frame.from === "unbounded" ? "UNBOUNDED" : this.expression(frame.from);
    const to = frame.to === undefined ? "CURRENT ROW" : `${this.expression(frame.to)} PRECEDING`;
    return ` ${frame.unit} BETWEEN ${from} PRECEDING AND ${to}`;
  }
}

function numbers({ names, rows }: SqlNumbers): string {
  const lines = rows.map(
    (row) => `(${row.map((value) => (value === undefined ? "NULL::INTEGER" : String(Math.trunc(value)))).join(", ")})`,
  );
  return `(SELECT * FROM (VALUES ${lines.join(", ")}) AS "rows" (${names.map(identifier).join(", ")}))`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
