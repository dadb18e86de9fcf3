/** `experiment expose`: gives units their arms and writes down when they first met the change; what is observed is joined to this log. */
import { z } from "zod";
import { diagnose, InputRefused, parseDay } from "../../data/foundation/index.ts";
import { dealtThing, setAsideReasons } from "../../simulations/experiments/index.ts";
import { dealUnits } from "./deal-units.ts";
import { experimentNameShape, openExperiment, type RowFault, readTexts, type TextFile, textFileShape } from "./experiment-files.ts";
import { defineOperation } from "./operation.ts";
import { columnsToDeal } from "./units-to-deal.ts";

/** Units whose arms are answered one by one. */
const answeredMax = 10_000;

/** A character that is not seen makes a key that looks like another. */
const keyShape = z
  .string()
  .min(1)
  .max(500)
  .refine((key) => !/\p{Cc}/u.test(key), "a key is one line of text without control characters");

export const experimentExpose = defineOperation({
  name: "experiment expose",
  summary:
    "Gives units their arms and logs the day on which they first met the change; observations then count from that day on, and units without one are in no analysis.",
  input: z.strictObject({
    name: experimentNameShape,
    units: z.array(keyShape).max(answeredMax).optional().describe("Keys of units that meet the change now"),
    file: textFileShape("sent-exposures.csv")
      .optional()
      .describe("In place of 'units': CSV or Parquet with the design's unit column, and 'day' where days differ"),
    day: z.string().min(1).max(40).optional().describe("The day of exposure, as 2025-03-03; default today (UTC)"),
  }),
  output: z.object({
    experiment: z.string(),
    logged: z.number().int().describe("Units that are in the experiment and were not in the log"),
    known: z.number().int().describe("Units that were in the log already; the earlier day stands"),
    setAside: z.record(z.string(), z.number().int()),
    arms: z.array(z.object({ unit: z.string(), arm: z.string(), setAside: z.string() })).describe("The first 10,000 units with their arms"),
  }),
  isHeavy: true,
  command: { arguments: ["name"], flags: { units: "--unit" } },
  route: { method: "post", path: "/api/experiments/{name}/exposures" },
  admit: ({ units, file, day }) => {
    if (day !== undefined && parseDay(day) === undefined) throw refuse(`'${day}' is no day`, "Write it like 2025-03-03.");
    if ((units === undefined) === (file === undefined))
      throw refuse("units are given one by one or in a file", "Give --unit KEY, or --file FILE.");
  },
  perform: async ({ name, units: keys, file, day }, context) => {
    const { store } = context;
    const { design, record } = openExperiment(store, name);
    if (record.lockedAt === undefined)
      throw new InputRefused([diagnose("experiment-open", { message: `the design of '${name}' is not locked`, found: name })]);
    if (design.assignment.kind === "recorded")
      throw refuse(`the arms of '${name}' are recorded, not dealt`, "Record exposure in a column, 'exposed:'.");
    const { texts } = columnsToDeal({ ...design, assignment: { ...design.assignment, deals: clusterOrUnit(dealtThing(design)) } });
    if (keys !== undefined && texts.length > 0)
      throw refuse(
        `arms go by ${texts.join(", ")}, which keys alone do not say`,
        `Give --file with the columns ${[design.columns.unit, ...texts].join(", ")}.`,
      );
    const [units = [], days = [], ...rest] =
      keys === undefined && file !== undefined
        ? await exposuresOfFile(design.columns.unit, texts, file, context)
        : [[...new Set((keys ?? []).map((key) => key.trim()))].filter((key) => key !== ""), []];
    const dealt = dealUnits(
      store,
      design,
      { units, texts: new Map(texts.map((column, place) => [column, rest[place] ?? []])), numbers: new Map() },
      { adds: false },
    );
    const before = new Set(store.experiments.exposures(name).map(({ unit }) => unit));
    const armName = (index: number): string => design.arms[dealt.arms[index] as number]?.name ?? "";
    const inside = [...units.keys()].filter((index) => dealt.reasons[index] === -1);
    store.experiments.addExposures(
      name,
      inside.map((index) => ({ unit: units[index] as string, arm: armName(index), ...dayOf(days[index], day) })),
    );
    const known = inside.filter((index) => before.has(units[index] as string)).length;
    return {
      experiment: name,
      logged: inside.length - known,
      known,
      setAside: { ...dealt.setAside },
      arms: units
        .slice(0, answeredMax)
        .map((unit, index) => ({ unit, arm: armName(index), setAside: setAsideReasons[dealt.reasons[index] as number] ?? "" })),
    };
  },
  print: ({ experiment, logged, known, setAside, arms }) =>
    [
      `${experiment}: ${logged} units logged, ${known} known before`,
      ...Object.entries(setAside).map(([reason, count]) => `not in the experiment, ${reason}: ${count}`),
      ...arms
        .slice(0, 20)
        .map(({ unit, arm, setAside: reason }) => `${unit}: ${arm === "" ? "no arm" : arm}${reason === "" ? "" : ` (${reason})`}`),
    ].join("\n"),
});

/** Lists are dealt by 'experiment assign'; here their units are looked up. */
function clusterOrUnit<Deals extends { readonly kind: string }>(deals: Deals): Deals | { readonly kind: "unit" } {
  return deals.kind === "cluster" ? deals : { kind: "unit" };
}

function dayOf(text: string | undefined, day: string | undefined): { readonly day?: string } {
  const stated = text === undefined || text === "" ? day : text;
  return stated === undefined ? {} : { day: stated };
}

/** Units, days ("" where none is stated), then the other columns. @throws InputRefused `bad-observations`. */
async function exposuresOfFile(
  unit: string,
  texts: readonly string[],
  file: TextFile,
  context: Parameters<typeof readTexts>[2],
): Promise<readonly (readonly string[])[]> {
  const dayIn = (text: string | undefined): string => (text ?? "").slice(0, 10);
  const faultOf = ([keys = [], stated = []]: readonly (readonly string[])[]): RowFault | undefined => {
    const row = keys.findIndex((key, index) => key === "" || (dayIn(stated[index]) !== "" && parseDay(dayIn(stated[index])) === undefined));
    if (row < 0) return undefined;
    const message = keys[row] === "" ? "the unit is empty" : `'${dayIn(stated[row])}' is no day`;
    return { row, message, cure: "Write the unit's key, and days like 2025-03-03." };
  };
  const [units = [], days = [], ...rest] = await readTexts(file, [unit, "day", ...texts], context, { optional: ["day"], faultOf });
  const first = new Map<string, number>();
  for (const [line, key] of units.entries()) {
    const day = dayIn(days[line]);
    const at = first.get(key);
    if (at === undefined || (day !== "" && day < (days[at] ?? ""))) first.set(key, line);
  }
  const lines = [...first.values()];
  return [[...first.keys()], lines.map((line) => dayIn(days[line])), ...rest.map((column) => lines.map((line) => column[line] ?? ""))];
}

function refuse(message: string, cure: string): InputRefused {
  return new InputRefused([diagnose("bad-request", { message, cure })]);
}
