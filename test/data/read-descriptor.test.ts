/** Faults of descriptors, from the table in descriptor-faults.yaml: each with its code, line and column. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readDescriptor, readDescriptorText } from "../../data/datasets/index.ts";
import { hasErrors, limits, packagePath } from "../../data/foundation/index.ts";
import { testFolder, writeFiles } from "./dataset-files.ts";

interface Fault {
  readonly name: string;
  readonly find: string;
  readonly put: string;
  readonly expect: readonly string[];
  readonly near?: string;
}

const table = parse(readFileSync(packagePath("test/data/descriptor-faults.yaml"), "utf8")) as { sound: string; faults: readonly Fault[] };

describe("reading a descriptor", () => {
  const folder = testFolder();
  const path = join(folder, "descriptor.yaml");
  before(() => writeFiles(folder, { "panel.csv": "", "panel.xlsx": "", "snapshots.csv": "", "events.csv": "" }));

  it("reads a sound one without a word", () => {
    const { descriptor, diagnostics } = readDescriptorText(table.sound, path);
    expect(diagnostics).to.deep.equal([]);
    expect(descriptor?.files.map((file) => [file.holds, file.columns.length])).to.deep.equal([
      ["panel", 6],
      ["snapshots", 1],
      ["events", 0],
    ]);
    expect(descriptor?.outcomes[0]).to.deep.include({ name: "bad", kind: "future", horizonDays: 90, lagDays: 30, measures: ["late"] });
  });

  it("says where brackets nest too deep, and each known key once", () => {
    const deep = readDescriptorText(`${table.sound}\nnote: ${"[".repeat(5000)}`, path).diagnostics;
    const line = table.sound.split("\n").length + 1;
    expect(deep.map(({ code, place }) => [code, place?.line])).to.deep.equal([["limit-exceeded", line]]);
    const [unknown] = readDescriptorText(`${table.sound}\nfrobnicate: 3\n`, path).diagnostics;
    const known = unknown?.cure.match(/\w+(?=[,.])/g) ?? [];
    expect(known).to.include("grain").and.to.have.length(new Set(known).size);
  });

  it("is refused where it is longer than anybody reads, as a file and as a text", () => {
    const long = `${table.sound}\n#${"x".repeat(limits.descriptorBytes.value)}`;
    writeFiles(folder, { "long.yaml": long });
    for (const { diagnostics } of [readDescriptor(join(folder, "long.yaml")), readDescriptorText(long, "long.yaml")])
      expect(diagnostics.map(({ code, place, message }) => [code, place?.line, message.includes("'descriptorBytes'")])).to.deep.equal([
        ["limit-exceeded", 1, true],
      ]);
  });

  it("says that there is no such descriptor", () => {
    const { diagnostics } = readDescriptorText("", path);
    expect(diagnostics.map((each) => each.code)).to.deep.equal(["wrong-shape"]);
  });

  for (const fault of table.faults) {
    it(`locates ${fault.name}`, () => {
      expect(table.sound).to.include(fault.find);
      const { descriptor, diagnostics } = readDescriptorText(table.sound.replace(fault.find, fault.put), path);
      const found = diagnostics.map(({ place, code }) => `${place?.line}:${place?.column} ${code}`);
      if (fault.expect.length > 0) expect(found).to.deep.equal(fault.expect);
      expect(hasErrors(diagnostics)).to.equal(true);
      expect(descriptor).to.equal(undefined);
      if (fault.near !== undefined) expect(diagnostics.map((each) => each.near)).to.include(fault.near);
      for (const diagnostic of diagnostics) expect(diagnostic.cure, diagnostic.message).to.match(/[.?]$/);
    });
  }
});
