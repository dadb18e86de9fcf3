/** A home with a small demo marketplace of sellers, made by the product itself. */
import { present } from "../../data/foundation/index.ts";
import type { Store } from "../../data/store/index.ts";
import { findOperation, type OperationContext, openHome } from "../../server/operations/index.ts";
import { temporaryHome } from "../store/temporary-home.ts";

/** What a caller with all rights may use. */
export function contextOf(store: Store): OperationContext {
  return { store, reads: "any file", onProgress: () => undefined, doors: {} };
}

/** Performs an operation as a command would, in this process. */
export async function perform<Output>(store: Store, name: string, input: unknown): Promise<Output> {
  return (await present(findOperation(name), name).perform(input, contextOf(store))) as Output;
}

/** A browser without script: pages as text, and forms sent. */
export function visitorOf(address: () => string) {
  return {
    page: async (path: string): Promise<string> => await (await fetch(address() + path, { headers: { accept: "text/html" } })).text(),
    submit: async (path: string, fields: Record<string, string>): Promise<Response> =>
      await fetch(address() + path, {
        method: "POST",
        headers: { accept: "text/html" },
        body: new URLSearchParams(fields),
        redirect: "manual",
      }),
  };
}

/** Makes the home. Cost: about a second. */
export async function smallMarketplace(): Promise<{
  readonly home: string;
  readonly store: Store;
  readonly dataset: string;
  readonly remove: () => void;
}> {
  const { home, remove } = temporaryHome();
  const store = openHome(home);
  const made = await perform<{ dataset: { id: string } }>(store, "dataset demo", { sellers: 60, weeks: 40 });
  return {
    home,
    store,
    dataset: made.dataset.id,
    remove: () => {
      store.close();
      remove();
    },
  };
}
