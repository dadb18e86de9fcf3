/** Every name that a template asks for is in its context, and every field of a context is asked for. */
import { expect } from "chai";
import { type PageContexts, type PageName, renderPage } from "../../views/index.ts";
import { sampleContexts } from "./sample-contexts.ts";

/** Watches which fields of a value are read, and throws for one that it does not have. */
function watched(value: unknown, path: string, read: Set<string>): unknown {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    getOwnPropertyDescriptor(target, key) {
      note(target, key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    get(target, key) {
      note(target, key);
      const child: unknown = Reflect.get(target, key);
      return typeof key === "symbol" || typeof child === "function" ? child : watched(child, childPath(target, key), read);
    },
  });

  function note(target: object, key: string | symbol): void {
    if (typeof key === "symbol" || Array.isArray(target)) return;
    if (Object.hasOwn(target, key)) read.add(childPath(target, key));
    else if (!(key in target) && !["toHTML", "toJSON", "then", "lookupProperty", "string"].includes(key))
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
  return Object.entries(value).flatMap(([key, child]) => [`${path}.${key}`, ...fieldsOf(child, `${path}.${key}`)]);
}

/** Fields of a shared row that a page may leave out: the same summary serves several pages. */
const sharedRows = /\.(dataset|datasets|run|runs|programmes)\./;

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

  it("catches a template that asks for what is not there", () => {
    const [first] = sampleContexts.error;
    if (first === undefined) throw new Error("no sample");
    const { cure: _, ...without } = first;
    expect(() => renderPage("error", watched(without, "error", new Set()) as PageContexts["error"])).to.throw("error.cure");
  });
});
