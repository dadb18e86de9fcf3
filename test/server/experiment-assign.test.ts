/** `experiment assign`: every entity once, the counts of the list, and a plain fault for arms that cannot be. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "../../server/cli/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

describe("experiment assign", () => {
  let home: string;
  let remove: () => void;

  before(async () => {
    ({ home, remove } = temporaryHome());
    expect((await run("dataset", "demo", "--sellers", "60", "--weeks", "20")).exitCode).to.equal(0);
  });
  after(() => remove());

  async function run(...words: readonly string[]) {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const sink = (texts: string[]) => ({ write: (text: string) => void texts.push(text) });
    const settings = { home, host: "127.0.0.1", port: 0, logLevel: "silent" };
    const exitCode = await runCommandLine(words, { stdout: sink(stdout), stderr: sink(stderr), settings });
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  it("lists every entity once with its arm, and counts what it lists", async () => {
    const out = join(home, "arms.csv");
    const words = [
      "experiment",
      "assign",
      "--dataset",
      "demo-sellers",
      "--salt",
      "gold line",
      "--arm",
      "baseline=3",
      "--arm",
      "candidate=1",
    ];
    const { stdout, exitCode } = await run(...words, "--out", out, "--json");
    expect(exitCode).to.equal(0);
    const { arms } = JSON.parse(stdout) as { arms: { name: string; entities: number }[] };
    const [head, ...lines] = readFileSync(out, "utf8").trim().split("\n");
    expect(head?.replaceAll('"', "")).to.equal("entity,bucket,arm");
    expect(new Set(lines.map((line) => line.split(",")[0])).size).to.equal(60);
    for (const { name, entities } of arms)
      expect(
        lines.filter((line) => line.includes(name)),
        name,
      ).to.have.length(entities);
    expect((await run(...words, "--json")).stdout).to.equal(stdout);
  });

  for (const [what, arms] of [
    ["a weight that is no number", ["baseline=1", "candidate=x"]],
    ["one name twice", ["baseline=1", "baseline=1"]],
    ["no weight above 0", ["baseline=0", "candidate=0"]],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const flags = arms.flatMap((arm) => ["--arm", arm]);
      const { exitCode, stderr } = await run("experiment", "assign", "--dataset", "demo-sellers", "--salt", "s", ...flags);
      expect([exitCode, stderr.split(":")[0]]).to.deep.equal([2, "bad-request"]);
      expect(stderr).to.contain("--arm baseline=50 --arm candidate=50");
    });
  }
});
