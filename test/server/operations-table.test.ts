/** One table makes commands, routes, the OpenAPI document and the reference; here they are held against each other. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import {
  exampleInput,
  faultsOf,
  fieldsOf,
  findOperation,
  openApiDocument,
  operations,
  routeInputOf,
  withReference,
} from "../../server/operations/index.ts";

describe("the table of operations", () => {
  const document = openApiDocument() as { paths: Record<string, Record<string, { operationId: string; parameters?: { name: string }[] }>> };

  it("names every operation, command and route once", () => {
    for (const keyOf of [
      (index: number) => operations[index]?.name,
      (index: number) => JSON.stringify(operations[index]?.route ?? index),
    ]) {
      const keys = operations.map((_, index) => keyOf(index));
      expect(new Set(keys).size).to.equal(keys.length);
    }
  });

  it("holds the commands that outside users rely on", () => {
    const fixed =
      "dataset import,dataset import-olist,dataset demo,dataset list,dataset show,policy check,policy diff,policy format,policy list,policy explain,replay,compare,explain,statistic list,experiment design,experiment lock,experiment assign,experiment observe,experiment analyse,experiment decide,experiment simulate,serve";
    for (const name of fixed.split(",")) expect(findOperation(name)?.command, name).not.to.equal(undefined);
  });

  it("describes every route in the OpenAPI document, with every field of its path", () => {
    for (const { name, route } of operations) {
      if (route === undefined) continue;
      const described = document.paths[route.path]?.[route.method];
      expect(described, name).not.to.equal(undefined);
      for (const [, field] of route.path.matchAll(/\{(\w+)\}/g)) {
        expect(
          described?.parameters?.map((parameter) => parameter.name),
          name,
        ).to.include(field);
      }
    }
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("names only fields that its shapes have, and says what each is for", () => {
    for (const operation of operations) {
      const fields = fieldsOf(operation.input);
      const names = fields.map(({ name }) => name);
      const used = [
        ...(operation.command?.arguments ?? []),
        ...(operation.command?.only ?? []),
        ...Object.keys(operation.command?.flags ?? {}),
      ];
      for (const name of used) expect(names, operation.name).to.include(name);
      for (const [, field] of operation.route?.path.matchAll(/\{(\w+)\}/g) ?? []) expect(names, operation.name).to.include(field);
      for (const { name, description } of fields) expect(description, `${operation.name} ${name}`).not.to.equal("");
    }
  });

  it("gives an example of every field that must be there, and its shapes take the examples", () => {
    for (const operation of operations) {
      for (const { name, isRequired, examples = [] } of fieldsOf(operation.input))
        if (isRequired) expect(examples, `${operation.name} ${name}`).not.to.deep.equal([]);
      if (operation.command !== undefined)
        expect(faultsOf(operation.input, exampleInput(operation, "command")), operation.name).to.deep.equal([]);
      if (operation.route !== undefined)
        expect(faultsOf(routeInputOf(operation), exampleInput(operation, "route")), operation.name).to.deep.equal([]);
    }
  });

  it("keeps files of the caller's machine out of routes", () => {
    for (const name of ["compare", "replay"]) {
      const operation = findOperation(name);
      if (operation === undefined) throw new Error(name);
      const faults = faultsOf(routeInputOf(operation), { out: "/tmp/x" });
      expect(faults.map(({ message }) => message)).to.include("no field is called 'out'");
    }
  });

  it("says what is wrong with a field, and which name was meant", () => {
    const demo = findOperation("dataset demo");
    if (demo === undefined) throw new Error("dataset demo");
    const [first, second] = faultsOf(demo.input, { sellers: "many", sead: 3 });
    expect(first).to.include({ code: "bad-request", found: '"many"' });
    expect(second).to.include({ message: "no field is called 'sead'", near: "seed" });
  });

  it("agrees with the reference in server/README.md", () => {
    const path = packagePath("server", "README.md");
    const readme = readFileSync(path, "utf8");
    if (process.env["UPDATE_REFERENCE"] === "1") writeFileSync(path, withReference(readme));
    expect(readFileSync(path, "utf8")).to.equal(withReference(readme));
  });
});
