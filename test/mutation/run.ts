/**
 * Plants a sample of faults in the policy rooms and the statistics, and says what share of them the tests find: `npm run mutation`. Each part of the rooms is
 * tried by the tests that are about it, since a fault that nothing finds runs all of them. A part's name as argument runs that part only.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { packagePath } from "../../data/foundation/index.ts";
import { wilson } from "../../simulations/statistics/index.ts";
import { notDrawn, oneIn, seed } from "./sample.ts";

interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string; readonly statusReason?: string }[] }>>;
}

const language = (names: string): readonly string[] => names.split(" ").map((name) => `policies/language/${name}.ts`);
const tests = (folder: string, names: string): readonly string[] => names.split(" ").map((name) => `dist/test/${folder}/${name}.test.js`);

const diff = language(
  "diff* words-of* direction-of* describe* policy-facts three-way condition-parts comparison-move polarity compared line-source policy-change",
);
const analysis = language("analyse*");
const files = language("json-schema key-reference library in-force read-programme check-programme programme format-policy print-yaml");

/** The rooms of the statistics, each with the tests that are about it. */
const statistics: Readonly<Record<string, string>> = {
  bayesian: "bayesian bayesian-definitions beta-laws",
  decisions: "decisions",
  delays: "comparison/label-arrivals",
  dependence: "dependence dependence-laws dependence-definitions pivot-inversion nist",
  distances: "distances",
  distributions: "distributions distribution-families references",
  means: "means means-degenerate means-laws means-vectors anova skew-warning nist",
  multiplicity: "multiplicity multiplicity-laws",
  numerics:
    "numerics numerics-definitions numerical-tools nist distributions distribution-families dependence bayesian partial-labels partial-label-definitions",
  "panel-designs": "panel-designs panel-designs-laws discontinuities",
  "partial-labels": "partial-labels partial-label-definitions",
  planning: "planning planning-definitions comparison/audit-plan",
  proportions:
    "proportions proportion-definitions proportion-edges proportion-laws paired-definitions square-table-definitions score-ratios " +
    "continuity-correction discrete-families references comparison/assigned",
  ratios: "ratios cluster-sums",
  resampling: "resampling resampling-definition resampling-laws resampling-table resampling-references references",
  "sample-ratio": "sample-ratio published-comparisons",
  sequential: "always-valid group-sequential sequential-definitions",
  shared: "relative-set published-comparisons means means-laws means-degenerate decisions ratios proportions",
  studies: "studies",
};
const statisticsParts = Object.entries(statistics).map(([room, names]): readonly [string, Part] => [
  `statistics/${room}`,
  {
    mutate: [`simulations/statistics/${room === "shared" ? "" : `${room}/`}*.ts`, "!simulations/statistics/*/*studies.ts"],
    tests: `${names} table table-laws published-examples words units definitions out-of-range warnings hostile-inputs docs/examples`
      .split(" ")
      .map((test) => `dist/test/${test.includes("/") ? "" : "statistics/"}${test}.test.js`),
  },
]);

const parts: Readonly<Record<string, Part>> = {
  compile: {
    mutate: ["policies/compile/*.ts"],
    tests: ["compile", "explain", "cases", "replay"].flatMap((folder) => tests(folder, "*")),
  },
  vector: {
    mutate: ["policies/compile/vector/*.ts"],
    tests: [...tests("compile", "*"), ...tests("replay", "threads")],
  },
  diff: { mutate: diff, tests: tests("language", "diff-words diff-policies three-way") },
  analysis: { mutate: analysis, tests: tests("language", "analyse* faulty") },
  files: {
    mutate: files,
    tests: [...tests("language", "library programme print-policy extend hostile"), ...tests("docs", "language-reference")],
  },
  reading: {
    mutate: ["policies/language/*.ts", ...[...diff, ...analysis, ...files].map((path) => `!${path}`)],
    tests: tests("language", "expressions extend faulty hostile meaning print-policy unknown diff-policies"),
  },
  ...Object.fromEntries(statisticsParts),
};

// The tests of published vectors look beside the tree, which for Stryker is a copy of it.
const [shared, beside] = [packagePath("..", "shared"), packagePath("test", "output", "stryker", "shared")];
const found = new Map<string, string[]>();
const asked = process.argv.slice(2);
const isOf = (name: string, part: string): boolean => part === name || part.startsWith(`${name}/`);
const unknown = asked.filter((name) => !Object.keys(parts).some((part) => isOf(name, part)));
if (unknown.length > 0) throw new RangeError(`no part is called ${unknown.join(", ")}: name ${Object.keys(parts).join(", ")}`);
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.some((wanted) => isOf(wanted, name))) continue;
  const given = ["run", "-m", part.mutate.join(","), "-t", part.tests.join(",")];
  mkdirSync(dirname(beside), { recursive: true });
  if (existsSync(shared) && !existsSync(beside)) symlinkSync(shared, beside);
  const { status } = spawnSync(packagePath("node_modules", ".bin", "stryker"), given, { cwd: packagePath(), stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  const { files: report } = JSON.parse(readFileSync(packagePath("test", "output", "mutation.json"), "utf8")) as Report;
  for (const [path, { mutants }] of Object.entries(report)) {
    const room = path.split("/").slice(0, 2).join("/");
    const own = mutants.filter(({ statusReason }) => statusReason !== notDrawn).map((mutant) => mutant.status);
    for (const key of [room, ...(name.includes("/") ? [name] : [])]) found.set(key, [...(found.get(key) ?? []), ...own]);
  }
}
for (const [room, statuses] of found) console.log(`${room}: ${scoreOf(statuses)}`);

function scoreOf(statuses: readonly string[]): string {
  const count = (...wanted: readonly string[]): number => statuses.filter((status) => wanted.includes(status)).length;
  const [detected, missed] = [count("Killed", "Timeout"), count("Survived", "NoCoverage")];
  const score = wilson({ successes: detected, trials: detected + missed, level: 0.95 });
  if (score.kind === "undetermined") return score.reason;
  const [value, lower, upper] = [score.value, score.interval?.lower, score.interval?.upper].map((share = 0) => (100 * share).toFixed(1));
  return (
    `${value} % (${lower} to ${upper}) of ${score.n} mutants, one in ${oneIn} by seed ${seed}: ${count("Killed")} killed, ` +
    `${count("Timeout")} timed out, ${count("Survived")} survived, ${count("NoCoverage")} not covered; ${count("Ignored")} static ones left out`
  );
}
