/** Who gains and loses under central assumptions, and where what is uncertain comes from. */
import type { SalesImpact, SalesScenario } from "../../simulations/comparison/index.ts";
import { bandClass } from "../charts/index.ts";
import { capitalise, currencySign, formatCount, formatShare } from "../formats/index.ts";
import { moneyScale, signedMoney, signedMoneyExact } from "./estimate-words.ts";
import { type Facts, figureLinks } from "./facts.ts";
import type { Figure } from "./report.ts";
import { about, aboutAmounts, scenarioWords, windowOf } from "./sales-words.ts";
import { fewEntities } from "./small-data.ts";
import { groupName } from "./who-bears-it.ts";

/** Net change by size band. */
export function bandsFigure(facts: Facts, sales: SalesImpact, central: SalesScenario, isCompact: boolean): Figure {
  const { bands } = central;
  const { scale, ...money } = moneyScale(
    bands.map(({ change }) => change),
    sales.currency,
  );
  const [worst, best] = outermost(central);
  const title = bandsTitle(facts, sales, central);
  return {
    id: "sales-bands",
    title,
    amounts: aboutAmounts([worst?.change ?? 0, best?.change ?? 0], sales.currency),
    subtitle: `Change of GMV in ${sales.currency} by size (orders in the last 12 weeks) under central assumptions, ${windowOf(sales)}; n\u00a0=\u00a0${formatCount(sales.inForce.entities)}; at the means of the assumptions, no interval; bands sum to the change in all; who gains or loses 1\u00a0% or more is counted.`,
    chart: {
      kind: "interval-rows",
      label: title,
      heading: isCompact ? `net change, ${currencySign(sales.currency)}${money.suffix}` : "net change of sales",
      columns: ["Net change", "gain, lose"],
      isCompact,
      axis: { prefix: currencySign(sales.currency), ...money, ...(isCompact ? { prefix: "", suffix: "" } : {}), isChange: true },
      rows: bands.map((band) => ({
        label: capitalise(band.band),
        note: isCompact ? winnersAndLosers(band) : "",
        mark: { value: band.change * scale },
        estimateText: signedMoney(band.change, sales.currency),
        intervalText: winnersAndLosers(band),
        exact: { estimate: signedMoneyExact(band.change, sales.currency), interval: "" },
        isTotal: false,
        isEmphasised: false,
      })),
    },
    key: [
      { mark: "candidate-point", words: "net change" },
      { mark: "up", words: `${facts.many} that gain 1\u00a0% or more` },
      { mark: "down", words: `${facts.many} that lose 1\u00a0% or more` },
    ],
    table: {
      columns: [
        { title: "scenario", format: "text" },
        { title: "size", format: "text" },
        { title: facts.many, format: "count" },
        { title: "GMV", format: "money" },
        { title: "net change", format: "money" },
        { title: "gain", format: "count" },
        { title: "lose", format: "count" },
      ],
      rows: sales.scenarios.flatMap((scenario) =>
        scenario.bands.map((band) => [
          scenarioWords[scenario.name],
          band.band,
          band.entities,
          band.gmv,
          band.change,
          band.winners,
          band.losers,
        ]),
      ),
      currency: sales.currency,
    },
    links: figureLinks(facts, "sales-bands"),
  };
}

function winnersAndLosers({ winners, losers, entities }: SalesScenario["bands"][number]): string {
  return `${formatCount(winners)}\u00a0\u25b2 ${formatCount(losers)}\u00a0\u25bc of ${formatCount(entities)}`;
}

/** The sizes that lose most and gain most. */
function outermost({
  bands,
}: SalesScenario): readonly [SalesScenario["bands"][number] | undefined, SalesScenario["bands"][number] | undefined] {
  const sorted = bands.toSorted((a, b) => a.change - b.change);
  return [sorted[0], sorted.at(-1)];
}

function bandsTitle(facts: Facts, sales: SalesImpact, central: SalesScenario): string {
  const [worst, best] = outermost(central);
  if (worst === undefined || best === undefined || (worst.change === 0 && best.change === 0))
    return `No size of ${facts.one} gains or loses`;
  const who = (band: string) => groupName(facts, "size", band);
  const money = (amount: number) => about(amount, sales.currency);
  const few = [worst, best].filter(({ change, entities }) => change !== 0 && entities < fewEntities);
  if (few.length > 0)
    return `No size that gains or loses much holds ${formatCount(fewEntities)} ${facts.many}: too few to say which bears it`;
  if (worst.change >= 0) return `${who(best.band)} gain ${money(best.change)}, and no size loses`;
  if (best.change <= 0) return `${who(worst.band)} lose ${money(worst.change)}, and no size gains`;
  return `${who(worst.band)} lose ${money(worst.change)} in all, and those with ${best.band} gain ${money(best.change)}`;
}

const sourceGroups = [
  { words: "sellers drawn again", sources: ["sellers"] },
  { words: "how sales go with traffic", sources: ["traffic_elasticity"] },
  { words: "other assumptions", sources: ["displacement", "improvement", "day_spread"] },
  { words: "several together", sources: ["together"] },
] as const;

/** First-order shares of the variance, by source. */
export function varianceFigure(facts: Facts, sales: SalesImpact, central: SalesScenario): Figure {
  const shown = sales.scenarios.filter(({ variance }) => variance.length > 0);
  const groups = sourceGroups.map(({ words, sources }) => ({
    words: words.replace("sellers", facts.many),
    sources: sources as readonly string[],
  }));
  const shareOf = ({ variance }: SalesScenario, sources: readonly string[]) =>
    variance.reduce((sum, { source, share }) => sum + (sources.includes(source) ? share : 0), 0);
  const most = groups.toSorted((a, b) => shareOf(central, b.sources) - shareOf(central, a.sources))[0];
  const share = most === undefined ? 0 : shareOf(central, most.sources);
  const title = `Of what is uncertain under central assumptions, ${formatShare(share, 0)} comes from ${most?.words ?? ""}`;
  const bands = groups.map(({ words }) => ({ name: words, isEmphasised: words === most?.words }));
  return {
    id: "sales-variance",
    title,
    subtitle: `Per cent of the variance of the change of sales by its source, ${windowOf(sales)}; first-order shares, known to about two points; each row sums to 100\u00a0%.`,
    chart: {
      kind: "shares",
      label: title,
      bands,
      rows: shown.map((scenario) => {
        const shares = groups.map(({ sources }) => shareOf(scenario, sources));
        return { label: scenarioWords[scenario.name], note: "", shares, texts: shares.map((one) => formatShare(one, 0)) };
      }),
    },
    key: bands.map((band, index) => ({ mark: bandClass({ bands }, index), words: band.name })),
    table: {
      columns: [
        { title: "source", format: "text" },
        ...shown.map(({ name }) => ({ title: scenarioWords[name], format: "share" as const })),
      ],
      rows: (central.variance ?? []).map(({ source }) => [
        source.replaceAll("_", " "),
        ...shown.map((scenario) => shareOf(scenario, [source])),
      ]),
      currency: "",
    },
    links: figureLinks(facts, "sales-variance"),
  };
}
