/** A home offers programmes that its datasets can be scored by, and no others. */
import { expect } from "chai";
import { hasErrors, present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { checkAgainstPanel, policyLibrary, readLibraryPolicy } from "../../policies/language/index.ts";
import { compareFormContext } from "../../server/http/compare-form.ts";
import { offeredProgrammes, programmeSummaries } from "../../server/http/page-lists.ts";
import { openHome, versionsThatFit } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";
import { perform, smallMarketplace } from "./small-marketplace.ts";

describe("programmes that fit a dataset", () => {
  let store: Store;
  let remove: () => void;

  before(async () => {
    ({ store, remove } = await smallMarketplace());
  });
  after(() => remove());

  it("are those whose versions find everything that they read", () => {
    const dataset = present(store.datasets.list()[0], "dataset");
    const fitting = versionsThatFit(dataset).map(({ reference }) => reference);
    expect(fitting).to.include.members(["seller-performance@1.0.0", "seller-performance@1.1.0", "seller-performance@2.0.0"]);
    for (const { programme, version } of policyLibrary()) {
      const policy = present(readLibraryPolicy(`${programme}@${version}`).policy, programme);
      const isSound = !hasErrors(checkAgainstPanel(policy, dataset.manifest.schema));
      expect(fitting.includes(`${programme}@${version}`), `${programme}@${version}`).to.equal(isSound);
    }
    expect(fitting.length).to.be.lessThan(policyLibrary().length);
  });

  it("are all that the home page and the form for a comparison offer", () => {
    const dataset = present(store.datasets.list()[0], "dataset");
    const fitting = [...new Set(versionsThatFit(dataset).map(({ programme }) => programme))];
    expect(offeredProgrammes(store).map(({ programme }) => programme)).to.have.members(fitting);
    const form = compareFormContext(store, undefined, []);
    expect(form.programmes.map(({ programme }) => programme)).to.have.members(fitting);
    const versions = form.programmes.flatMap((programme) => programme.versions);
    expect(versions.filter(({ isBaseline }) => isBaseline).map(({ reference }) => reference)).to.deep.equal(["seller-performance@1.0.0"]);
    expect(versions.filter(({ isCandidate }) => isCandidate)).to.have.length(1);
  });

  it("are joined by what was typed, so that a refused form comes back as it was", () => {
    const typed = { baseline: "creator-performance@1.0.0", candidate: "creator-performance@1.1.0" };
    const { programmes } = compareFormContext(store, typed, []);
    expect(programmes.map(({ programme }) => programme)).to.include("creator-performance");
  });

  it("open with what a version that is named can be compared with: its dataset, and its programme's version in force", async () => {
    const both = temporaryHome();
    const mixed = openHome(both.home);
    try {
      for (const kind of ["seller", "creator"]) await perform(mixed, "dataset demo", { kind, sellers: 20, weeks: 8 });
      for (const programme of ["seller-performance", "creator-performance"]) {
        const { datasets, programmes } = compareFormContext(mixed, { candidate: `${programme}@1.1.0` }, []);
        const chosen = programmes.flatMap(({ versions }) => versions).filter(({ isBaseline, isCandidate }) => isBaseline || isCandidate);
        expect(chosen.map(({ reference }) => reference)).to.have.members([`${programme}@1.0.0`, `${programme}@1.1.0`]);
        expect(datasets.filter(({ selected }) => selected).map(({ entity }) => `${entity}-performance`)).to.deep.equal([programme]);
      }
    } finally {
      mixed.close();
      both.remove();
    }
  });

  it("are all that ship while a home has no dataset", () => {
    const empty = temporaryHome();
    const none = openHome(empty.home);
    try {
      expect(offeredProgrammes(none)).to.deep.equal(programmeSummaries(store.home));
      expect(compareFormContext(none, undefined, []).programmes).to.have.length(programmeSummaries(none.home).length);
    } finally {
      none.close();
      empty.remove();
    }
  });
});
