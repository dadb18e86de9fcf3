/** The list of comparisons: one state or all, a page at a time. */
import type { ComparisonEntry, ComparisonState, Store } from "../../data/store/index.ts";
import { type PageContexts, pagePaths, type RunSummary } from "../../views/index.ts";
import type { JobQueue } from "../jobs/index.ts";
import { percentOf, stageOf } from "./job-events.ts";
import { pageOf } from "./list-page.ts";
import { jobSummary, runSummary } from "./page-lists.ts";
import { pairedList } from "./paired-page.ts";
import { failureOf } from "./progress-page.ts";

const pageLength = 50;
const states = ["queued", "running", "done", "failed", "cancelled"] as const;

/** What the list shows. A state or page that there is not counts as none given. */
export function runsContext(store: Store, queue: JobQueue, query: Readonly<Record<string, unknown>>): PageContexts["runs"] {
  const state = states.find((known) => known === query["state"]);
  const counts = store.comparisons.counts();
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const of = state === undefined ? all : counts[state];
  const pages = Math.max(1, Math.ceil(of / pageLength));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(query["page"]) || 1)));
  const offset = (page - 1) * pageLength;
  const runs = store.comparisons.page({ state, limit: pageLength, offset }).flatMap((entry) => summaryOf(store, queue, entry) ?? []);
  return {
    notices: [],
    runs,
    states: [
      ...(all === 0 ? [] : [{ title: "All", count: all, href: addressOf(undefined, 1), current: state === undefined }]),
      ...states
        .filter((one) => counts[one] > 0 || one === state)
        .map((one) => ({ title: titles[one], count: counts[one], href: addressOf(one, 1), current: one === state })),
    ],
    page: pageOf({ offset, shown: Math.min(pageLength, of - offset), all: of, size: pageLength }, (start) =>
      addressOf(state, 1 + start / pageLength),
    ),
    isOpen: runs.some((run) => run.state === "queued" || run.state === "running"),
    ...pairedList(store),
  };
}

const titles: Readonly<Record<ComparisonState, string>> = {
  queued: "Queued",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

function addressOf(state: ComparisonState | undefined, page: number): string {
  const query = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(page === 1 ? {} : { page: String(page) }),
  }).toString();
  return query === "" ? pagePaths.runs() : `${pagePaths.runs()}?${query}`;
}

/** Undefined for what went away since it was listed. */
function summaryOf(store: Store, queue: JobQueue, { id, state }: ComparisonEntry): RunSummary | undefined {
  if (state === "done") {
    const [run] = store.runs.find(id);
    return run === undefined ? undefined : runSummary(store, run);
  }
  const job = store.jobs.find(id);
  if (job === undefined) return undefined;
  const live = queue.latest(job);
  const failure = failureOf(job);
  return {
    ...jobSummary(store, job),
    ...(job.state === "running" ? { progress: { stage: stageOf(live), percent: percentOf(live) } } : {}),
    ...(failure === undefined ? {} : { failure }),
  };
}
