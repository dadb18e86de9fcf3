/** What the library tells Spark is what Spark's own parser took, and what gave there, run, what the kernels give. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../../data/foundation/index.ts";
import { dialects } from "../../../policies/sql/index.ts";
import { binary, call, column, integer, named, parameter, type SqlExpression } from "../../../policies/sql/nodes.ts";
import { printSql } from "../../../policies/sql/print-sql.ts";
import { libraryReferences } from "../library-panels.ts";
import { sparkStatements } from "./spark-statements.ts";

interface Reference {
  readonly spark: string;
  readonly taken: Readonly<Record<string, { readonly statements: string; readonly rows: number }>>;
}

describe("SQL for Spark", () => {
  const { taken } = JSON.parse(readFileSync(packagePath("test", "sql", "spark", "reference.json"), "utf8")) as Reference;

  for (const reference of libraryReferences()) {
    it(`is what Spark took and ran to the same rows, or nothing: ${reference}`, () => {
      const told = sparkStatements(reference);
      const cure = "the statements are others than Spark has run: see test/sql/spark/make_reference.py";
      expect(told === undefined ? undefined : { statements: told.digest, rows: told.panel.rowCount }, cure).to.deep.equal(taken[reference]);
    });
  }

  it("quotes names by its own rule", () => {
    expect(dialects.spark.quote('a`b"c')).to.equal('`a``b"c`');
  });

  it("picks the rows of a frame whose bounds are columns, or that is empty, from those so far; other frames are its own", () => {
    const printed = (expression: SqlExpression) => {
      const result = { kind: "select", everything: false, columns: [named("x", expression)], source: { from: "t", as: "t" } } as const;
      return printSql({ steps: [], result }, dialects.spark);
    };
    const sum = call("sum", binary(column("a"), "*", parameter(2)));
    const varying = printed({ kind: "window", call: sum, frame: { unit: "RANGE", from: column("back"), to: column("lag") } });
    expect(varying.sql).to.match(
      /^SELECT aggregate\(filter\(transform\(filter\(collect_list\(.*BETWEEN `period` - `back` AND `period` - `lag`/,
    );
    expect(varying.parameters, "printed once").to.deep.equal([2]);
    const empty = printed({ kind: "window", call: call("count", column("a")), frame: { unit: "ROWS", from: integer(0), to: integer(1) } });
    expect(empty.sql).to.contain("BETWEEN `period` - 0 AND `period` - 1");
    const own = printed({ kind: "window", call: sum, frame: { unit: "ROWS", from: integer(3), to: integer(1) } });
    expect(own.sql).to.contain("ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING");
  });
});
