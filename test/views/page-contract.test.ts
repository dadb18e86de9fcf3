/** Every name that a template asks for is in its context, and every field of a context is asked for. */
import { expect } from "chai";
import { describeReport, type PageContexts, type PageName, renderPage } from "../../views/index.ts";
import { template } from "../../views/pages/handlebars.ts";
import { reportPageContext } from "../../views/report/render-report.ts";
import { candidateOf, sampleComparison, sampleReportContext } from "./sample-comparison.ts";
import { sampleContexts } from "./sample-contexts.ts";
import { sampleGates, verdictContext } from "./sample-verdict.ts";
import { sharingSamples } from "./sharing-samples.ts";

/** Read as a whole by a helper: charts, tables, markup that is made already. */
const opaque = new Set(["policy", "held", "chart", "mini", "table", "sideBySide", "css", "script", "printFoot"]);

/** Watches which fields of a value are read, and throws for one that it does not have. */
function watched(value: unknown, path: string, read: Set<string>, mayBeAbsent: ReadonlySet<string> = new Set()): unknown {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    getOwnPropertyDescriptor(target, key) {
      note(target, key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get(target, key) {
      note(target, key);
      const child: unknown = Reflect.get(target, key);
      return typeof key === "symbol" || typeof child === "function" || opaque.has(key)
        ? child
        : watched(child, childPath(target, key), read, mayBeAbsent);
    },
  });

  function note(target: object, key: string | symbol): void {
    if (typeof key === "symbol" || Array.isArray(target)) return;
    if (Object.hasOwn(target, key)) read.add(childPath(target, key));
    else if (!(key in target) && !["toHTML", "toJSON", "then", "lookupProperty", "string"].includes(key) && !mayBeAbsent.has(key))
      throw new Error(`the template asks for ${path}.${key}`);
  }

  function childPath(target: object, key: string): string {
    return Array.isArray(target) ? path : `${path}.${key}`;
  }
}

/** Every field that a value has, items of lists together. */
function fieldsOf(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, path));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, child]) => [`${path}.${key}`, ...(opaque.has(key) ? [] : fieldsOf(child, `${path}.${key}`))]);
}

/** Fields of a shared row that a page may leave out: the same summary serves several pages. */
const sharedRows = /\.(dataset|datasets|run|runs|programmes)\./;

/** What a file that stands alone does without; `list` only an audit plan has, `amounts` only a title with money. */
const absentWhenAlone = new Set([
  "files",
  "inline",
  "svg",
  "csv",
  "table",
  "list",
  "amounts",
  "alarms",
  "href",
  "runId",
  "code",
  "share",
  "comments",
  "brief",
]);

describe("page contexts", () => {
  for (const name of Object.keys(sampleContexts) as PageName[]) {
    it(`${name}: names and fields agree both ways`, () => {
      const read = new Set<string>();
      const contexts: readonly object[] = sampleContexts[name];
      for (const context of contexts) renderPage(name, watched(context, name, read) as PageContexts[typeof name]);
      const unread = [...new Set(contexts.flatMap((context) => fieldsOf(context, name)))].filter(
        (field) => !read.has(field) && !sharedRows.test(field),
      );
      expect(unread).to.deep.equal([]);
    });
  }

  it("report: names and fields agree both ways", () => {
    const sample = sampleComparison();
    const two = { ...sample, candidates: [...sample.candidates, candidateOf("2.1.0")] };
    const read = new Set<string>();
    const contexts = [true, false].map((standalone) => {
      const report = describeReport(
        two,
        sampleReportContext({ hasLinks: !standalone, ...verdictContext(two, ["movers at most 3 %"]), gates: sampleGates(two) }),
      );
      const comments = standalone ? { comments: sharingSamples("said").comments.flatMap(({ sections }) => sections) } : {};
      const { report: stated, ...context } = reportPageContext(report, { mode: "method", standalone, ...comments });
      // Named for people who read the model, not for the page.
      const { runId, ...shown } = stated;
      return { ...context, report: standalone ? shown : { ...shown, runId } };
    });
    for (const context of contexts) template("report")(watched(context, "report", read, absentWhenAlone) as object);
    const unread = [...new Set(contexts.flatMap((context) => fieldsOf(context, "report")))].filter((field) => !read.has(field));
    expect(unread.filter((field) => !/\.modes$|sections\.blocks\.modes/.test(field))).to.deep.equal([]);
  });

  it("catches a template that asks for what is not there", () => {
    const [first] = sampleContexts.error;
    if (first === undefined) throw new Error("no sample");
    const { cure: _, ...without } = first;
    expect(() => renderPage("error", watched(without, "error", new Set()) as PageContexts["error"])).to.throw("error.cure");
  });
});
