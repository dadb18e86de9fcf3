/** The calculator reads its own form: what a page shows of an example is what is computed from it. */
import { expect } from "chai";
import { fieldOfPath, hasOtherFields, readStatisticForm, statisticForm } from "../../server/http/statistic-form.ts";
import { findStatistic, statistics } from "../../simulations/statistics/table.ts";
import { statisticAnswer } from "../../views/index.ts";

describe("the form of a statistic", () => {
  for (const statistic of statistics) {
    it(`${statistic.name}: reads the example back as it stands in the fields`, () => {
      const { groups, more } = statisticForm(statistic, undefined, []);
      const fields = [...groups, ...(more?.groups ?? [])].flatMap((group) => [...group.fields, ...(group.spare?.fields ?? [])]);
      const typed = Object.fromEntries(fields.map(({ path, value }) => [path, value]));
      const input = readStatisticForm(statistic, typed);
      expect(statistic.input.parse(input)).to.deep.equal(statistic.input.parse(statistic.example));
      for (const { path, label } of fields) expect(label, path).to.match(/^[A-Z]/);
    });
  }

  it("folds what is empty, and opens the fold of what is wrong", () => {
    const statistic = findStatistic("sample-size");
    if (statistic === undefined) throw new Error("sample-size");
    const { groups, more } = statisticForm(statistic, undefined, []);
    expect(groups.map(({ title }) => title)).to.deep.equal(["Metric", "Effect", ""]);
    expect(groups.map(({ spare }) => spare?.isOpen))
      .to.include(false)
      .and.not.to.include(true);
    expect(more).to.include({ summary: "More: goal; looks; clusters", isOpen: false });
    const wrong = statisticForm(statistic, {}, [{ field: "clusters.size", message: "'clusters.size' is missing", cure: "" }]);
    expect(wrong.more?.isOpen).to.equal(true);
  });

  it("shows the fields of the kind that is chosen and of no other, those that it needs unfolded, and reads no other", () => {
    const statistic = findStatistic("sample-size");
    if (statistic === undefined) throw new Error("sample-size");
    const shown = (typed: Record<string, string> | undefined) => {
      const { groups, more } = statisticForm(statistic, typed, []);
      const open = groups.flatMap(({ fields }) => fields);
      const folded = [...groups.flatMap(({ spare }) => spare?.fields ?? []), ...(more?.groups ?? []).flatMap(({ fields }) => fields)];
      const names = (of: readonly { readonly path: string }[], group: string) =>
        of.flatMap(({ path }) => (path.startsWith(`${group}.`) ? [path.slice(group.length + 1)] : []));
      return { metric: [names(open, "metric"), names(folded, "metric")], looks: [...names(open, "looks"), ...names(folded, "looks")] };
    };
    expect(shown(undefined)).to.deep.equal({ metric: [["kind", "rate", "test"], []], looks: ["kind"] });
    const mean = { "metric.kind": "mean", "metric.rate": "0.1", "effect.relative": "0.05" };
    expect(shown(mean).metric).to.deep.equal([
      ["kind", "standardDeviation"],
      ["mean", "treatmentStandardDeviation", "pooled"],
    ]);
    expect(readStatisticForm(statistic, mean)).to.deep.equal({ metric: { kind: "mean" }, effect: { relative: 0.05 } });
    expect(fieldOfPath(statistic, "metric.standardDeviation", mean)).to.equal("metric.standardDeviation");
    expect(shown({ "metric.kind": "ranks", "looks.kind": "group-sequential" })).to.deep.equal({
      metric: [["kind"], []],
      looks: ["kind", "count", "spending.kind"],
    });
    expect(hasOtherFields(statistic, mean)).to.equal(false);
    expect(hasOtherFields(statistic, { ...mean, "shown.metric.kind": "mean" })).to.equal(false);
    expect(hasOtherFields(statistic, { ...mean, "shown.metric.kind": "proportion" })).to.equal(true);
  });

  it("leaves out what is empty, and keeps text that is no number for the shape to refuse", () => {
    const statistic = statistics.find(({ name }) => name === "wilson-proportion");
    if (statistic === undefined) throw new Error("wilson-proportion");
    const input = readStatisticForm(statistic, { "sample.successes": " 4 ", "sample.trials": "many", level: "" });
    expect(input).to.deep.equal({ sample: { successes: 4, trials: "many" } });
    expect(fieldOfPath(statistic, "sample.trials", {})).to.equal("sample.trials");
    expect(fieldOfPath(statistic, "sample", {})).to.equal("sample.successes");
  });
});

describe("the answer of a statistic", () => {
  it("tells a value beyond every number with what is left of it, and with its test", () => {
    const statistic = findStatistic("score-risk-ratio");
    if (statistic === undefined) throw new Error("score-risk-ratio");
    const arms = { control: { successes: 0, trials: 29 }, treatment: { successes: 5, trials: 56 } };
    const { headline, facts, isUndetermined } = statisticAnswer(statistic.compute(statistic.input.parse(arms)));
    expect(isUndetermined).to.equal(true);
    expect(headline).to.match(
      /^No success in the control: the ratio is beyond every number \(95 %: at least 0\.717\d*\)\. What would determine it: /,
    );
    expect(facts.map(({ label, text }) => `${label} ${text}`).join()).to.match(
      /^p-value 0\.099\d* \(Miettinen-Nurminen score 1\.648\d*; two-sided, against 1\)$/,
    );
  });
});
