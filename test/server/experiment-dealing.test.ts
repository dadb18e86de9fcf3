/** Units dealt, exposed and observed over the doors; what is locked stays where it is. */
import { expect } from "chai";
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { findOperation } from "../../server/operations/index.ts";
import { contextOf, perform, smallMarketplace } from "./small-marketplace.ts";

const design = (name: string, assignment: string): string => `experiment: ${name}
title: A gentler line
hypothesis: Sellers near the line stay longer.
unit: seller
arms:
  control: { share: 50 %, policy: seller-performance@1.0.0 }
  gentle: { share: 50 %, policy: seller-performance@2.0.0 }
assignment: ${assignment}
columns: { unit: seller }
metrics:
  kept: { share: kept, role: primary, better: up, effect: 5 points }
plan: { looks: once }
`;

interface Assigned {
  readonly arms: readonly { readonly name: string; readonly entities: number }[];
  readonly setAside: Readonly<Record<string, number>>;
  readonly list?: { readonly added: number; readonly distance: number; readonly accepted: number };
}

describe("units of an experiment over the doors", () => {
  let store: Store;
  let dataset: string;
  let remove: () => void;

  before(async () => {
    ({ store, dataset, remove } = await smallMarketplace());
  });
  after(() => remove());

  const write = async (name: string, assignment: string, more: object = {}) =>
    await perform(store, "experiment design", { file: { file: "design.yaml", text: design(name, assignment) }, ...more });
  const locked = async (name: string, assignment: string) => {
    await write(name, assignment);
    await perform(store, "experiment lock", { name });
  };
  const refused = async (run: Promise<unknown>): Promise<string> =>
    await run.then(
      () => "",
      (error: Error) => error.message,
    );

  it("are dealt as a list that is balanced on tier, an attribute and sales, once and for all", async () => {
    await write("listed", "{ salt: listed, strata: [tier, region], balance: [gmv_before] }");
    const assign = () => perform<Assigned>(store, "experiment assign", { experiment: "listed", dataset });
    expect(await refused(assign())).to.include("is not locked");
    await perform(store, "experiment lock", { name: "listed" });
    const first = await assign();
    const total = first.arms.reduce((sum, { entities }) => sum + entities, 0);
    expect(first.list?.added).to.equal(total);
    expect(first.list?.distance).to.be.at.most(first.list?.accepted ?? 0);
    const again = await assign();
    expect([again.arms, again.list?.added]).to.deep.equal([first.arms, 0]);
    expect(store.experiments.listed("listed")).to.have.length(total);
  });

  it("say which columns there are where a rule names another", async () => {
    await locked("mistyped", "{ salt: mistyped, strata: [regoin] }");
    expect(await refused(perform(store, "experiment assign", { experiment: "mistyped", dataset }))).to.match(
      /says nothing of 'regoin'.*Did you mean 'region'/s,
    );
  });

  it("come from a file as well, each once", async () => {
    await locked("filed", "{ salt: filed, strata: [size] }");
    const units = (text: string) => ({ experiment: "filed", units: { file: "units.csv", text } });
    expect(await refused(perform(store, "experiment assign", units("seller,size\na,big\na,big\n")))).to.include(
      "line 3: the unit 'a' stands twice",
    );
    for (const [text, words] of [
      ["seller,size\na,big\n\nb,big,1\n", "units.csv:4:1 bad-observations: line 4: 3 cells, and the header names 2 columns"],
      ["seller,size\na,big\n\n ,big\n", "units.csv:4:1 bad-observations: line 4: the unit is empty"],
      ['seller,size\na,"big\nb,big\n', "units.csv:2:3 unreadable-file"],
      ['seller,size\na,"big\nb"\n', "units.csv:2:1 bad-observations: the cell of 'size' in the row of line 2 runs over several lines"],
    ] as const)
      expect(await refused(perform(store, "experiment assign", units(text)))).to.include(words);
    const { arms } = await perform<Assigned>(store, "experiment assign", units("seller,size\na,big\nb,big\nc,small\nd,small\n"));
    expect(arms.map(({ entities }) => entities)).to.deep.equal([2, 2]);
  });

  it("are logged when they meet the change, with the earliest day, and counted from it on", async () => {
    await locked("logged", "{ salt: logged, holdout: { name: all, share: 30 % } }");
    const keys = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const expose = (more: object) =>
      perform<{ logged: number; known: number; setAside: Record<string, number>; arms: { unit: string; arm: string }[] }>(
        store,
        "experiment expose",
        {
          name: "logged",
          ...more,
        },
      );
    const first = await expose({ units: keys, day: "2025-03-05" });
    expect(first.logged + (first.setAside["holdout"] ?? 0)).to.equal(40);
    expect(first.setAside["holdout"]).to.be.greaterThan(3);
    const again = await expose({ file: { file: "log.csv", text: `seller,day\n${keys.map((key) => `${key},2025-03-04`).join("\n")}\n` } });
    expect([again.logged, again.known, again.arms]).to.deep.equal([0, first.logged, first.arms]);
    expect(new Set(store.experiments.exposures("logged").map(({ day }) => day))).to.deep.equal(new Set(["2025-03-04"]));
    expect(await refused(expose({ file: { file: "log.csv", text: "seller,day\ns1,04/03/2025\n" } }))).to.include(
      "line 2: '04/03/2025' is no day",
    );
    const { observations } = await perform<{ observations: { setAside: Record<string, number>; arms: { units: number }[] } }>(
      store,
      "experiment observe",
      {
        name: "logged",
        file: { file: "rows.csv", text: `seller,kept\n${[...keys, "never"].map((key) => `${key},1`).join("\n")}\n` },
      },
    );
    expect(observations.arms.reduce((sum, { units }) => sum + units, 0)).to.equal(first.logged);
    const [out, missed] = [observations.setAside["holdout"] ?? 0, observations.setAside["not exposed"] ?? 0];
    expect(out + missed).to.equal(41 - first.logged);
  });

  it("stay where they are: an amendment may widen a ramp, and nothing else", async () => {
    await locked("ramped", "{ salt: ramped, ramp: 20 % }");
    for (const [assignment, said] of [
      ["{ salt: other, ramp: 20 % }", "another salt would move units"],
      ["{ salt: ramped, ramp: 10 % }", "another and smaller ramp would move units"],
      ["{ salt: ramped, ramp: 20 %, cluster: region }", "another way of dealing would move units"],
    ] as const)
      expect(await refused(write("ramped", assignment, { amend: "Why not." })), assignment).to.include(said);
    await write("ramped", "{ salt: ramped, ramp: 60 %, overrides: { s1: gentle } }", { amend: "All is well." });
    const { setAside } = await perform<Assigned>(store, "experiment assign", { experiment: "ramped", dataset });
    expect(setAside["not ramped yet"]).to.be.greaterThan(0);
  });

  it("are in one experiment of a layer at a time", async () => {
    await locked("first-part", "{ salt: a, layer: { name: policy, from: 0 %, to: 50 % } }");
    await locked("second-part", "{ salt: b, layer: { name: policy, from: 50 %, to: 100 % } }");
    await write("third-part", "{ salt: c, layer: { name: policy, from: 40 %, to: 60 % } }");
    const said = await refused(perform(store, "experiment lock", { name: "third-part" }));
    expect(said).to.match(/'(first|second)-part' is running in .* of the layer 'policy', which overlaps with 40 % to 60 %/);
  });

  it("need a rule or a salt, a dataset or a file", () => {
    const { admit } = present(findOperation("experiment assign"), "an operation");
    const asked = (input: object) => () => admit?.({ arms: ["a=1", "b=1"], ...input }, contextOf(store));
    expect(asked({ dataset })).to.throw("--experiment NAME and --salt TEXT");
    expect(asked({ salt: "s" })).to.throw("--dataset NAME and --units FILE");
    expect(asked({ salt: "s", dataset })).not.to.throw();
  });
});
