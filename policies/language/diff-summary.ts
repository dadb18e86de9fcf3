/** A difference in one sentence for people who will not read the list. */
import type { Compared } from "./compared.ts";
import type { Policy, Window } from "./policy.ts";
import type { PolicyChange } from "./policy-change.ts";
import { namesRead } from "./walk-expression.ts";

const summaryLengthMax = 200;
/** Clauses that are longer are said in general terms. */
const clauseLengthMax = 64;

/** `seller-performance 1.1.0 -> 2.0.0: 7 changes, 2 of them stricter and 1 gentler: gold asks for 88 instead of 85, 4 windows are longer.` */
export function summarise(named: { readonly a: Policy; readonly b: Policy }, changes: readonly PolicyChange[], compared: Compared): string {
  const { a, b } = named;
  const name =
    a.programme === b.programme
      ? `${a.programme} ${a.version} -> ${b.version}`
      : `${a.programme} ${a.version} -> ${b.programme} ${b.version}`;
  const meant = changes.filter((change) => change.direction !== "neutral");
  if (changes.length === 0) return `${name}: no change.`;
  if (meant.length === 0)
    return fitted(
      `${name}: nothing that moves anybody: `,
      changes.map((change) => idleClause(change)),
    );
  const head = `${name}: ${meant.length} change${meant.length === 1 ? "" : "s"}${directions(meant)}: `;
  const [only] = meant;
  if (meant.length === 1 && only !== undefined && `${head}${only.words}`.length <= summaryLengthMax) return `${head}${small(only.words)}.`;
  return fitted(head, grouped(meant.map((change) => clauseOf(change, compared))));
}

function directions(meant: readonly PolicyChange[]): string {
  const [stricter, gentler] = (["stricter", "gentler"] as const).map((word) => meant.filter(({ direction }) => direction === word).length);
  const told = [...(stricter === 0 ? [] : [`${stricter} of them stricter`]), ...(gentler === 0 ? [] : [`${gentler} of them gentler`])];
  if (meant.length === 1 && told.length === 1) return stricter === 1 ? ", stricter" : ", gentler";
  if (stricter === meant.length || gentler === meant.length) return `, all ${stricter === 0 ? "gentler" : "stricter"}`;
  return told.length === 0 ? "" : `, ${told.join(" and ").replace(/and (\d+) of them/, "and $1")}`;
}

/** As many clauses as fit, at least one, and how many are left. */
function fitted(head: string, clauses: readonly string[]): string {
  let told = "";
  for (const [index, clause] of clauses.entries()) {
    const next = index === 0 ? clause : `${told}, ${clause}`;
    const left = clauses.length - index - 1;
    const rest = left === 0 ? "." : ` and ${left} more.`;
    if (index > 0 && `${head}${next}${rest}`.length > summaryLengthMax) return `${head}${told} and ${clauses.length - index} more.`;
    told = next;
  }
  return `${head}${told}.`;
}

/** A clause; those of one group are told together. */
interface Clause {
  readonly text: string;
  readonly group?: string;
  /** For several of a group. */
  readonly together?: (count: number) => string;
}

function grouped(clauses: readonly Clause[]): readonly string[] {
  const seen = new Set<string>();
  return clauses.flatMap(({ text, group, together }) => {
    if (group === undefined) return [text];
    if (seen.has(group)) return [];
    seen.add(group);
    const count = clauses.filter((clause) => clause.group === group).length;
    return [count === 1 || together === undefined ? text : together(count)];
  });
}

function clauseOf(change: PolicyChange, compared: Compared): Clause {
  const [section = "", name = "", key = ""] = change.path.split(".");
  const said = plain(name);
  switch (section) {
    case "parameters":
      return parameterClause(change, name, compared);
    case "windows":
      return { text: short(change) ?? `the window ${said} is chosen otherwise` };
    case "metrics":
      return key === "over"
        ? windowClause(name, compared)
        : { text: short(change) ?? `${said} is measured otherwise`, group: `metric ${name} ${key}` };
    case "scores":
      if (key === "weighted") return { text: `${said} is weighted anew`, group: `weights ${name}` };
      return {
        text:
          short(change) ??
          (key === "curve" || key === "step" || key === "logistic" ? `${said} has another curve` : `${said} is computed otherwise`),
      };
    case "ledgers":
      return { text: short(change) ?? `${said} counts otherwise`, group: `ledger ${name}`, together: () => `${said} counts otherwise` };
    case "conditions":
      return { text: short(change) ?? `${said} asks for ${measureWord(change)}` };
    case "tiers":
      return tierClause(change, name, key);
    case "caps":
      if (change.kind !== "changed")
        return { text: change.kind === "added" ? `a new cap at ${name.split(" ")[0]}` : `no cap at ${name.split(" ")[0]} any more` };
      return { text: short(change) ?? `the cap at ${name} asks for ${measureWord(change)}` };
    case "movement":
      return { text: movementClause(change, name, key) };
    default:
      return { text: short(change) ?? `the ${section} changes` };
  }
}

/** A parameter that one tier asks for is told by the tier. */
function parameterClause(change: PolicyChange, name: string, { b }: Compared): Clause {
  const { from, to, words } = change;
  const askers = b.tiers.filter(({ when }) => when !== undefined && namesRead(when, "parameter").includes(name));
  if (from === undefined || to === undefined || change.path.startsWith(`parameters.${name}.in.`)) {
    return {
      text: words.length <= clauseLengthMax ? small(words) : `${plain(name)} has other values`,
      group: `parameter ${name}`,
      together: () => `${plain(name)} has other values`,
    };
  }
  const [asker] = askers;
  if (asker !== undefined && askers.length === 1) return { text: `${asker.name} asks for ${to} instead of ${from}` };
  return { text: words.length <= clauseLengthMax ? small(words) : `${plain(name)} is ${to} instead of ${from}` };
}

function windowClause(name: string, { a, b }: Compared): Clause {
  const [old, young] = [a, b].map((policy) => {
    const metric = policy.metrics.find((candidate) => candidate.name === name);
    return metric !== undefined && "over" in metric ? lengthOf(metric.over) : undefined;
  });
  const word =
    old === undefined || young === undefined || old.kind !== young.kind ? "different" : young.length > old.length ? "longer" : "shorter";
  return {
    text: `the window of ${plain(name)} is ${word}`,
    group: `window ${word}`,
    together: (count) => `${counted(count)} windows are ${word}`,
  };
}

const numerals = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function counted(count: number): string {
  return numerals[count] ?? String(count);
}

function lengthOf(window: Window): { readonly kind: string; readonly length: number } | undefined {
  switch (window.kind) {
    case "days":
    case "periods":
      return { kind: window.kind, length: window.count };
    case "calendar":
      return { kind: window.kind, length: window.count * { month: 1, quarter: 3, year: 12 }[window.unit] };
    case "lifetime":
    case "volume":
    case "named":
      return undefined;
  }
}

function tierClause(change: PolicyChange, name: string, key: string): Clause {
  if (name === "") return { text: "the tiers stand in another order" };
  if (key === "") return { text: change.kind === "added" ? `a new tier ${name}` : `no tier ${name} any more` };
  if (key === "consequences")
    return {
      text: short(change) ?? `${name} has other consequences`,
      group: `consequences ${name}`,
      together: () => `${name} has other consequences`,
    };
  return { text: short(change) ?? (key === "when" ? `${name} asks for ${measureWord(change)}` : `the stay in ${name} is another`) };
}

const steps: Readonly<Record<string, string>> = { promote: "promotion", demote: "demotion" };

function movementClause(change: PolicyChange, name: string, key: string): string {
  const { from, to } = change;
  const step = steps[name];
  if (step !== undefined) {
    const [old, young] = [countIn(from), countIn(to)];
    if (key === "after") return `${step} waits ${young > old ? "longer" : "less long"}`;
    return `${step} goes ${young > old ? "further" : "less far"} at a time`;
  }
  if (name === "evaluate") return `everyone is evaluated ${to}`;
  const noun = name === "protect" ? "protection" : name;
  if (from === undefined) return `a new ${noun}`;
  if (to === undefined) return `no ${noun} any more`;
  const [old, young] = [countIn(from), countIn(to)];
  return name === "shield" && old !== young ? `the shield is ${young > old ? "longer" : "shorter"}` : (short(change) ?? `another ${noun}`);
}

/** The first number of a text; any number of steps when there is none. */
function countIn(text: string | undefined): number {
  return Number(/\d+/.exec(text ?? "")?.[0] ?? Number.MAX_SAFE_INTEGER);
}

function idleClause(change: PolicyChange): string {
  const [section = "", name = "", key = ""] = change.path.split(".");
  if (name === "" && section !== "otherwise") return `the ${section}`;
  if (key === "replaces") return `what ${name} takes the place of`;
  return short(change) ?? (key === "" ? plain(name) : `the ${plain(key)} of ${plain(name)}`);
}

function measureWord({ direction }: PolicyChange): string {
  return direction === "stricter" ? "more" : direction === "gentler" ? "less" : "something else";
}

/** The sentence itself, where it is short enough. */
function short({ words }: PolicyChange): string | undefined {
  return words.length <= clauseLengthMax ? small(words) : undefined;
}

/** A sentence as a clause: `The shield is longer.` -> `the shield is longer`. */
function small(words: string): string {
  const bare = words.replace(/\.$/, "").replace(/^(New|Gone): /, (_, word: string) => `${word.toLowerCase()}: `);
  return bare.charAt(0).toLowerCase() + bare.slice(1);
}

function plain(name: string): string {
  return name.replaceAll("_", " ");
}
