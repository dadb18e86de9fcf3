/** Harm reached earlier, beside the sales that it costs. */
import type { HarmGroup, HarmPrevented, SalesImpact } from "../../simulations/comparison/index.ts";
import { countOf, formatCount, formatDate, formatMoneyExact, formatNumber } from "../formats/index.ts";
import { notDetermined, numberOf } from "./estimate-words.ts";
import type { Facts } from "./facts.ts";
import type { Block, ReportTable } from "./report.ts";

const modes = ["brief", "full", "method"] as const;

/** A finding with its tables; where no label speaks, the reason. */
export function harmBlocks(facts: Facts, sales: SalesImpact): readonly Block[] {
  const { harm } = sales;
  if (harm === undefined) {
    const subtitle = `No label is about any evaluation of the range, so that what a prevented bad order must be worth cannot be said.`;
    return [{ modes: ["full", "method"], kind: "finding", title: "Harm prevented is not determined", subtitle }];
  }
  return [
    { modes, kind: "finding", title: titleOf(facts, harm), subtitle: subtitleOf(facts, harm) },
    { modes, kind: "prose", spans: [{ text: breakEvenWords(facts, sales, harm), strong: false }] },
    { modes: ["full", "method"], kind: "table", name: "Harm reached earlier", table: groupsTable(facts, sales, harm), isOpen: false },
    ...(harm.breakEven.length === 0
      ? []
      : [
          {
            modes: ["full", "method"] as const,
            kind: "table" as const,
            name: "What a prevented bad order must be worth",
            table: breakEvenTable(sales, harm),
            isOpen: false,
          },
        ]),
  ];
}

function titleOf({ many }: Facts, { newlyAdverse, released, orders }: HarmPrevented): string {
  const net = numberOf(orders);
  if (newlyAdverse.harmful + released.harmful === 0) return `No ${many} known to be harmful are restricted earlier or released`;
  if (net === undefined) return "Harm prevented is not determined";
  if (net === 0) return `As many orders of harmful ${many} are let through as are reached earlier`;
  const count = formatCount(Math.abs(net));
  const verb = Math.abs(net) === 1 ? ["order", "is", "gets"] : ["orders", "are", "get"];
  return net > 0
    ? `${count} ${verb[0]} of ${many} known to be harmful ${verb[1]} reached earlier`
    : `${count} more ${verb[0]} of ${many} known to be harmful ${verb[2]} through`;
}

function subtitleOf({ one, many }: Facts, { at, windowTo, newlyAdverse, released }: HarmPrevented): string {
  return `Orders after ${formatDate(at)} to ${formatDate(windowTo)}, until the other version restricts too; newly adverse at ${formatDate(at)} (${groupWords(newlyAdverse, one, many)}) less released (${groupWords(released, one, many)}); labels of all sources; counts of recorded history.`;
}

function groupWords(group: HarmGroup, one: string, many: string): string {
  return `${countOf(group.entities, one, many)}: ${formatCount(group.harmful)} harmful, ${formatCount(group.fine)} fine, ${formatCount(group.unlabelled)} without a label`;
}

function breakEvenWords(facts: Facts, sales: SalesImpact, harm: HarmPrevented): string {
  const central = harm.breakEven.find(({ scenario }) => scenario === "central");
  const lead = leadWords(facts, harm.newlyAdverse);
  if (central === undefined) return `${lead}Without assumptions no break-even is given.`;
  const value = (scenario: string) => {
    const found = harm.breakEven.find((one) => one.scenario === scenario)?.value;
    return found === undefined || found.kind === "undetermined" ? undefined : formatMoneyExact(Math.round(found.value), sales.currency);
  };
  const own = value("central");
  if (own === undefined)
    return `${lead}Under central assumptions there is no break-even: ${central.value.kind === "undetermined" ? central.value.reason : ""}.`;
  const isMore = central.ordersPrevented > Math.max(0, numberOf(harm.orders) ?? 0);
  const hasCaps = sales.mechanical.caps?.kind === "range";
  const why = hasCaps ? "because caps turn some away or less traffic reaches them" : "because less traffic reaches them";
  const others = (["low", "high"] as const).flatMap((scenario) =>
    value(scenario) === undefined ? [] : [`${scenario} ${value(scenario)}`],
  );
  return `${lead}Under central assumptions version ${facts.candidateVersion} is better if a prevented bad order is worth more than ${own}${others.length === 0 ? "" : ` (${others.join(", ")})`}: in those days all ${facts.many} together sell ${formatMoneyExact(Math.round(-central.change), sales.currency)} less, and the harmful ship ${formatNumber(central.ordersPrevented, 1)} orders less, ${why}. Every order of a harmful ${facts.one} counts as a bad one, and only ${facts.many} with a label count.${isMore ? ` The count above is of restriction alone; this one is of what traffic${hasCaps ? " and caps do" : " does"} in every tier.` : ""}`;
}

/** Of fewer than this no median is said. */
const medianMin = 10;

function leadWords({ periods, period, one, many }: Facts, { harmful, lead }: HarmGroup): string {
  if (harmful === 0) return "";
  const known = harmful === 1 ? `the one ${one}` : `the ${formatCount(harmful)} ${many}`;
  const never =
    lead.never === 0
      ? ""
      : lead.never === harmful
        ? `The baseline never restricts ${known} known to be harmful and newly adverse within the range. `
        : `Of ${known} known to be harmful and newly adverse the baseline never restricts ${formatCount(lead.never)} within the range. `;
  const median =
    lead.median === undefined || harmful < medianMin
      ? ""
      : `Half of the ${formatCount(harmful)} known to be harmful and newly adverse are restricted at least ${countOf(lead.median, period, periods)} earlier. `;
  return `${median}${never}`;
}

function groupsTable({ many, periods }: Facts, { currency }: SalesImpact, { newlyAdverse, released }: HarmPrevented): ReportTable {
  const row = (name: string, group: HarmGroup) => [
    name,
    group.entities,
    group.harmful,
    group.fine,
    group.unlabelled,
    group.orders,
    group.gmv,
    group.lead.median ?? "",
    group.lead.never,
  ];
  return {
    columns: [
      { title: "group", format: "text" },
      { title: many, format: "count" },
      { title: "harmful", format: "count" },
      { title: "fine", format: "count" },
      { title: "no label", format: "count" },
      { title: "orders of the harmful", format: "count" },
      { title: "GMV of the harmful", format: "money" },
      { title: `median lead, ${periods}`, format: "count" },
      { title: "never by the other", format: "count" },
    ],
    rows: [row("newly adverse", newlyAdverse), row("released", released)],
    currency,
  };
}

function breakEvenTable({ currency }: SalesImpact, { breakEven }: HarmPrevented): ReportTable {
  return {
    columns: [
      { title: "scenario", format: "text" },
      { title: "change of sales", format: "money" },
      { title: "bad orders prevented", format: "number" },
      { title: "better if one is worth more than", format: "money" },
      { title: "why not", format: "text" },
    ],
    rows: breakEven.map(({ scenario, change, ordersPrevented, value }) => [
      scenario,
      change,
      ordersPrevented,
      value.kind === "estimate" ? value.value : notDetermined,
      value.kind === "estimate" ? "" : value.reason,
    ]),
    currency,
  };
}
