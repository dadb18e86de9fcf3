/** What every statistic says: of its example, and what it says more and less in each situation of `situations.txt`. The texts are reviewed in `goldens/words.txt`. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { InputRefused, packagePath } from "../../data/foundation/index.ts";
import type { Estimated, Found } from "../../simulations/statistics/index.ts";
import { type Statistic, statistics } from "../../simulations/statistics/table.ts";
import { goldenTexts } from "../language/golden.ts";

/** By line a statistic and what is changed in its example. */
const situations = readFileSync(packagePath("test", "statistics", "situations.txt"), "utf8")
  .trimEnd()
  .split("\n");
/** Words do not depend on how many draws there are. */
const fewDraws = { draws: 99, replicates: 99 };

describe("words of statistics", () => {
  const golden = goldenTexts("words", "statistics");

  it("are asked of every situation that is listed, once", () => {
    const names = new Set(statistics.map(({ name }) => name));
    expect(situations.filter((line) => !names.has(line.slice(0, line.indexOf(" "))))).to.deep.equal([]);
    expect(new Set(situations).size).to.equal(situations.length);
  });

  for (const statistic of statistics) {
    it(`${statistic.name}: as they were reviewed, in every situation`, () => {
      const usual = wordsOf(statistic, {});
      golden(statistic.name, usual.join("\n"));
      for (const situation of situations.filter((line) => line.startsWith(`${statistic.name} `))) {
        const words = wordsOf(statistic, JSON.parse(situation.slice(statistic.name.length)) as object);
        const more = words.filter((line) => !usual.includes(line));
        const gone = usual.filter(
          (line) =>
            words[0]?.startsWith("estimate: ") === true && !words.includes(line) && !more.some((own) => topicOf(own) === topicOf(line)),
        );
        golden(situation, [...gone.map((line) => `without ${line}`), ...more].join("\n"));
      }
    });
  }
});

/** What a line is about; of one topic there may be several assumptions and warnings. */
function topicOf(line: string): string {
  const [topic = line] = line.split(": ");
  return topic === "assumes" || topic === "warning" ? line : topic;
}

/** Every sentence, name and count of units that stands in the answer, and why an input is refused. */
function wordsOf({ input, example, compute }: Statistic, change: object): readonly string[] {
  const asked = { ...(example as object), ...change };
  const few = input.safeParse({ ...asked, ...fewDraws });
  const withDraws = Object.entries(fewDraws).map(([name, draws]) => ({ ...asked, [name]: draws }));
  const parsed = [few, ...withDraws.map((own) => input.safeParse(own)), input.safeParse(asked)];
  const read = parsed.find(({ success }) => success) ?? input.safeParse(asked);
  if (!read.success) {
    return read.error.issues.map(({ code, path, message }) => `refused: ${path.join(".")}${code === "custom" ? `: ${message}` : ""}`);
  }
  try {
    return wordsIn(compute(read.data));
  } catch (refusal) {
    if (refusal instanceof InputRefused) return [`refused: ${refusal.message}`];
    throw refusal;
  }
}

function wordsIn(found: Found): readonly string[] {
  const tested = found.test === undefined ? [] : [`test: ${[found.test.name, ...partsOf(found.test)].join(", ")}`];
  if (found.kind === "undetermined") return [reasonOf(found), ...tested];
  const { estimate, relative, logRatio, details, warnings } = found;
  return [
    `estimate: ${estimate.method}, n ${estimate.n}, ${estimate.set?.kind ?? (estimate.interval === undefined ? "no interval" : "interval")}`,
    ...(estimate.standardError === undefined ? [] : ["standard error"]),
    ...tested,
    ...estimate.assumptions.map((assumption) => `assumes: ${assumption}`),
    ...Object.entries({ relative, logRatio }).flatMap(([name, part]) => (part === undefined ? [] : [`${name}: ${setOf(part)}`])),
    ...Object.entries(details ?? {}).map(([name, detail]) => `${name}: ${typeof detail === "number" ? "#" : textOf(detail)}`),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function reasonOf({ reason, wouldDetermine, set }: Extract<Found, { kind: "undetermined" }>): string {
  return `undetermined: ${reason}; would determine: ${wouldDetermine}${set === undefined ? "" : `; ${set.kind}`}`;
}

function setOf(part: Estimated): string {
  return part.kind === "undetermined" ? reasonOf(part) : `${part.method}, ${part.set?.kind ?? "interval"}`;
}

function partsOf({ statistic, degreesOfFreedom, alternative }: { statistic?: unknown; degreesOfFreedom?: unknown; alternative: string }) {
  return [
    ...(statistic === undefined ? [] : ["statistic"]),
    ...(degreesOfFreedom === undefined ? [] : ["degrees of freedom"]),
    alternative,
  ];
}

/** A detail with its numbers left out: what they are is tested elsewhere. */
function textOf(detail: unknown): string {
  return JSON.stringify(detail, (_, value: unknown) => (typeof value === "number" ? "#" : value)).slice(0, 300);
}
