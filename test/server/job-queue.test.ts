/** Long work in processes of its own: bounded, cancellable, and none lost. */
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { limits, present } from "../../data/foundation/index.ts";
import { type JobRecord, openStore, type Store } from "../../data/store/index.ts";
import { JobQueue, processIdentity, recoverJobs } from "../../server/jobs/index.ts";
import { temporaryHome, tickingClock } from "../store/temporary-home.ts";
import { type SomeWork, someWorkModule } from "./some-work.ts";

describe("the job queue", () => {
  let home: string;
  let remove: () => void;
  let store: Store;
  let queue: JobQueue;
  let deaths: number;
  const faults: string[] = [];

  beforeEach(() => {
    ({ home, remove } = temporaryHome());
    store = openStore({ home, clock: tickingClock() });
    deaths = 0;
    faults.length = 0;
    queue = new JobQueue({
      store,
      module: someWorkModule,
      afterDeath: async () => void deaths++,
      onFault: (message) => void faults.push(message),
    });
  });
  afterEach(async () => {
    await queue.close();
    store.close();
    remove();
  });

  function submit(work: SomeWork): JobRecord {
    const queued = queue.submit({ operation: "work", title: work.does, input: work, inputDigest: JSON.stringify(work) });
    if ("severity" in queued) throw new Error(queued.code);
    return queued;
  }

  async function ended(work: SomeWork): Promise<JobRecord> {
    return present(await queue.settled(submit(work).id, 15_000), "job");
  }

  it("gives what the work gave, with the page that shows it", async () => {
    const job = await ended({ does: "answer", value: "a" });
    expect(job).to.include({ state: "done", link: "/made/a" });
    expect(store.jobs.result(job.id)).to.deep.equal({ value: "a" });
  });

  it("ends with its owner, whatever an embedded database computes for it", async () => {
    const child = fork(fileURLToPath(new URL("../../server/jobs/child.js", import.meta.url)), [String(process.pid)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const work: SomeWork = { does: "query" };
    child.send({ module: someWorkModule, home, operation: "work", input: work });
    await new Promise((resolve) => child.once("message", resolve));
    child.disconnect();
    expect(await new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)))).to.equal("SIGKILL");
  });

  it("ends a job with the diagnostics of its input", async () => {
    const job = await ended({ does: "refuse" });
    expect(job.state).to.equal("failed");
    expect(job.diagnostics.map(({ code }) => code)).to.deep.equal(["bad-request"]);
    expect(faults).to.deep.equal([]);
  });

  it("calls an exception our bug", async () => {
    const job = await ended({ does: "break" });
    expect(job.diagnostics.map(({ code }) => code)).to.deep.equal(["internal-fault"]);
    expect(faults).to.deep.equal(["RangeError: as asked"]);
  });

  it("notices that a job's process was killed, clears up, and goes on with the next", async () => {
    const dying = submit({ does: "die" });
    const next = submit({ does: "answer", value: "b" });
    expect((await queue.settled(next.id, 15_000))?.state).to.equal("done");
    expect(store.jobs.find(dying.id)?.diagnostics[0]?.code).to.equal("job-died");
    expect(deaths).to.equal(1);
  });

  it("runs one job at a time, in order, and answers the same question once", async () => {
    const first = submit({ does: "hang" });
    const second = submit({ does: "answer", value: "c" });
    expect(submit({ does: "answer", value: "c" }).id).to.equal(second.id);
    expect(store.jobs.find(first.id)?.state).to.equal("running");
    expect(store.jobs.find(second.id)?.state).to.equal("queued");
    await queue.cancel(first.id);
    expect((await queue.settled(second.id, 15_000))?.state).to.equal("done");
  });

  it("cancels a job that holds its thread, and one that waits, and neither twice", async () => {
    const running = submit({ does: "spin" });
    const waiting = submit({ does: "answer", value: "d" });
    expect(await queue.cancel(waiting.id)).to.include({ state: "cancelled" });
    expect(await queue.cancel(running.id)).to.include({ state: "cancelled" });
    expect(await queue.cancel(running.id)).to.include({ code: "not-cancellable" });
    expect(await queue.cancel("job-77")).to.include({ code: "unknown-run" });
  });

  /** Work that has something outside its process done for it, once it has. */
  async function heeding(file: string): Promise<JobRecord> {
    const job = submit({ does: "heed", value: file });
    await new Promise<void>((resolve) => {
      const stop = queue.watch(job.id, ({ progress }) => {
        if (progress?.stage !== "heeding") return;
        stop();
        resolve();
      });
    });
    return job;
  }

  it("lets cancelled work call off what runs for it elsewhere, and then starts the next", async () => {
    const file = join(home, "called-off");
    const job = await heeding(file);
    const next = submit({ does: "answer", value: "e" });
    expect(await queue.cancel(job.id)).to.include({ state: "cancelled" });
    expect(existsSync(file)).to.equal(true);
    expect((await queue.settled(next.id, 15_000))?.state).to.equal("done");
    expect(faults).to.deep.equal([]);
  });

  it("lets work call off what runs for it elsewhere when the server stops", async () => {
    const file = join(home, "called-off");
    const job = await heeding(file);
    await queue.close();
    expect(existsSync(file)).to.equal(true);
    expect(store.jobs.find(job.id)).to.include({ state: "queued", attempts: 0 });
  });

  it("says that the queue is full", async () => {
    submit({ does: "hang" });
    for (let index = 0; index < limits.jobsQueued.value; index++) submit({ does: "answer", value: String(index) });
    const refused = queue.submit({ operation: "work", title: "", input: {}, inputDigest: "one more" });
    expect(refused).to.include({ code: "queue-full", severity: "error" });
  });

  it("tells listeners of progress and of the end", async () => {
    const job = submit({ does: "answer", value: "e" });
    const heard: string[] = [];
    const stop = queue.watch(job.id, ({ state, progress }) => void heard.push(`${state} ${progress?.done ?? ""}`.trim()));
    await queue.settled(job.id, 15_000);
    stop();
    expect(heard).to.include("running 0").and.include("running 2");
    expect(heard.at(-1)).to.equal("done 2");
  });

  it("shares its jobs with another server on the same home: each is done once, and both hear of the end", async () => {
    const other = new JobQueue({
      store: openStore({ home, clock: tickingClock() }),
      module: someWorkModule,
      afterDeath: async () => undefined,
      onFault: () => undefined,
    });
    const first = submit({ does: "hang" });
    const second = submit({ does: "answer", value: "shared" });
    other.startNext();
    queue.startNext();
    other.startNext();
    expect((await queue.settled(second.id, 15_000))?.state).to.equal("done");
    expect(store.jobs.find(second.id)?.attempts).to.equal(1);
    expect(await other.cancel(first.id)).to.include({ code: "not-cancellable", message: `${first.id} is running in another process` });
    await other.close();
  });

  it("puts the running job back when the server stops, and takes it up at the next start", async () => {
    const job = submit({ does: "hang" });
    await queue.close();
    expect(store.jobs.find(job.id)).to.include({ state: "queued", attempts: 0 });
  });
});

describe("recovery of jobs", () => {
  let remove: () => void;
  let store: Store;
  const request = { operation: "compare", title: "Compare a with b", input: {}, inputDigest: "i" };
  const gone = "999999999:1";

  beforeEach(() => {
    const made = temporaryHome();
    remove = made.remove;
    store = openStore({ home: made.home, clock: tickingClock() });
  });
  afterEach(() => {
    store.close();
    remove();
  });

  it("queues a server's job again, once, and says so", () => {
    const { id } = store.jobs.add({ ...request, owner: "server" });
    store.jobs.start(id, gone);
    expect(recoverJobs(store)[0]).to.match(/^job-1 \(Compare a with b\) was interrupted .* queued again/);
    expect(store.jobs.find(id)?.state).to.equal("queued");
    store.jobs.start(id, gone);
    expect(recoverJobs(store)[0]).to.match(/second time/);
    expect(store.jobs.find(id)?.state).to.equal("interrupted");
    expect(recoverJobs(store)).to.deep.equal([]);
  });

  it("marks a command's job, and says to run it again", () => {
    const { id } = store.jobs.add({ ...request, owner: "command" });
    store.jobs.start(id, gone);
    expect(recoverJobs(store)[0]).to.match(/run the command again/);
    expect(store.jobs.find(id)?.state).to.equal("interrupted");
  });

  it("leaves the job of a process that lives, and sees through a number that was given to another process", () => {
    const { id } = store.jobs.add({ ...request, owner: "command" });
    store.jobs.start(id, processIdentity());
    expect(recoverJobs(store)).to.deep.equal([]);
    store.jobs.requeue(id, "");
    store.jobs.start(id, `${process.pid}:1`);
    expect(recoverJobs(store)).to.have.length(process.platform === "linux" ? 1 : 0);
  });
});
