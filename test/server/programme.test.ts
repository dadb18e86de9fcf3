/** A programme in force through the doors: its versions one after the other, from the library or from a folder. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, packagePath } from "../../data/foundation/index.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

interface Replayed {
  readonly policy: {
    readonly version: string;
    readonly digest: string;
    readonly versions?: readonly { readonly version: string; readonly from: string }[];
  };
  readonly periods: readonly { readonly period: string; readonly tiers: Readonly<Record<string, number>> }[];
  readonly run: { readonly id: string; readonly digest: string };
}

describe("a programme in force through the doors", () => {
  let market: Awaited<ReturnType<typeof smallMarketplace>>;
  let folder: string;

  before(async () => {
    market = await smallMarketplace();
    folder = join(market.home, "seller-performance");
    mkdirSync(folder);
    for (const version of ["1.0.0", "1.1.0"]) {
      const file = packagePath("policies", "library", "seller-performance", `${version}.yaml`);
      cpSync(file, join(folder, `${version}.yaml`));
    }
  });
  after(() => market.remove());

  function inForce(...versions: readonly (readonly [string, string])[]): void {
    const entries = versions.map(([version, from]) => `  - { version: ${version}, from: ${from} }\n`).join("");
    writeFileSync(join(folder, "in-force.yaml"), `programme: seller-performance\nin_force:\n${entries}`);
  }

  const replay = (policy: string) => perform<Replayed>(market.store, "replay", { policy, dataset: market.dataset });

  it("replays the version of the library that was always in force to the bytes of that version", async () => {
    const [programme, alone] = [await replay("seller-performance@in-force"), await replay("seller-performance@1.0.0")];
    expect(programme.policy.version).to.equal("in-force");
    expect(programme.policy.versions?.map(({ version }) => version)).to.deep.equal(["1.0.0"]);
    expect(programme.run.digest).to.equal(alone.run.digest);
    expect(programme.run.id).not.to.equal(alone.run.id);
  });

  it("follows a folder's versions, and keeps with the run which they were and from when", async () => {
    const [old, young] = [await replay("seller-performance@1.0.0"), await replay("seller-performance@1.1.0")];
    const middle = old.periods[20]?.period ?? "";
    inForce(["1.0.0", "2016-09-01"], ["1.1.0", middle]);
    const changed = await replay(`${folder}@in-force`);
    expect(changed.periods.slice(0, 20)).to.deep.equal(old.periods.slice(0, 20));
    expect(changed.run.digest).not.to.equal(old.run.digest);
    expect(changed.run.digest).not.to.equal(young.run.digest);
    expect(changed.policy.versions?.map(({ version, from }) => [version, from])).to.deep.equal([
      ["1.0.0", "2016-09-01"],
      ["1.1.0", middle],
    ]);
    // A file of the folder names it as well, and the same programme is not replayed again.
    expect((await replay(`${join(folder, "1.1.0.yaml")}@in-force`)).run.id).to.equal(changed.run.id);
    const { provenance } = await perform<{
      provenance: { policies: readonly { from?: string; text: string; policy: { version: string; digest: string } }[] };
    }>(market.store, "run show", { run: changed.run.id });
    expect(provenance.policies.map(({ from, policy }) => [policy.version, from])).to.deep.equal([
      ["1.0.0", "2016-09-01"],
      ["1.1.0", middle],
    ]);
    expect(provenance.policies[1]?.text).to.equal(readFileSync(join(folder, "1.1.0.yaml"), "utf8"));
  });

  it("explains a day by the version that held then", async () => {
    const { periods } = await replay("seller-performance@1.0.0");
    const middle = periods[20]?.period ?? "";
    inForce(["1.0.0", "2016-09-01"], ["1.1.0", middle]);
    const entity = await anySeller();
    const versionOn = async (date: string) => {
      const asked = { policy: `${folder}@in-force`, dataset: market.dataset, entity, date };
      return (await perform<{ policy: { version: string } }>(market.store, "explain", asked)).policy.version;
    };
    expect(await versionOn(periods[10]?.period ?? "")).to.equal("1.0.0");
    expect(await versionOn(periods.at(-1)?.period ?? "")).to.equal("1.1.0");
  });

  it("shows the line that lists a version without a file", async () => {
    inForce(["1.0.0", "2024-01-01"], ["7.0.0", "2024-06-01"]);
    const refused = await replay(`${folder}@in-force`).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(InputRefused);
    const [fault] = (refused as InputRefused).diagnostics;
    expect(fault).to.deep.include({ code: "file-not-found", place: { file: join(folder, "in-force.yaml"), line: 4, column: 5 } });
  });

  const refusals: readonly (readonly [string, string, object, RegExp])[] = [
    ["a programme that is not there", "replay", { policy: "seller-performances@in-force" }, /has no programme 'seller-performances'/],
    ["a folder that is not there", "replay", { policy: "no/such/folder@in-force" }, /no file or folder 'no\/such\/folder'/],
    [
      "a programme where one version is asked for",
      "policy explain",
      { file: "seller-performance@in-force" },
      /here one version is asked for/,
    ],
    [
      "a programme as a baseline",
      "compare",
      { baseline: "seller-performance@in-force", candidates: ["seller-performance@1.1.0"] },
      /here one version is asked for/,
    ],
  ];
  for (const [what, operation, words, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const asked = operation === "policy explain" ? words : { ...words, dataset: market.dataset };
      const refused = await perform(market.store, operation, asked).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(refused).to.be.instanceOf(InputRefused);
      expect((refused as InputRefused).diagnostics.map((diagnostic) => diagnostic.message).join()).to.match(message);
    });
  }

  async function anySeller(): Promise<string> {
    const { openPanel } = await import("../../data/panel/index.ts");
    const record = market.store.datasets.find(market.dataset)[0];
    if (record === undefined) throw new RangeError("no dataset");
    const chunk = openPanel(record.folder).readChunk(0);
    const index = chunk.firstPeriod.indexOf(record.manifest.schema.firstPeriod);
    return chunk.entities[index] ?? "";
  }
});
