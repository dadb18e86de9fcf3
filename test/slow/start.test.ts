/** `npm start` on an empty home, and again. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { temporaryHome } from "../store/temporary-home.ts";

const program = fileURLToPath(new URL("../../server/start.js", import.meta.url));

describe("the first start", () => {
  it("makes the marketplaces, replays and compares the shipped versions, and serves; the second start computes nothing", async () => {
    const { home, remove } = temporaryHome();
    try {
      const first = await startOnce(home);
      expect(first.stderr)
        .to.match(/^Demo marketplace: [\d,]+ sellers/m)
        .and.match(/^Compare seller-performance@1\.1\.0, seller-performance@2\.0\.0/m);
      expect(first.reports).to.have.length(2);
      expect(first.statuses).to.deep.equal([200, 200]);
      const second = await startOnce(home);
      expect(second.stderr).to.equal("");
      expect(second.reports).to.deep.equal(first.reports);
      expect([first.exitCode, second.exitCode]).to.deep.equal([0, 0]);
    } finally {
      remove();
    }
  });
});

/** Starts, opens the reports that are printed, and stops by Ctrl-C. */
async function startOnce(home: string) {
  const environment = { ...process.env, COUNTERWEIGHT_HOME: home, PORT: "0", LOG_LEVEL: "silent" };
  const child = spawn(process.execPath, [program], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { stdout: "", stderr: "" };
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.stderr += text;
  });
  await new Promise<void>((resolve, reject) => {
    child.on("exit", () => reject(new Error(texts.stderr)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      texts.stdout += text;
      if (texts.stdout.includes("Counterweight serves ")) resolve();
    });
  });
  const addresses = [...texts.stdout.matchAll(/http:\S+\/report/g)].map(([address]) => address);
  const statuses: number[] = [];
  for (const address of addresses) statuses.push((await fetch(address)).status);
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  child.kill("SIGINT");
  return { stderr: texts.stderr, reports: addresses.map((address) => new URL(address).pathname), statuses, exitCode: await ended };
}
