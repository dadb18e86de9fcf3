/** The program as a shell meets it: what it prints where, and its exit codes. */
import { spawn } from "node:child_process";
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableFromIPC } from "apache-arrow";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";
import { progressLine, runCommandLine } from "../../server/cli/index.ts";
import { openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

const program = fileURLToPath(new URL("../../server/cli/main.js", import.meta.url));

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the command line", () => {
  let home: string;
  let remove: () => void;

  before(async () => {
    ({ home, remove } = temporaryHome());
    const made = await run("dataset", "demo", "--sellers", "60", "--weeks", "40", "--json");
    expect(made.exitCode, made.stderr).to.equal(0);
  });
  after(() => remove());

  function start(words: readonly string[], environment: Record<string, string> = {}) {
    return spawn(process.execPath, [program, ...words], { env: { ...process.env, COUNTERWEIGHT_HOME: home, ...environment }, cwd: home });
  }

  /** The command line in this process; long work still gets a process of its own. Files are named from the home. */
  async function run(...words: readonly string[]): Promise<Ended> {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const settings = { home, host: "127.0.0.1", port: 0, logLevel: "silent" };
    const sink = (texts: string[]) => ({ write: (text: string) => void texts.push(text) });
    const exitCode = await runCommandLine(
      words.map((word) => (/^[\w-]+(?:\/x)?\.(?:yaml|csv|arrow|parquet|html|xls)$/.test(word) ? join(home, word) : word)),
      { stdout: sink(stdout), stderr: sink(stderr), settings },
    );
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  async function json<Output>(...words: readonly string[]): Promise<Output> {
    const ended = await run(...words, "--json");
    expect(ended.exitCode, ended.stderr).to.equal(0);
    return JSON.parse(ended.stdout) as Output;
  }

  const exits: readonly (readonly [string, number, readonly string[], RegExp])[] = [
    ["help that is asked for", 0, ["--help"], /^$/],
    ["no command", 2, [], /Usage/],
    ["an unknown command", 2, ["statistics", "list"], /unknown command 'statistics'/],
    ["an unknown option", 2, ["dataset", "list", "--jsn"], /unknown option/],
    ["a missing option", 2, ["replay", "--policy", "x"], /required option '--dataset/],
    ["options of which one is missing", 2, ["experiment", "assign"], /bad-request: units are dealt by .* Give one of --experiment NAME/],
    ["a number that is none", 2, ["dataset", "demo", "--sellers", "many"], /bad-request: 'sellers'/],
    ["an unknown dataset", 1, ["dataset", "show", "nope"], /^unknown-dataset: no dataset is called 'nope'/],
    ["a mistyped dataset", 1, ["dataset", "show", "demo-seler"], /Did you mean 'demo-sellers'\?/],
    ["an unknown policy", 1, ["policy", "explain", "seller-performance@1.0.9"], /unknown-policy/],
    ["a file that is not there", 1, ["dataset", "import", "nope.yaml"], /file-not-found/],
    [
      "an output that has no known form",
      1,
      ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers", "--out", "x.xls"],
      /output-unwritable/,
    ],
    [
      "a folder that is not there",
      1,
      ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers", "--out", "no/x.csv"],
      /output-unwritable/,
    ],
  ];
  for (const [what, exitCode, words, says] of exits) {
    it(`exits with ${exitCode} for ${what}`, async () => {
      const ended = await run(...words);
      expect(ended.exitCode, ended.stderr).to.equal(exitCode);
      expect(ended.stderr).to.match(says);
      if (exitCode !== 0) expect(ended.stdout).to.equal("");
    });
  }

  it("prints each fault of a policy as file:line:column code: message, and exits with 1", async () => {
    writeFileSync(join(home, "bad.yaml"), "programme: mine\nversion: 1.0\n");
    const text = await run("policy", "check", "bad.yaml");
    expect(text.exitCode).to.equal(1);
    expect(text.stdout).to.match(/bad\.yaml:\d+:\d+ [a-z-]+: .+$/m);
    const asJson = await run("policy", "check", "bad.yaml", "--json");
    const { diagnostics, cases } = JSON.parse(asJson.stdout) as { diagnostics: { severity: string; cure: string }[]; cases: unknown };
    expect(asJson.exitCode).to.equal(1);
    expect(diagnostics[0]).to.include({ severity: "error" }).and.to.have.property("cure");
    expect(cases).to.deep.include({ passed: 0, failed: 0 });
  });

  const documents: readonly (readonly [string, number, string, readonly string[]])[] = [
    ["an unknown command", 2, "bad-request", ["nope", "--json"]],
    ["a missing argument", 2, "bad-request", ["dataset", "show", "--json"]],
    ["a missing option", 2, "bad-request", ["replay", "--json"]],
    ["a day that is none", 2, "bad-request", ["explain", "--policy", "a", "--dataset", "b", "--entity", "c", "--date", "d", "--json"]],
    ["a port that is none", 2, "bad-request", ["serve", "--port", "99999", "--json"]],
    ["a host that is nowhere", 1, "cannot-listen", ["serve", "--host", "nowhere.invalid", "--json"]],
  ];
  for (const [what, exitCode, code, words] of documents) {
    it(`prints one JSON document also for ${what}`, async () => {
      const ended = await run(...words);
      expect(ended.exitCode, ended.stderr).to.equal(exitCode);
      const { diagnostics, ...rest } = JSON.parse(ended.stdout) as { code: string; diagnostics: { code: string; cure: string }[] };
      expect(rest).to.deep.equal({ code });
      expect(diagnostics[0]).to.include({ code }).and.to.have.property("cure");
    });
  }

  it("gives the place of a policy file that is not there, and checks the others", async () => {
    writeFileSync(join(home, "team@next.yaml"), readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml")));
    const ended = await run("policy", "check", join(home, "team@next.yaml"), join(home, "none.yaml"), home, "--json");
    expect(ended.exitCode).to.equal(1);
    const { diagnostics, policies } = JSON.parse(ended.stdout) as { diagnostics: Record<string, unknown>[]; policies: unknown[] };
    expect(diagnostics.map(({ file, line, message }) => [file, line, message])).to.deep.equal([
      [join(home, "none.yaml"), 1, `there is no file '${join(home, "none.yaml")}'`],
      [home, 1, `'${home}' is a folder`],
    ]);
    expect(policies).to.have.length(1);
  });

  it("takes a relative path that looks like a version", async () => {
    writeFileSync(join(home, "mine@2.yaml"), readFileSync(packagePath("policies", "library", "seller-performance", "1.0.0.yaml")));
    const child = start(["policy", "check", "mine@2.yaml"]);
    expect(await new Promise((resolve) => child.on("close", resolve))).to.equal(0);
  });

  it("prints one JSON document also when it refuses", async () => {
    const ended = await run("dataset", "show", "nope", "--json");
    expect(ended.exitCode).to.equal(1);
    expect(JSON.parse(ended.stdout)).to.have.property("code", "unknown-dataset");
  });

  it("gives datasets as promised", async () => {
    const { datasets } = await json<{
      datasets: {
        dataset: { id: string; digest: string; entities: number; periods: unknown };
        totals: Record<string, number>;
        rejected: unknown;
      }[];
    }>("dataset", "list");
    const [only] = datasets;
    expect(only?.dataset).to.include({ entities: 60 });
    expect(only?.dataset.periods).to.include({ grain: "week", count: 40, to: "2025-09-28" });
    expect(only?.rejected).to.deep.equal({ rows: 0, reasons: [] });
    const shown = await json<{ totals: unknown; quality: { measures: unknown[] } }>(
      "dataset",
      "show",
      only?.dataset.digest.slice(0, 6) ?? "",
    );
    expect(shown.totals).to.deep.equal(only?.totals);
    expect(shown.quality.measures.length).to.be.greaterThan(5);
  });

  it("replays once, writes the frame in three forms that agree, and counts what the frame holds", async () => {
    const words = ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers"] as const;
    const first = await json<{
      run: { id: string; digest: string };
      entityPeriods: number;
      periods: { period: string; tiers: Record<string, number> }[];
    }>(...words);
    expect(await json(...words)).to.deep.equal(first);
    for (const form of ["arrow", "parquet", "csv"]) expect(await json(...words, "--out", `frame.${form}`)).to.deep.equal(first);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rowsOf = async (file: string) =>
      (
        await connection.runAndReadAll(
          `SELECT period::VARCHAR AS period, tier, count(*)::INTEGER AS entities, sum(score) AS score, count(*) FILTER (rated)::INTEGER AS rated, count(low_review_rate)::INTEGER AS known FROM '${join(home, file)}' GROUP BY ALL ORDER BY ALL`,
        )
      ).getRowsJS();
    const rows = await rowsOf("frame.parquet");
    expect(await rowsOf("frame.csv")).to.deep.equal(rows);
    for (const [period, tier, entities] of rows) {
      const counts = first.periods.find((entry) => entry.period === period)?.tiers ?? {};
      expect(Object.entries(counts).find(([name]) => name === tier)?.[1], JSON.stringify([period, tier])).to.equal(entities);
    }
    const arrow = tableFromIPC(readFileSync(join(home, "frame.arrow")));
    expect(arrow.numRows).to.equal(first.entityPeriods);
    expect(arrow.schema.fields.map(({ name }) => name).slice(0, 4)).to.deep.equal(["entity", "period", "score", "tier"]);
    expect(String(arrow.schema.fields.find(({ name }) => name === "rated")?.type), "a condition").to.equal("Bool");
    expect(arrow.getChild("low_review_rate")?.nullCount, "of whom too little is known").to.be.greaterThan(0);
  });

  it("compares, prints in four forms, and writes one file", async () => {
    const words = [
      "compare",
      "--baseline",
      "seller-performance@1.0.0",
      "--candidate",
      "seller-performance@1.1.0",
      "--candidate",
      "seller-performance@2.0.0",
      "--dataset",
      "demo-sellers",
      "--replicates",
      "100",
    ];
    const comparison = await json<{ run: { id: string }; candidates: { version: string }[] }>(...words);
    expect(comparison.candidates.map(({ version }) => version)).to.deep.equal(["1.1.0", "2.0.0"]);
    expect(JSON.parse((await run(...words, "--format", "json")).stdout)).to.deep.equal(comparison);
    const printed = (await run(...words)).stdout;
    expect(printed).to.match(/1\.1\.0 against 1\.0\.0, at \d{4}-\d{2}-\d{2}: \d+ move/);
    expect((await run(...words, "--format", "csv")).stdout.split("\n").length).to.be.greaterThan(10);
    const html = await run(...words, "--out", "report.html");
    expect(html.stdout).to.equal(`Wrote ${join(home, "report.html")}\n`);
    const text = readFileSync(join(home, "report.html"), "utf8");
    expect(text)
      .to.contain("<style")
      .and.not.match(/(?:src|href)="\//);
    expect(text).to.contain("counterweight compare");
    const answer = /<p class="answer">([\s\S]*?)<\/p>/.exec(text)?.[1] ?? "no answer";
    const said = answer
      .replaceAll(/<[^>]+>/g, "")
      .replaceAll(/&nbsp;|\u00a0/g, " ")
      .replaceAll(/\s+/g, " ")
      .trim();
    expect(printed).to.contain(said);
  });

  it("refuses a file that cannot be written before it works, and leaves nothing beside it", async () => {
    mkdirSync(join(home, "folder.csv"));
    const compared = [
      "compare",
      "--baseline",
      "seller-performance@1.0.0",
      "--candidate",
      "seller-performance@1.1.0",
      "--dataset",
      "demo-sellers",
    ];
    const replayed = ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers"];
    const jobsBefore = openHome(home);
    const count = jobsBefore.jobs.list(1000).length;
    for (const words of [compared, replayed]) {
      for (const out of ["folder.csv", "no/x.csv", "x.xls", `${"x".repeat(300)}.csv`]) {
        const ended = await run(...words, "--out", out);
        expect([ended.exitCode, ended.stderr.slice(0, 17)], out).to.deep.equal([1, "output-unwritable"]);
      }
    }
    expect(jobsBefore.jobs.list(1000).length).to.equal(count);
    jobsBefore.close();
  });

  it("refuses a device, which a whole file would replace, and follows a link to a file", async function () {
    if (process.platform !== "linux") this.skip();
    const words = ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers", "--out"];
    symlinkSync("/dev/full", join(home, "full.csv"));
    expect((await run(...words, "full.csv")).stderr).to.match(/it is a device, not a file/);
    writeFileSync(join(home, "target.csv"), "");
    symlinkSync("target.csv", join(home, "link.csv"));
    expect((await run(...words, "link.csv")).exitCode).to.equal(0);
    expect(lstatSync(join(home, "link.csv")).isSymbolicLink()).to.equal(true);
    expect(readFileSync(join(home, "target.csv"), "utf8")).to.match(/^entity,period,score,tier/);
  });

  it("says plainly that standard output has no room", async function () {
    if (process.platform !== "linux") this.skip();
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [program, "policy", "list"], {
      env: { ...process.env, COUNTERWEIGHT_HOME: home },
      stdio: ["ignore", full, "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).to.equal(1);
    closeSync(full);
    expect(stderr).to.match(/^output-unwritable: standard output cannot be written: ENOSPC[^\n]*\n$/);
  });

  it("refuses two candidates of one version, and takes the baseline as a candidate: the null reform", async () => {
    const words = ["compare", "--baseline", "seller-performance@1.0.0", "--dataset", "demo-sellers", "--replicates", "100"];
    const twice = await run(...words, "--candidate", "seller-performance@2.0.0", "--candidate", "seller-performance@2.0.0");
    expect([twice.exitCode, twice.stderr.split(":")[0]]).to.deep.equal([1, "duplicate-candidate"]);
    const none = await json<{ candidates: { movement: { movers: number } }[] }>(...words, "--candidate", "seller-performance@1.0.0");
    expect(none.candidates[0]?.movement.movers).to.equal(0);
  });

  it("prints a command that a shell takes, also for a path with a space", async () => {
    const path = join(home, "my policy.yaml");
    writeFileSync(path, readFileSync(packagePath("policies", "library", "seller-performance", "2.0.0.yaml")));
    const words = [
      "compare",
      "--baseline",
      "seller-performance@1.0.0",
      "--candidate",
      path,
      "--dataset",
      "demo-sellers",
      "--replicates",
      "100",
    ];
    const { run: made } = await json<{ run: { id: string } }>(...words);
    expect((await run("run", "show", made.id)).stdout).to.contain(`--candidate '${path}'`);
  });

  it("explains an entity on a day, and what makes the difference between two versions", async () => {
    const asked = (entity: string, date: string): readonly string[] =>
      `explain --policy seller-performance@1.0.0 --dataset demo-sellers --entity ${entity} --date ${date}`.split(" ");
    const explained = await json<{ account: string; trace: { held: string } }>(...asked("S0000001", "2025-01-19"));
    expect(explained.account).to.contain("S0000001");
    expect(explained.trace).to.have.property("held");
    const { difference } = await json<{ difference: { text: string; tiers: object; parts: readonly { effect: string }[] } }>(
      ...asked("S0000001", "2025-01-19"),
      "--against",
      "seller-performance@2.0.0",
    );
    expect(difference.text).to.include("under 1.0.0").and.include("under 2.0.0");
    expect(difference.tiers).to.have.all.keys("a", "b");
    expect(difference.parts.some(({ effect }) => effect === "cause")).to.equal(true);
    expect((await run(...asked("nobody", "2025-09-28"))).stderr).to.match(/unknown-entity/);
  });

  it("is quiet in a pipe, and shows a bar on a terminal", async () => {
    const ended = await run("dataset", "demo", "--sellers", "20", "--weeks", "20", "--seed", "2");
    expect(ended.stderr).to.equal("");
    expect(progressLine({ stage: "Replaying", done: 3, total: 4 }, 80)).to.equal("[##################      ]  75 %  Replaying");
    expect(progressLine({ stage: "Reading", done: 3, total: 0 }, 20)).to.have.length.below(20);
  });

  it("exits with 130 when it is interrupted, and leaves nothing half-made", async () => {
    const child = start(["dataset", "demo", "--sellers", "200000", "--weeks", "100"]);
    const store = openHome(home);
    while (store.jobs.list(1)[0]?.state !== "running") await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGINT");
    const exitCode = await new Promise((resolve) => child.on("close", resolve));
    expect(exitCode).to.equal(130);
    expect(store.jobs.list(1)[0]).to.include({ state: "cancelled", operation: "dataset demo" });
    store.close();
    expect(existsSync(join(home, "work")) ? readdirSync(join(home, "work")) : []).to.deep.equal([]);
  });

  it("removes the part of a frame file when it is interrupted, and prints one document", async () => {
    await run("dataset", "demo", "--sellers", "4000", "--weeks", "60", "--seed", "5");
    const store = openHome(home);
    const folder = join(home, "frames");
    mkdirSync(folder);
    const out = join(folder, "f.csv");
    const words = ["replay", "--policy", "seller-performance@1.0.0", "--dataset", "demo-sellers", "--out", out, "--json"];
    const child = start(words);
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill("SIGINT");
    const exitCode = await ended;
    if (exitCode === 0) return;
    expect(exitCode).to.equal(130);
    expect(JSON.parse(stdout)).to.have.property("code", "interrupted");
    expect(readdirSync(folder)).to.deep.equal([]);
    store.close();
  });

  it("says clearly that a port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const ended = await run("serve", "--port", String(port));
    other.close();
    expect(ended.exitCode).to.equal(1);
    expect(ended.stderr).to.match(new RegExp(`port-taken: cannot listen on 127.0.0.1 port ${port}: another program listens there`));
  });

  it("minds a PORT that is none only when it listens", async () => {
    const child = start(["serve"], { PORT: "abc" });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect(await new Promise((resolve) => child.on("close", resolve))).to.equal(1);
    expect(stderr).to.match(/^cannot-listen: /);
    expect(await new Promise((resolve) => start(["policy", "list"], { PORT: "abc" }).on("close", resolve))).to.equal(0);
  });

  it("serves until it is told to stop, and then ends with 0", async () => {
    const child = start(["serve", "--port", "0"], { LOG_LEVEL: "silent" });
    const address = await new Promise<string>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => resolve(/http:\S+/.exec(text)?.[0] ?? ""));
    });
    expect((await fetch(`${address}/health`)).status).to.equal(200);
    child.kill("SIGTERM");
    expect(await new Promise((resolve) => child.on("close", resolve))).to.equal(0);
  });
});
