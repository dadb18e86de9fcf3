/** Threads for questions that would keep the server from answering others. */
import { expect } from "chai";
import { InputRefused } from "../../data/foundation/index.ts";
import { Withdrawn, WorkerPool } from "../../server/jobs/index.ts";
import { someQuestion } from "./some-answers.ts";

interface Answered {
  readonly value: string;
  readonly thread: number;
}

describe("the pool of threads", () => {
  let pool = new WorkerPool();
  afterEach(async () => await pool.close());

  const poolOf = (options: ConstructorParameters<typeof WorkerPool>[0]) => {
    pool = new WorkerPool(options);
    return pool;
  };
  const answer = async (value: string, signal?: AbortSignal) => (await pool.ask(someQuestion("answer", value), signal)) as Answered;
  const faultOf = async (asked: Promise<unknown>): Promise<unknown> =>
    await asked.then(
      () => undefined,
      (fault: unknown) => fault,
    );
  const codesOf = (fault: unknown) => (fault instanceof InputRefused ? fault.diagnostics.map(({ code }) => code) : fault);

  it("answers more questions than it has threads, each with its own answer, and keeps its threads", async () => {
    poolOf({ threads: 2 });
    const first = await Promise.all(["a", "b", "c", "d", "e"].map(async (value) => await answer(value)));
    expect(first.map(({ value }) => value)).to.deep.equal(["a", "b", "c", "d", "e"]);
    const threads = new Set(first.map(({ thread }) => thread));
    expect(threads.size).to.equal(2);
    expect(threads.has(0), "not on its own thread").to.equal(false);
    expect([...threads]).to.include((await answer("f")).thread);
  });

  it("gets its first thread ready before anybody asks, once, whatever of it cannot be loaded", async () => {
    poolOf({ threads: 2 });
    pool.makeReady([someQuestion("answer").module, "file:///nothing/there.js"]);
    pool.makeReady([]);
    const threads = [(await answer("a")).thread, (await answer("b")).thread];
    expect(new Set(threads).size).to.equal(1);
  });

  it("gives the diagnostics of a refused input, and the fault of our bug", async () => {
    poolOf({ threads: 1 });
    expect(codesOf(await faultOf(pool.ask(someQuestion("refuse"))))).to.deep.equal(["bad-request"]);
    const fault = await faultOf(pool.ask(someQuestion("break")));
    expect(fault).to.be.instanceOf(Error).and.not.instanceOf(InputRefused);
    expect(String((fault as Error).stack)).to.match(/RangeError: as asked[\s\S]*some-answers/);
    expect((await answer("still there")).value).to.equal("still there");
  });

  it("ends a thread in which a database works only when its statement has come back, which is called off, and the process stays", async function () {
    this.timeout(120_000);
    poolOf({ threads: 2 });
    await answer("warm");
    // Many short statements, one after the other; some; and one that would take minutes.
    for (const rows of ["1000", "3000000", "20000000000::BIGINT"]) {
      for (const wait of [700, 1100]) {
        const fault = await faultOf(pool.ask(someQuestion("query", rows), AbortSignal.timeout(wait)));
        expect(fault, `${rows} rows`).to.be.instanceOf(Withdrawn);
      }
    }
    expect((await answer("still there")).value).to.equal("still there");
    // Waits for every thread that was ended, those with the longest statements among them.
    await pool.close();
  });

  it("says that a thread died, and begins another", async () => {
    poolOf({ threads: 1 });
    const [died, next] = await Promise.all([faultOf(pool.ask(someQuestion("die"))), answer("next")]);
    expect(codesOf(died)).to.deep.equal(["job-died"]);
    expect(next.value).to.equal("next");
  });

  it("stops what takes too long, and answers what waited behind it", async () => {
    poolOf({ threads: 1, milliseconds: 400 });
    await answer("warm");
    const [slow, next] = await Promise.all([faultOf(pool.ask(someQuestion("spin"))), faultOf(answer("next"))]);
    expect(codesOf(slow)).to.deep.equal(["limit-exceeded"]);
    expect(slow instanceof InputRefused && slow.diagnostics[0]?.message).to.match(
      /no answer after 0.4 seconds: the limit 'questionSeconds'/,
    );
    // On a slow machine the new thread may itself need longer to begin than this test allows.
    expect(next === undefined || codesOf(next)?.toString() === "limit-exceeded").to.equal(true);
  });

  it("refuses what is more than may wait", async () => {
    poolOf({ threads: 1, waiting: 2 });
    const gone = new AbortController();
    const running = faultOf(pool.ask(someQuestion("spin"), gone.signal));
    const waiting = [answer("1"), answer("2")];
    expect(codesOf(await faultOf(answer("3")))).to.deep.equal(["queue-full"]);
    gone.abort();
    expect(await running).to.be.instanceOf(Withdrawn);
    expect((await Promise.all(waiting)).map(({ value }) => value)).to.deep.equal(["1", "2"]);
  });

  it("lets a question be withdrawn while it waits, too, and takes none that was withdrawn before", async () => {
    poolOf({ threads: 1 });
    const [running, waiting, before] = [new AbortController(), new AbortController(), new AbortController()];
    before.abort();
    const asked = [running, waiting, before].map(async ({ signal }) => await faultOf(pool.ask(someQuestion("spin"), signal)));
    const last = answer("last");
    waiting.abort();
    running.abort();
    for (const fault of await Promise.all(asked)) expect(fault).to.be.instanceOf(Withdrawn);
    expect((await last).value).to.equal("last");
  });

  it("withdraws everything when it is closed", async () => {
    poolOf({ threads: 1 });
    const asked = [faultOf(pool.ask(someQuestion("spin"))), faultOf(answer("waits"))];
    await pool.close();
    for (const fault of await Promise.all(asked)) expect(fault).to.be.instanceOf(Withdrawn);
    expect(await faultOf(answer("late"))).to.be.instanceOf(Withdrawn);
  });
});
