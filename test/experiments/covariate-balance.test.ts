/** What was known before an experiment is compared between the control and every candidate. */
import { expect } from "chai";
import { randomStream } from "../../data/foundation/index.ts";
import { analyse } from "../../simulations/experiments/index.ts";
import { designOf, observed } from "./designs.ts";

describe("a covariate", () => {
  it("that is apart in the last of several candidates is said of it", async () => {
    const design = designOf(`experiment: three
title: Three
hypothesis: Something.
unit: user
arms: { control: 34 %, first: 33 %, second: 33 % }
assignment: { recorded: true }
columns: { unit: user, arm: arm }
metrics:
  spend: { mean: spend, role: primary, better: up, covariate: before }
plan: { level: 95 % }
`);
    const random = randomStream(3, "three");
    const rows = ["control", "first", "second"].flatMap((arm) =>
      Array.from(
        { length: 200 },
        (_, index) => `${arm}${index},${arm},${random.uniform()},${random.normal() + (arm === "second" ? 1 : 0)}`,
      ),
    );
    const { checks } = analyse(design, await observed(design, ["user,arm,spend,before", ...rows].join("\n"))).health;
    const [found, ...others] = checks.filter(({ name }) => name === "covariate-balance");
    expect(others).to.deep.equal([]);
    expect(found?.state).to.equal("care");
    expect(found?.finding).to.match(/ in second before the experiment: \d+\.\d standard errors apart\.$/);
  });
});
