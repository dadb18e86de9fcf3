/** Crashes, full disks and damaged files: nothing is half-registered, and the next start says what happened. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { recoverDatasets, verifyDataset } from "../../data/datasets/index.ts";
import { packagePath, present } from "../../data/foundation/index.ts";
import { chunkPath } from "../../data/panel/index.ts";
import { importFrom, manifestOf, testFolder, writeFiles } from "./dataset-files.ts";

const descriptor = `dataset: crash
entity: seller
grain: week
known_at: 2024-12-31
key: [seller_id]
files:
  - { path: panel.csv, holds: panel, period: week_end, columns: { orders: { flow: count } } }
`;

function panelCsv(sellers: number): string {
  const rows = ["seller_id,week_end,orders"];
  for (let seller = 0; seller < sellers; seller++) rows.push(`s${seller},2024-01-07,1`, `s${seller},2024-01-14,2`);
  return `${rows.join("\n")}\n`;
}

describe("an import that is interrupted", () => {
  const folder = testFolder();
  const home = join(folder, "home");
  const registered: string[] = [];
  const recover = (known: readonly string[] = []) => recoverDatasets(home, known, (manifest) => registered.push(manifest.id));

  before(() => writeFiles(folder, { "panel.csv": panelCsv(20_000), "descriptor.yaml": descriptor }));
  beforeEach(() => registered.splice(0));

  it("by kill -9 leaves nothing registered, and the next start says so and cleans up", async () => {
    const rooms = join(dirname(fileURLToPath(import.meta.url)), "../../data/datasets/index.js");
    const program = `
      const { importDataset } = await import(${JSON.stringify(rooms)});
      await importDataset({ descriptorPath: ${JSON.stringify(join(folder, "descriptor.yaml"))}, home: ${JSON.stringify(home)}, chunkRows: 10, memoryBytes: 1,
        register: () => {}, onProgress: (step) => { if (step.stage === "freeze") process.kill(process.pid, "SIGKILL"); } });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { cwd: packagePath(), stdio: "ignore" });
    await new Promise((resolve) => child.on("exit", resolve));
    expect(child.signalCode).to.equal("SIGKILL");
    expect(readdirSync(join(home, "staging"))).to.have.length(1);
    expect(existsSync(join(home, "datasets"))).to.equal(false);
    expect(recover()).to.deep.equal([
      "An import of 'crash' was interrupted; what it had written was removed, nothing was registered. Import it again.",
    ]);
    expect([readdirSync(join(home, "staging")), registered]).to.deep.equal([[], []]);
    expect(recover()).to.deep.equal([]);
  });

  it("is not taken for one that still runs", async () => {
    let seen: string[] = ["never asked"];
    const result = await importFrom(folder, {
      onProgress: ({ stage }) => {
        if (stage === "freeze") seen = recover();
      },
    });
    expect(seen).to.deep.equal([]);
    expect(result.registered).to.have.length(1);
    expect(readdirSync(join(home, "staging"))).to.deep.equal([]);
  });

  it("between rename and registration is completed by the next start", async () => {
    const { id } = manifestOf(await importFrom(folder));
    expect(recover([])[0]).to.include(`'${id}' was complete but not registered`);
    expect(registered).to.deep.equal([id]);
    expect(recover([id])).to.deep.equal([]);
  });

  it("by an error of the catalogue leaves a folder that the next start registers", async () => {
    const other = join(folder, "other-home");
    let refused: unknown;
    try {
      await importFrom(folder, {
        home: other,
        register: () => {
          throw new Error("the catalogue is locked");
        },
      });
    } catch (error) {
      refused = error;
    }
    expect(String(refused)).to.include("the catalogue is locked");
    expect(readdirSync(join(other, "staging"))).to.deep.equal([]);
    expect(recoverDatasets(other, [], (manifest) => registered.push(manifest.id))).to.have.length(1);
    expect(registered).to.have.length(1);
  });

  it("leaves half a folder, which is removed, and a registered dataset without a folder, which is said", () => {
    mkdirSync(join(home, "datasets", "half-1"), { recursive: true });
    writeFileSync(join(home, "datasets", "half-1", "dataset.json"), "{");
    const known = readdirSync(join(home, "datasets")).filter((id) => id !== "half-1");
    expect(recover([...known, "lost-1"])).to.deep.equal([
      "The dataset folder 'half-1' was incomplete and not registered; it was removed.",
      "The dataset 'lost-1' is registered but its folder is gone; import it again or remove it from the catalogue.",
    ]);
    expect(existsSync(join(home, "datasets", "half-1"))).to.equal(false);
  });
});

describe("a disk that refuses", () => {
  const folder = testFolder();
  before(() => writeFiles(folder, { "panel.csv": panelCsv(10), "descriptor.yaml": descriptor }));

  it("is said, and nothing is registered", async () => {
    writeFileSync(join(folder, "not-a-folder"), "");
    const result = await importFrom(folder, { home: join(folder, "not-a-folder") });
    expect([result.codes, result.registered, result.manifest]).to.deep.equal([["cannot-write"], [], undefined]);
  });

  it("when it is full in the middle of a chunk, too", async () => {
    const home = join(folder, "full");
    const result = await importFrom(folder, {
      home,
      onProgress: ({ stage, done }) => {
        if (stage !== "compare" || done !== 1) return;
        // The next file that is written stands on a device that is always full.
        const staging = present(readdirSync(join(home, "staging"))[0], "staging");
        mkdirSync(join(home, "staging", staging, "rows-on-full-device"));
        symlinkSync("/dev/full", join(home, "staging", staging, "rows-on-full-device", "000000.arrow"));
        mkdirSync(join(home, "staging", staging, "dataset"), { recursive: true });
        renameSync(join(home, "staging", staging, "rows-on-full-device"), join(home, "staging", staging, "dataset", "rows"));
      },
    });
    expect([result.codes, result.registered]).to.deep.equal([["cannot-write"], []]);
    expect(result.diagnostics[0]?.message).to.include("the disk is full");
    expect(readdirSync(join(home, "staging"))).to.deep.equal([]);
    expect(existsSync(join(home, "datasets"))).to.equal(false);
  });

  it("or that loses bytes is found out by verifying", async () => {
    const result = await importFrom(folder);
    const place = present(result.folder, "folder");
    expect(verifyDataset(place)).to.deep.equal([]);
    rmSync(chunkPath(place, "events", 0));
    expect(verifyDataset(place).map((each) => each.code)).to.deep.equal(["damaged-dataset"]);
  });
});
