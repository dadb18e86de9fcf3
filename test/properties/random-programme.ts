/** Random programmes: versions that follow one another on drawn days, each drawn anew or changed from the one before it. */
import { firstDayOf, type Grain, lastDayOf, present } from "../../data/foundation/index.ts";
import type { PanelSchema } from "../../data/panel/index.ts";
import {
  checkProgramme,
  type Ledger,
  type LedgerLine,
  type Policy,
  type Tier,
  tierAfter,
  tierNames,
  type VersionInForce,
} from "../../policies/language/index.ts";
import type { Draw } from "./draw.ts";
import { drawAnyPolicy } from "./random-case.ts";
import { drawCalendar } from "./random-movement.ts";

/** Two or three versions that the check lets pass; undefined when it does not. */
export function drawVersions(draw: Draw, first: Policy, schema: PanelSchema): readonly VersionInForce[] | undefined {
  const { grain } = schema;
  const policies = [first];
  for (const index of draw.list(1, 2, (position) => position)) {
    const before = present(policies.at(-1), "a version");
    const again = policies.length === 2 && draw.chance(4) ? policies[0] : undefined;
    const drawn = again ?? (draw.integer(0, 3) === 0 ? drawAnyPolicy(draw, grain) : changed(draw, before, grain));
    policies.push({ ...withHeirs(draw, before, drawn), version: `${index + 2}.0.0` });
  }
  const days = drawDays(draw, schema, policies.length);
  const versions = policies.map((policy, index) => ({ policy, from: present(days[index], "a day") }));
  return checkProgramme(versions).length === 0 ? versions : undefined;
}

/** Ascending; the first is often long before the panel. */
export function drawDays(draw: Draw, { grain, firstPeriod, lastPeriod }: PanelSchema, count: number): readonly number[] {
  const [begin, end] = [firstDayOf(grain, firstPeriod), lastDayOf(grain, lastPeriod)];
  const days = new Set<number>();
  if (draw.integer(0, 2) > 0) days.add(begin - 1000);
  while (days.size < count) {
    let day = begin + draw.integer(0, end - begin);
    // Days next to one another are drawn often: then a version may pass without an evaluation.
    if (days.size > 0 && draw.chance(5)) day = Math.max(...days) + draw.integer(1, 6);
    while (days.has(day)) day++;
    days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}

/** The same policy with another calendar, other steps, and changes of its ledgers and tiers. */
function changed(draw: Draw, policy: Policy, grain: Grain): Policy {
  const step = () => ({ after: draw.integer(1, 4), ...(draw.chance(3) ? { by: draw.integer(1, 2) } : {}) });
  const movement = {
    ...policy.movement,
    ...(draw.chance(2) ? { evaluate: drawCalendar(draw, grain) } : {}),
    promote: step(),
    demote: step(),
  };
  const ledgers = policy.ledgers.map((ledger) => (draw.integer(0, 2) > 0 ? changedLedger(draw, ledger) : ledger));
  const same = { ...policy, movement, ledgers };
  const renamed = draw.chance(2) ? renameTier(draw, same) : same;
  return draw.chance(4) && renamed.otherwise !== undefined && renamed.movement.start !== renamed.otherwise
    ? { ...renamed, otherwise: `${renamed.otherwise}_too` }
    : renamed;
}

function changedLedger(draw: Draw, ledger: Ledger): Ledger {
  let lines: readonly LedgerLine[] = draw.chance(2) ? ledger.lines.toReversed() : ledger.lines;
  if (lines.length > 1 && draw.chance(2)) lines = lines.slice(1);
  if (draw.chance(3)) lines = lines.map(({ atMost: _atMost, ...line }) => line as LedgerLine);
  if (draw.chance(4)) lines = [...lines, { ...present(lines[0], "a line"), sign: -1 }];
  const { takeBack, ...rest } = ledger;
  const lasts: Ledger["lasts"] = draw.chance(2) ? { kind: "days", count: draw.pick([7, 30, 90]) } : ledger.lasts;
  return { ...rest, ...(takeBack === undefined || draw.chance(3) ? {} : { takeBack }), lines, lasts };
}

/** Gives one tier another name, and says whose place it takes; sometimes with another hold. */
function renameTier(draw: Draw, policy: Policy): Policy {
  const old = draw.pick(policy.tiers);
  const name = `${old.name}x`;
  const rename = (tier: string) => (tier === old.name ? name : tier);
  const { start, protect } = policy.movement;
  const tiers = policy.tiers.map(
    (tier): Tier => (tier === old ? { ...tier, name, replaces: [old.name], ...(draw.chance(2) ? { holdDays: 30 } : {}) } : tier),
  );
  return {
    ...policy,
    tiers,
    caps: policy.caps.map((cap) => ({ ...cap, tier: rename(cap.tier) })),
    movement: {
      ...policy.movement,
      ...(start === undefined ? {} : { start: rename(start) }),
      ...(protect === undefined ? {} : { protect: { ...protect, tier: rename(protect.tier) } }),
    },
  };
}

/** Whoever would be lost is replaced by some tier; nothing that is there is. */
function withHeirs(draw: Draw, old: Policy, policy: Policy): Policy {
  const lost = tierNames(old).filter((name) => tierAfter(old, policy, name) === undefined);
  const heirs = lost.map((name) => ({ name, heir: draw.pick(policy.tiers).name }));
  const own = tierNames(policy);
  const tiers = policy.tiers.map((tier): Tier => {
    const { replaces = [], ...rest } = tier;
    const all = [
      ...replaces.filter((name) => !own.includes(name)),
      ...heirs.filter(({ heir }) => heir === tier.name).map(({ name }) => name),
    ];
    return all.length === 0 ? rest : { ...rest, replaces: all };
  });
  return { ...policy, tiers };
}
