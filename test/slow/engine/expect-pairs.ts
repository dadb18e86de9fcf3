/** A replay against another version where the rows lie: whom it pairs are those whom the kernels pair. */
import { expect } from "chai";
import { present } from "../../../data/foundation/index.ts";
import { type Panel, rangeOf } from "../../../data/panel/index.ts";
import type { Store } from "../../../data/store/index.ts";
import type { Policy } from "../../../policies/language/index.ts";
import { compare, countLabels, describeStakes, drawUnlessAsked, pairedGroups } from "../../../simulations/comparison/index.ts";
import { replay } from "../../../simulations/replay/index.ts";
import { perform } from "../../server/small-marketplace.ts";

/** `asked`: the replay without its baseline, which is `against`, and `policy` its candidate. */
export async function expectPairs(
  store: Store,
  asked: object,
  {
    policy,
    panel,
    against,
    baseline,
  }: { readonly policy: Policy; readonly panel: Panel; readonly against: string; readonly baseline: Policy },
): Promise<void> {
  const answer = await perform<{ against: { pairs: object[]; gmv: object; segments: object[]; errors: { labelled: number }[] } }>(
    store,
    "replay",
    { ...asked, against },
  );
  const candidate = policy;
  const { schema } = panel;
  const range = rangeOf(schema, {});
  const policies = [baseline, candidate] as const;
  const parted = pairedGroups(policies, schema, range, countLabels(panel));
  const { pairs, groups } = replay({ policies, panel, paired: true, groups: parted.groups, visit: () => undefined });
  const expected = present(pairs, "pairs").cells.map(({ key: [period, baseline, candidate], sums: [entities, gmv] }) => {
    const money = gmv === undefined ? {} : { gmv: Number(gmv) };
    return { period, baseline, candidate, entities: Number(entities), ...money };
  });
  expect(answer.against.pairs).to.deep.equal(expected);
  expect(expected.some((pair) => "gmv" in pair && pair.gmv > 0)).to.equal(true);
  const stakes = describeStakes(present(groups, "groups"), { baseline, candidate, schema, to: range.to, ...drawUnlessAsked });
  const { gmv, segments, errors } = answer.against;
  expect({ gmv, segments }).to.deep.equal(stakes);
  const { candidates } = compare({ baseline, candidates: [candidate], panel, ...drawUnlessAsked, studies: false });
  expect(errors).to.deep.equal(candidates[0]?.errors.map(({ estimates: _estimates, ...counted }) => counted));
  expect(errors.some(({ labelled }) => labelled > 0)).to.equal(true);
  expect(
    expected.some(({ baseline, candidate }) => baseline !== candidate),
    "somebody holds another tier",
  ).to.equal(true);
}
