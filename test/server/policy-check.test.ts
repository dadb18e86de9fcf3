/** `policy check` as a pull request meets it: cases, coverage, what changes, guards, in every form. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { errorCatalogue, packagePath } from "../../data/foundation/index.ts";
import { runCommandLine } from "../../server/cli/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Document {
  readonly diagnostics: readonly { code: string; severity: string; file?: string; line?: number; message: string; cure: string }[];
  readonly cases: unknown;
  readonly failures: readonly Record<string, unknown>[];
  readonly coverage: readonly { file: string; parts: number; reached: number; uncovered: readonly string[] }[];
  readonly changes?: readonly { against: string; changes: readonly unknown[] }[];
  readonly guards?: readonly {
    sample: Record<string, unknown>;
    outcomes: readonly { words: string; verdict: string; entities: number }[];
  }[];
}

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { id: string; help: { text: string } }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } };
      }[];
    }[];
  }[];
}

describe("policy check", () => {
  let home: string;
  let folder: string;
  let remove: () => void;
  const library = packagePath("policies", "library", "seller-performance");
  const guarded = ["--against", "seller-performance@1.0.0", "--dataset", "demo-sellers"];

  before(async () => {
    ({ home, remove } = temporaryHome());
    folder = join(home, "seller-performance");
    mkdirSync(folder);
    writeFileSync(join(folder, "1.0.0.yaml"), readFileSync(join(library, "1.0.0.yaml")));
    const cases = readFileSync(join(library, "1.0.0.cases.yaml"), "utf8");
    writeFileSync(join(folder, "1.0.0.cases.yaml"), cases.replace("overall: 84.3, tier: standard", "overall: 84.4, tier: gold"));
    const made = await run("dataset", "demo", "--sellers", "200", "--weeks", "40", "--json");
    expect(made.exitCode, made.stderr).to.equal(0);
  });
  after(() => remove());

  async function run(...words: readonly string[]): Promise<Ended> {
    const [stdout, stderr] = [[] as string[], [] as string[]];
    const settings = { home, host: "127.0.0.1", port: 0, logLevel: "silent" };
    const sink = (texts: string[]) => ({ write: (text: string) => void texts.push(text) });
    const exitCode = await runCommandLine(words, { stdout: sink(stdout), stderr: sink(stderr), settings });
    return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  async function json(...words: readonly string[]): Promise<Document> {
    return JSON.parse((await run("policy", "check", ...words, "--json")).stdout) as Document;
  }

  const faulty = () => join(folder, "1.0.0.yaml");

  it("runs the cases beside a version of the library, and exits with 0", async () => {
    const ended = await run("policy", "check", "seller-performance@1.0.0", "creator-performance@1.0.0");
    expect(ended.exitCode, ended.stdout).to.equal(0);
    expect(ended.stdout).to.match(/1\.0\.0\.cases\.yaml: 22 of 22 cases pass; they reach 34 of 34 parts of the policy/);
    const { cases, failures, coverage, diagnostics } = await json("seller-performance@1.0.0");
    expect({ cases, failures, diagnostics }).to.deep.equal({ cases: { passed: 22, failed: 0, notRun: [] }, failures: [], diagnostics: [] });
    expect(coverage[0]).to.include({ parts: 34, reached: 34 });
  });

  it("says of a failed case where it stands, what was found, and why", async () => {
    const ended = await run("policy", "check", faulty());
    expect(ended.exitCode).to.equal(1);
    expect(ended.stdout).to.match(
      /1\.0\.0\.cases\.yaml:25:\d+ case-failed: 'One late dispatch more is standard' expects 'tier' .* it is standard\./,
    );
    const { diagnostics, cases, failures } = await json(faulty());
    expect(cases).to.deep.equal({ passed: 21, failed: 1, notRun: [] });
    expect(diagnostics.map(({ code, severity, line }) => [code, severity, line])).to.deep.equal([
      ["case-failed", "error", 25],
      ["case-failed", "error", 25],
    ]);
    expect(failures[0]).to.include({ name: "overall", expected: "84.4", found: "84.3", line: 25 });
    expect(failures[0]?.["why"]).to.match(/^Overall: 84\.3, from Fulfilment 93\.79/);
  });

  it("notes what the cases do not reach", async () => {
    const alone = join(folder, "alone.yaml");
    writeFileSync(alone, readFileSync(faulty()));
    const cases = readFileSync(join(library, "1.0.0.cases.yaml"), "utf8").split("\n  - name: ").slice(0, 2).join("\n  - name: ");
    writeFileSync(join(folder, "alone.cases.yaml"), `${cases}\n`);
    const ended = await run("policy", "check", alone);
    expect(ended.exitCode).to.equal(0);
    expect(ended.stdout).to.match(/alone\.cases\.yaml:1:1 not-covered: the cases do not reach \d+ of 34 parts: .*tier restricted is held/);
  });

  it("refuses a faulty file of cases like a faulty policy", async () => {
    const broken = join(folder, "broken.yaml");
    writeFileSync(broken, readFileSync(faulty()));
    writeFileSync(join(folder, "broken.cases.yaml"), "programme: seller-performance\nversion: 1.0.0\ngrain: week\ncases: none\n");
    const { diagnostics, cases } = await json(broken);
    expect(cases).to.deep.equal({ passed: 0, failed: 0, notRun: [join(folder, "broken.cases.yaml")] });
    expect(diagnostics.map(({ code, line }) => [code, line])).to.deep.equal([["wrong-shape", 4]]);
    const ended = await run("policy", "check", broken);
    expect(ended.exitCode).to.equal(1);
    expect(ended.stdout).to.match(/broken\.cases\.yaml: cases not run/);
  });

  it("refuses cases and guards that are there and cannot be read", async () => {
    const locked = join(folder, "locked.yaml");
    writeFileSync(locked, readFileSync(faulty()));
    mkdirSync(join(folder, "locked.cases.yaml"));
    const { diagnostics, cases } = await json(locked);
    expect(cases).to.deep.include({ notRun: [join(folder, "locked.cases.yaml")] });
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(["unreadable-file"]);
    expect((await run("policy", "check", locked)).exitCode).to.equal(1);
    const guardsFolder = join(folder, "unread-guards");
    mkdirSync(join(guardsFolder, "guards.yaml"), { recursive: true });
    writeFileSync(join(guardsFolder, "alone.yaml"), readFileSync(faulty()));
    const ended = await run("policy", "check", join(guardsFolder, "alone.yaml"), ...guarded);
    expect(ended.exitCode).to.equal(1);
    expect(ended.stdout + ended.stderr).to.match(/guards\.yaml:1:1 unreadable-file: guards\.yaml is there, and cannot be read/);
  });

  it("says which volume no window of the dataset reaches", async () => {
    const greedy = join(folder, "greedy.yaml");
    writeFileSync(greedy, readFileSync(faulty(), "utf8").replace("at_least: 10 orders", "at_least: 1000000 orders"));
    const { diagnostics } = await json(greedy, "--dataset", "demo-sellers");
    expect(diagnostics.map(({ code, severity, line }) => [code, severity, line])).to.deep.include(["volume-out-of-reach", "warning", 22]);
    expect((await json("seller-performance@1.0.0", "--dataset", "demo-sellers")).diagnostics).to.deep.equal([]);
  });

  it("says that cases were not run, and not what they leave out, when the policy does not fit their columns", async () => {
    const unfit = join(folder, "unfit.yaml");
    const text = readFileSync(faulty(), "utf8");
    writeFileSync(unfit, text);
    const cases = readFileSync(join(library, "1.0.0.cases.yaml"), "utf8").replace("grain: week", "grain: week\nunits: { orders: money }");
    writeFileSync(join(folder, "unfit.cases.yaml"), cases);
    const { stdout } = await run("policy", "check", unfit);
    expect(stdout).to.match(/unfit\.cases\.yaml: cases not run/);
    expect(stdout).not.to.match(/not-covered|window-beyond-panel|cases pass/);
    expect((await run("policy", "check", unfit, "--format", "markdown")).stdout).to.match(/0 of 22 cases pass; 1 file of cases not run/);
  });

  it("holds the guards beside the policy, and those that are given instead", async () => {
    const shipped = await json("seller-performance@2.0.0", ...guarded);
    expect(shipped.guards?.[0]?.outcomes).to.have.length(4);
    expect(shipped.guards?.[0]?.sample).to.include({ of: 200, entities: 200, every: 1 });
    expect(shipped.changes?.[0]?.changes.length).to.be.greaterThan(5);
    const given = await run("policy", "check", "seller-performance@2.0.0", ...guarded, "--guard", "movers at most 0 %", "--sample", "100");
    expect(given.exitCode).to.equal(1);
    expect(given.stdout).to.match(/guard-failed: 'movers at most 0 %' is not kept: [\d.]+ % \([\d.]+ % to [\d.]+ %\)/);
    expect(given.stdout).to.match(/one in \d+ by a hash of the key, seed 1; intervals at 95 %/);
    const kept = await run("policy", "check", "seller-performance@2.0.0", ...guarded, "--guard", "movers at most 100 %");
    expect(kept.exitCode, kept.stdout).to.equal(0);
    const undecided = await run(
      "policy",
      "check",
      "seller-performance@1.0.0",
      ...guarded,
      "--guard",
      "movers at most 1 x baseline",
      "--sample",
      "50",
    );
    expect(undecided.exitCode).to.equal(0);
    expect(undecided.stdout).to.match(/guard-undecided: .* nobody changed between the two/);
  });

  it("asks for a baseline and a dataset when guards are given", async () => {
    const ended = await run("policy", "check", "seller-performance@2.0.0", "--guard", "movers at most 3 %");
    expect(ended.exitCode).to.equal(2);
    expect(ended.stderr).to.match(/bad-request: guards need --against and --dataset too/);
  });

  it("refuses a guard at its place", async () => {
    const { diagnostics } = await json(
      "seller-performance@2.0.0",
      ...guarded,
      "--guard",
      "movers at most 3 %",
      "--guard",
      "mover at most 3 %",
    );
    expect(diagnostics.map(({ code, file, line }) => [code, file, line])).to.deep.equal([["unknown-name", "--guard", 2]]);
  });

  it("reports to a pull request in Markdown", async () => {
    const out = join(home, "report.md");
    const written = await run("policy", "check", faulty(), ...guarded, "--guard", "movers at most 3 %", "--out", out);
    expect([written.exitCode, written.stdout]).to.deep.equal([1, `Wrote ${out}\n`]);
    const text = readFileSync(out, "utf8");
    expect(text).to.match(
      /^## Policy check: failed\n\n\*\*1 policy; 2 errors, 0 warnings, 0 notes; 21 of 22 cases pass; 1 of 1 guard kept\.\*\*\n/,
    );
    for (const title of ["Cases", "Failed cases", "Budget guards"]) expect(text).to.include(`### ${title}\n`);
    expect(text).to.match(/### What changes in `.*` against seller-performance 1\.0\.0/);
    const tables = text.split("\n").filter((line) => line.startsWith("|"));
    for (const line of tables) expect(line.endsWith("|"), line).to.equal(true);
    expect((await run("policy", "check", faulty(), "--format", "markdown")).stdout).to.include("| `overall` | 84.4 | 84.3 |");
    expect((await run("policy", "check", "seller-performance@1.0.0", "--format", "markdown")).stdout).to.match(/^## Policy check: passed/);
  });

  it("reports to code scanning in SARIF 2.1.0", async () => {
    const { exitCode, stdout } = await run("policy", "check", faulty(), join(home, "none.yaml"), "--format", "sarif");
    expect(exitCode).to.equal(1);
    const { version, runs } = JSON.parse(stdout) as Sarif;
    const [only] = runs;
    expect(version).to.equal("2.1.0");
    const rules = only?.tool.driver.rules ?? [];
    expect(rules.map(({ id }) => id)).to.deep.equal(["case-failed", "unknown-policy"]);
    for (const { id, help } of rules) expect(help.text).to.include(errorCatalogue[id as keyof typeof errorCatalogue].cure);
    expect(only?.results).to.have.length(3);
    for (const { ruleId, ruleIndex, level, message, locations } of only?.results ?? []) {
      expect(rules[ruleIndex]?.id).to.equal(ruleId);
      expect(["error", "warning", "note"]).to.include(level);
      expect(message.text).to.match(/[.?]$/);
      const [{ physicalLocation } = { physicalLocation: undefined }] = locations;
      expect(physicalLocation?.region.startLine).to.be.at.least(1);
      expect(physicalLocation?.region.startColumn).to.be.at.least(1);
      expect(physicalLocation?.artifactLocation.uri).not.to.match(/^[/\\]|^[a-z]+:| /);
    }
  });

  it("prints exactly one JSON document, in either spelling", async () => {
    const spelled = await run("policy", "check", faulty(), "--format", "json");
    expect(JSON.parse(spelled.stdout)).to.deep.equal(await json(faulty()));
    const out = join(home, "report.json");
    expect((await run("policy", "check", faulty(), "--out", out)).exitCode).to.equal(1);
    expect(JSON.parse(readFileSync(out, "utf8"))).to.deep.equal(await json(faulty()));
  });

  it("refuses an output of no known form before it works", async () => {
    const ended = await run("policy", "check", faulty(), "--out", join(home, "report.xls"));
    expect([ended.exitCode, ended.stdout]).to.deep.equal([1, ""]);
    expect(ended.stderr).to.match(/output-unwritable: .* does not end in \.json, \.md, \.sarif/);
  });
});
