/** Small histories in several tables, drawn by seed: what an import reads from files, and a connection from tables. */
import {
  firstDayOf,
  formatDay,
  type Grain,
  lastDayOf,
  parseDay,
  periodOf,
  present,
  type RandomStream,
  randomStream,
} from "../../data/foundation/index.ts";

/** CSV files by name, and the descriptor's files, for a table or a file of that name. */
export interface History {
  readonly grain: Grain;
  readonly tables: Readonly<Record<string, string>>;
  readonly files: (where: (name: string) => string) => string;
}

/** What a descriptor of such histories begins with. */
export function headOf(grain: Grain): string {
  return `dataset: own-history\nentity: seller\ngrain: ${grain}\ncurrency: EUR\nknown_at: 2024-06-20\nkey: [seller]\ngmv: gmv\norders: orders\n`;
}

/** Whatever may befall rows: not there, corrected, of later, empty, in parts; in two periods nobody delivers any. */
export function drawnHistory(grain: Grain, rule: "first" | "last", seed: number): History {
  const random = randomStream(seed, "own histories", grain);
  const labelled = randomStream(seed, "labels of own histories", grain);
  const last = periodOf(grain, present(parseDay("2024-06-20"), "a day"));
  const periods = Array.from({ length: 14 }, (_, index) => last - 13 + index);
  const dayIn = (period: number) => firstDayOf(grain, period) + random.below(lastDayOf(grain, period) - firstDayOf(grain, period) + 1);
  const orEmpty = (text: string) => (random.uniform() < 0.4 ? "" : text);
  const parts: readonly [string[], string[]] = [[], []];
  const taken: string[] = [];
  for (let seller = 0; seller < 9; seller++) {
    const [from, to] = [random.below(6), 8 + random.below(7)];
    for (const [index, period] of periods.entries()) {
      if (index < from || index >= to || index === 9 || index === 10) continue;
      const versions = random.uniform() < 0.75 ? 1 + (index < 4 ? 0 : random.below(3)) : 0;
      for (let version = 0; version < versions; version++) {
        const known = formatDay(firstDayOf(grain, period) + 40 * version + seller);
        const orders = 1 + random.below(9);
        const [rating, region] = [orEmpty(`${1 + random.below(4)}.${random.below(10)}`), orEmpty(` north ${random.below(3)}`)];
        const cells = [
          `s${seller}`,
          formatDay(dayIn(period)),
          known,
          orders,
          random.below(orders),
          `${orders * 3}.25`,
          rating,
          region,
          labelled.uniform() < 0.15 ? "" : ["gold", " good ", "good", "watch"][labelled.below(4)],
        ];
        parts[index < 4 ? 0 : 1].push(cells.join(","));
      }
      for (const day of new Set(Array.from({ length: random.below(3) }, () => dayIn(period))))
        taken.push(`s${seller},${formatDay(day)},${orEmpty(String(1000 * random.below(5)))}`);
    }
  }
  // Two that only the engines' order of texts puts in this one; the last two of somebody unknown.
  const ids = ["\u{1f600}", "\uff61", ...Array.from({ length: 8 }, (_, index) => `e${index}`)];
  const happened = ids.map(
    (id, index) => `${index < 8 ? "s4" : "stranger"},${id},${formatDay(lastDayOf(grain, periods[7] as number))},warning`,
  );
  const [found, appealed] = drawnLabels(labelled, grain, periods);
  const table = (names: string, rows: readonly string[]) => [names, ...rows, ""].join("\n");
  const columns = "seller,day,known,orders,late,gmv,rating,region,tier";
  const described =
    "{ orders: { flow: count }, late: { flow: count, part_of: orders }, gmv: { flow: money }, rating: { level: number, decimals: 1, carry: 2 periods }, region: { attribute: text }, tier: { assigned_tier: [gold, good, watch] } }";
  return {
    grain,
    tables: {
      early: table(columns, parts[0]),
      late: table(columns, parts[1]),
      taken: table("seller,day,followers", taken),
      sellers: table("seller,opened", ["s0,2020-01-31", "s1,", "s4,2021-02-28", "stranger,2021-02-28"]),
      happened: table("seller,id,day,kind", happened),
      found: table("seller,day,source,outcome,chance", found),
      appealed: table("seller,day,source,known,outcome", appealed),
    },
    files: (where) => `outcomes:
  audit: { kind: state, role: audit, lag: 3 days, definition: An audit found the seller harmful. }
  behaviour: { kind: future, role: behaviour, horizon: ${horizonDays[grain]} days, lag: 1 days, definition: Many orders were late. }
  appeal: { kind: state, role: appeal, definition: An appeal was decided. }
files:
  - { ${where("early")}, holds: panel, period: day, ignore: [known], columns: ${described} }
  - { ${where("late")}, holds: panel, period: day, known_at: known, columns: ${described} }
  - { ${where("taken")}, holds: snapshots, date: day, rule: ${rule} in period, columns: { followers: { level: count, carry: 1 periods } } }
  - { ${where("sellers")}, holds: entities, columns: { opened: { attribute: day } } }
  - { ${where("happened")}, holds: events, id: id, day: day, kind: kind, kinds: { warning: Warning } }
  - { ${where("found")}, holds: outcomes, day: day, source: source, outcome: outcome, probability: chance }
  - { ${where("appealed")}, holds: outcomes, day: day, source: source, known_at: known, outcome: outcome }
`,
  };
}

const horizonDays = { day: 2, week: 14, month: 60 } as const;

/** Audits and what became of sellers, which are known by rule; appeals, of which some were pending before they were decided, and some were known too late. */
function drawnLabels(random: RandomStream, grain: Grain, periods: readonly number[]): readonly [readonly string[], readonly string[]] {
  const [found, appealed]: [string[], string[]] = [[], []];
  const word = () => (random.uniform() < 0.5 ? "harmful" : " fine");
  const sellers = [...Array.from({ length: 9 }, (_, seller) => `s${seller}`), "stranger"];
  for (const seller of sellers)
    for (const period of periods) {
      const day = lastDayOf(grain, period);
      const about = `${seller},${formatDay(day)}`;
      if (random.uniform() < 0.4) found.push(`${about},audit,${word()},${random.uniform() < 0.5 ? "" : "0.25"}`);
      if (random.uniform() < 0.7) found.push(`${about},behaviour ,${word()},`);
      if (random.uniform() < 0.5) appealed.push(`${about},appeal,${formatDay(day)},pending`);
      if (random.uniform() < 0.5) appealed.push(`${about},appeal,${formatDay(day + 1 + random.below(3))},${word()}`);
      if (random.uniform() < 0.2) appealed.push(`${about},appeal,${formatDay(day + 9)},${word()}`);
    }
  return [found, appealed];
}

/** What reads of them all that is filled, corrected and picked; later versions are stricter. */
export const ownPolicyText = (grain: Grain, version: "1.0.0" | "2.0.0" = "1.0.0") => `programme: own
version: ${version}
title: Own
entity: seller
rationale: What a policy reads of rows that were filled, corrected and picked.
metrics:
  late_rate: { share: late of orders, over: 3 periods }
  stars: { last: rating }
  audience: { last: followers }
  warnings: { count: warning, over: 60 days }
tiers:
  - good: { when: late_rate <= 20 % and stars >= 3 and audience >= 2000 }
  - fair: { when: late_rate <= ${version === "1.0.0" ? "60 %" : "30 %"} and warnings < 2 }
  - watch: { when: late_rate is known, adverse: true }
otherwise: unrated
movement:
  evaluate: every ${grain}
`;
