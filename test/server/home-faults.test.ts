/** A home that is damaged or cannot be used: a fault with its place and cure, never our bug. */
import { mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { processIdentity } from "../../server/jobs/index.ts";
import { findOperation, openHome, recoverFiles, withWorkFolder } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

function refusalOf(work: () => unknown): InputRefused {
  try {
    work();
  } catch (error) {
    if (error instanceof InputRefused) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("a home that cannot be used", () => {
  let home: string;
  let remove: () => void;

  beforeEach(() => {
    ({ home, remove } = temporaryHome());
  });
  afterEach(() => remove());

  const catalogues: readonly (readonly [string, string, (file: string) => void])[] = [
    ["a catalogue of garbage", "catalogue-damaged", (file) => writeFileSync(file, "not a database, not at all".repeat(400))],
    ["a catalogue that is cut off", "catalogue-damaged", (file) => truncateSync(file, 20_000)],
    ["a folder in the catalogue's place", "home-unusable", (file) => replaceBy(file, () => mkdirSync(file))],
    [
      "a SQLite file of another program",
      "catalogue-damaged",
      (file) => replaceBy(file, () => new Database(file).exec("CREATE TABLE datasets (a)").close()),
    ],
  ];
  for (const [what, code, damage] of catalogues) {
    it(`says so: ${what}`, () => {
      openHome(home).close();
      damage(join(home, "counterweight.sqlite"));
      const { diagnostics } = refusalOf(() => openHome(home));
      expect(diagnostics[0]?.code).to.equal(code);
      expect(diagnostics[0]?.message).to.contain(join(home, "counterweight.sqlite"));
    });
  }

  it("says so: a file in the folder's place, and a file system that makes no folders", () => {
    writeFileSync(join(home, "file"), "");
    for (const place of [join(home, "file"), join(home, "file", "below"), ...(process.platform === "linux" ? ["/proc/nowhere"] : [])]) {
      expect(refusalOf(() => openHome(place)).diagnostics[0]?.code, place).to.equal("home-unusable");
    }
  });

  it("registers whole datasets anew when a damaged catalogue was moved away, as its cure says", async () => {
    const { home: full, store, dataset, remove: removeFull } = await smallMarketplace();
    store.close();
    const file = join(full, "counterweight.sqlite");
    writeFileSync(file, "x".repeat(9000));
    expect(() => openHome(full)).to.throw("catalogue-damaged");
    renameSync(file, `${file}.damaged`);
    const fresh = openHome(full);
    expect((await recoverFiles(fresh)).join()).to.contain(dataset);
    expect(fresh.datasets.list().map(({ id }) => id)).to.deep.equal([dataset]);
    fresh.close();
    removeFull();
  });

  it("leaves the files of an import that runs in another process alone when a job dies", async () => {
    const store = openHome(home);
    const living = join(home, "work", `source-${processIdentity().replace(":", "_")}-abc`);
    const dead = join(home, "work", "source-999999999_1-abc");
    for (const folder of [living, dead]) mkdirSync(folder, { recursive: true });
    expect((await recoverFiles(store)).join()).to.contain("Removed 1 folder");
    expect(readdirSync(join(home, "work"))).to.have.length(1);
    store.close();
  });
});

describe("files on their way in", () => {
  it("are a fault of the disk when it is full, and are removed", async () => {
    const { home, remove } = temporaryHome();
    const full = async () => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    };
    const error = await withWorkFolder(home, full).catch((fault: unknown) => fault);
    expect((error as InputRefused).diagnostics[0]).to.include({ code: "cannot-write" });
    expect(readdirSync(join(home, "work"))).to.deep.equal([]);
    remove();
  });
});

describe("a dataset whose files are damaged", () => {
  const question = { policy: "seller-performance@1.0.0", dataset: "demo-sellers" };
  const damages: readonly (readonly [string, (folder: string) => void])[] = [
    ["rows that are cut off", (folder) => truncateSync(join(folder, "rows", "000000.arrow"), 3000)],
    ["entities that are gone", (folder) => rmSync(join(folder, "entities"), { recursive: true })],
    ["a manifest that is gone", (folder) => rmSync(join(folder, "dataset.json"))],
    ["a manifest of garbage", (folder) => writeFileSync(join(folder, "dataset.json"), "{")],
    ["a folder that is gone", (folder) => rmSync(folder, { recursive: true })],
  ];
  for (const [what, damage] of damages) {
    it(`is named, with its folder and what to do: ${what}`, async () => {
      const { store, remove } = await smallMarketplace();
      const [record] = store.datasets.list();
      const { folder, id } = present(record, "dataset");
      damage(folder);
      for (const [operation, input] of [
        ["replay", question],
        ["explain", { ...question, entity: "S0000001", date: "2025-09-28" }],
      ] as const) {
        const error = await perform(store, operation, input).then(
          () => undefined,
          (fault: unknown) => fault,
        );
        expect(error).to.be.instanceOf(InputRefused);
        const [first] = (error as InputRefused).diagnostics;
        expect(first?.code).to.equal("damaged-dataset");
        expect(first?.message).to.contain(folder);
      }
      // The cure holds: with the folder away, the same request makes the same dataset again.
      rmSync(folder, { recursive: true, force: true });
      const demo = present(findOperation("dataset demo"), "demo");
      expect(demo.recall({ sellers: 60, weeks: 40 }, contextOf(store))).to.equal(undefined);
      const again = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 60, weeks: 40 });
      expect(again.dataset.id).to.equal(id);
      await perform(store, "replay", question);
      remove();
    });
  }
});

function replaceBy(file: string, make: () => void): void {
  rmSync(file);
  make();
}
