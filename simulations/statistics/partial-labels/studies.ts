/** Worlds in which rates from partial labels are studied: the truth is that of the kind of market, and each draw is another market. */
import type { RandomStream } from "../../../data/foundation/index.ts";
import type { Study, World } from "../studies/study.ts";
import type { LabelRate } from "./label-rates.ts";

/** One kind of unit: its share of the market, whether flagged, how many are fine, and with which probability those get a label. */
interface Kind {
  readonly share: number;
  readonly isFlagged: boolean;
  readonly fine: number;
  readonly ifFine: number;
  readonly ifHarmful: number;
}

const kind = (share: number, isFlagged: boolean, fine: number, ifFine: number, ifHarmful = ifFine): Kind => ({
  share,
  isFlagged,
  fine,
  ifFine,
  ifHarmful,
});

/** Labels thin where units are flagged, but alike within each kind. */
const atRandom = [kind(0.08, true, 0.55, 0.3), kind(0.07, true, 0.8, 0.5), kind(0.4, false, 0.93, 0.7), kind(0.45, false, 0.97, 0.9)];
const thin = atRandom.map((one) => ({ ...one, ifFine: one.ifFine / 4, ifHarmful: one.ifHarmful / 4 }));
/** The fine among the flagged appeal more. */
const selected = atRandom.map((one) => (one.isFlagged ? { ...one, ifFine: 0.5, ifHarmful: 0.15 } : one));
const audits = [kind(0.08, true, 0.55, 0.1), kind(0.07, true, 0.8, 0.25), kind(0.4, false, 0.93, 0.1), kind(0.45, false, 0.97, 0.25)];

function truthOf(kinds: readonly Kind[], rate: LabelRate): number {
  const sum = (of: (one: Kind) => number): number => kinds.reduce((total, one) => total + one.share * of(one), 0);
  const flagged = ({ isFlagged }: Kind): number => (isFlagged ? 1 : 0);
  switch (rate) {
    case "false-positive-rate":
      return sum((one) => flagged(one) * one.fine) / sum(({ fine }) => fine);
    case "false-share":
      return sum((one) => flagged(one) * one.fine) / sum(flagged);
    case "miss-rate":
      return sum((one) => (1 - flagged(one)) * (1 - one.fine)) / sum(({ fine }) => 1 - fine);
  }
}

/** By kind: units, and those labelled fine and harmful. */
function market(kinds: readonly Kind[], units: number, random: RandomStream) {
  const counts = kinds.map(() => ({ units: 0, fine: 0, harmful: 0 }));
  for (let index = 0; index < units; index++) {
    let u = random.uniform();
    const at = kinds.findIndex(({ share }) => {
      u -= share;
      return u < 0;
    });
    const [one, count] = [kinds.at(at), counts.at(at)];
    if (one === undefined || count === undefined) continue;
    count.units++;
    const isFine = random.uniform() < one.fine;
    if (random.uniform() >= (isFine ? one.ifFine : one.ifHarmful)) continue;
    if (isFine) count.fine++;
    else count.harmful++;
  }
  return counts;
}

/** Kinds without a label are merged with the other one that is flagged, or is not. */
const strata =
  (kinds: readonly Kind[], units: number, rate: LabelRate): World["draw"] =>
  (random) => {
    const counts = market(kinds, units, random);
    const merged = [true, false].flatMap((isFlagged) => {
      const own = counts.filter((_, index) => kinds[index]?.isFlagged === isFlagged);
      if (own.every(({ fine, harmful }) => fine + harmful > 0)) return own.map((count) => ({ isFlagged, ...count }));
      const sum = own.reduce((a, b) => ({ units: a.units + b.units, fine: a.fine + b.fine, harmful: a.harmful + b.harmful }));
      return [{ isFlagged, ...sum }];
    });
    return { strata: merged, rate, draws: "units", level: 0.95 };
  };

const audited =
  (kinds: readonly Kind[], units: number, rate: LabelRate): World["draw"] =>
  (random) => ({
    audits: market(kinds, units, random).map(({ fine, harmful }, index) => ({
      isFlagged: kinds[index]?.isFlagged ?? false,
      fine,
      harmful,
      probability: kinds[index]?.ifFine ?? 1,
    })),
    rate,
    draws: "units",
    level: 0.95,
  });

const unseen = "labels cannot show that those without one are different";

export const partialLabelStudies: readonly Study[] = [
  {
    name: "stratified-label-rate",
    statistic: "stratified-label-rate",
    worlds: [
      ...(["false-positive-rate", "false-share", "miss-rate"] as const).map((rate) => ({
        name: `2000 units, labels at random within strata, ${rate}`,
        holds: true,
        truth: truthOf(atRandom, rate),
        draw: strata(atRandom, 2000, rate),
      })),
      {
        name: "500 units, few labels, false-positive-rate",
        holds: true,
        truth: truthOf(thin, "false-positive-rate"),
        draw: strata(thin, 500, "false-positive-rate"),
      },
      {
        name: "2000 units, the fine among the flagged have a label more often, false-share",
        holds: false,
        truth: truthOf(selected, "false-share"),
        draw: strata(selected, 2000, "false-share"),
        unseen,
      },
    ],
  },
  {
    name: "audited-label-rate",
    statistic: "audited-label-rate",
    worlds: [
      ...(["false-positive-rate", "false-share", "miss-rate"] as const).map((rate) => ({
        name: `2000 units, audits at 10 and 25 %, ${rate}`,
        holds: true,
        truth: truthOf(audits, rate),
        draw: audited(audits, 2000, rate),
      })),
      {
        name: "300 units, audits at 10 and 25 %, false-positive-rate",
        holds: true,
        truth: truthOf(audits, "false-positive-rate"),
        draw: audited(audits, 300, "false-positive-rate"),
      },
      {
        name: "2000 units, the harmful among the flagged dodge two in three audits, false-share",
        holds: false,
        truth: truthOf(audits, "false-share"),
        draw: audited(
          audits.map((one) => (one.isFlagged ? { ...one, ifHarmful: one.ifHarmful / 3 } : one)),
          2000,
          "false-share",
        ),
        unseen,
      },
    ],
  },
];
