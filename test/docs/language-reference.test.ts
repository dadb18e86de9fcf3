/** policies/README.md: its examples are read and run, and its generated parts agree with the code. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { readCases, runCases } from "../../policies/cases/index.ts";
import { policyLibrary, printPolicy, readPolicy, readProgramme, withKeyReference } from "../../policies/language/index.ts";

const readme = readFileSync(packagePath("policies", "README.md"), "utf8");
const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
const blockAfter = (opening: string): string => blocks.find((block) => block.startsWith(opening)) ?? "";
const nouns = /^(?:programme|parameters|windows|metrics|scores|ledgers|conditions|tiers|movement):/;

describe("the language reference", () => {
  const whole = blocks.filter((block) => nouns.test(block)).join("\n");

  it("builds one policy, section by section, that reads without a remark", () => {
    const { policy, diagnostics } = readPolicy({ text: whole, file: "shop-points/1.0.0.yaml", load: () => undefined });
    const remarks = diagnostics.map(({ place, code, message }) => `${place?.line} ${code}: ${message}`);
    expect(remarks).to.deep.equal([]);
    if (policy === undefined) throw new RangeError("no policy");
    const again = readPolicy({ text: printPolicy(policy), file: "again.yaml", load: () => undefined });
    expect(again.policy).to.deep.equal(policy);
  });

  it("shows a version that extends it", () => {
    const version = blocks.find((block) => block.startsWith("extends:")) ?? "";
    const { policy, diagnostics } = readPolicy({
      text: version,
      file: "shop-points/1.1.0.yaml",
      load: () => ({ text: whole, file: "shop-points/1.0.0.yaml" }),
    });
    expect(diagnostics.map(({ place, code, message }) => `${place?.line} ${code}: ${message}`)).to.deep.equal([]);
    expect(policy?.tiers.map((tier) => tier.name)).to.deep.equal(["gold", "silver", "standard", "watch", "restricted", "closed"]);
  });

  it("shows cases that pass", () => {
    const { policy } = readPolicy({ text: whole, file: "shop-points/1.0.0.yaml", load: () => undefined });
    if (policy === undefined) throw new RangeError("no policy");
    const text = blocks.find((block) => block.startsWith("# 1.0.0.cases.yaml")) ?? "";
    const { cases, diagnostics } = readCases({ text, file: "1.0.0.cases.yaml", policy });
    expect(diagnostics.map(({ place, message }) => `${place?.line}: ${message}`)).to.deep.equal([]);
    if (cases === undefined) throw new RangeError("no cases");
    const { failures, passed } = runCases(policy, cases);
    expect(failures).to.deep.equal([]);
    expect(passed).to.equal(1);
  });

  for (const programme of ["shop-tiers", "shop-takings"]) {
    it(`shows the policy ${programme} and a case that pass without a remark`, () => {
      const [file, caseFile] = [`${programme}/1.0.0.yaml`, `${programme}/1.0.0.cases.yaml`];
      const [text, caseText] = [blockAfter(`# ${file}\n`), blockAfter(`# ${caseFile}\n`)];
      const { policy, diagnostics } = readPolicy({ text, file, load: () => undefined });
      expect(diagnostics).to.deep.equal([]);
      if (policy === undefined) throw new RangeError("no policy");
      const read = readCases({ text: caseText, file: caseFile, policy });
      expect(read.diagnostics).to.deep.equal([]);
      if (read.cases === undefined) throw new RangeError("no cases");
      const { failures, passed } = runCases(policy, read.cases);
      expect({ failures, passed }).to.deep.equal({ failures: [], passed: 1 });
    });
  }

  it("shows the forms of a history in every grain", () => {
    const { policy } = readPolicy({ text: whole, file: "shop-points/1.0.0.yaml", load: () => undefined });
    if (policy === undefined) throw new RangeError("no policy");
    const forms = (blocks.find((block) => block.startsWith("history:")) ?? "").split("\n").slice(1, -1);
    for (const [index, grain] of (["day", "week", "month"] as const).entries()) {
      const heading = `programme: shop-points\nversion: 1.0.0\ngrain: ${grain}\ncases:\n  - name: One\n`;
      const own = forms.slice(2 * index, 2 * index + 2).toReversed();
      expect(own.join("\n"), grain).to.match(new RegExp(`{ ${grain}: [^]*# grain: ${grain}`));
      for (const form of own) {
        const text = `${heading}    history:\n  ${form}\n    expect:\n      - { on: 2024-06-03, tier: gold }\n`;
        expect(readCases({ text, file: "1.0.0.cases.yaml", policy }).diagnostics, form).to.deep.equal([]);
      }
    }
  });

  it("shows versions in force that follow one another", () => {
    const folder = mkdtempSync(join(tmpdir(), "reference-"));
    const texts = { "1.0.0.yaml": whole, "1.1.0.yaml": blockAfter("extends:"), "in-force.yaml": blockAfter("# in-force.yaml") };
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text);
    const { versions, diagnostics } = readProgramme("shop-points", join(folder, "in-force.yaml"));
    rmSync(folder, { recursive: true });
    expect(diagnostics).to.deep.equal([]);
    expect(versions.map(({ policy }) => policy.version)).to.deep.equal(["1.0.0", "1.1.0"]);
  });

  it("agrees with the tables of keys and codes", () => {
    expect(readme).to.equal(withKeyReference(readme));
  });

  it("lists every programme of the library, and no other", () => {
    const listed = [...((readme.split("# The library")[1] ?? "").split("\n# ")[0]?.matchAll(/^\| `([a-z-]+)`/gm) ?? [])].map(
      (match) => match[1],
    );
    expect(new Set(listed)).to.deep.equal(new Set(policyLibrary().map(({ programme }) => programme)));
  });
});
