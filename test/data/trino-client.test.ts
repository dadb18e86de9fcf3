/** The client of the distributed engine: rows page by page, with a coordinator's protocol and no engine behind it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { EngineFault, type EngineValue, Trino } from "../../data/engines/index.ts";

/** Three pages of two rows. */
const pages: readonly (readonly (readonly EngineValue[])[])[] = [0, 2, 4].map((first) => [[first], [first + 1]]);

describe("the client of the distributed engine", () => {
  let server: Server;
  let url: string;
  const stopped: string[] = [];
  let session: unknown;

  before(async () => {
    server = createServer((request, response) => {
      const page = Number(/\d+$/.exec(request.url ?? "")?.[0] ?? 0);
      session = request.headers["x-trino-session"];
      if (request.method === "DELETE") stopped.push(String(request.url));
      // What the coordinator calls itself is not where it is reached.
      const next = page + 1 < pages.length ? { nextUri: `http://coordinator.inside:8080/v1/statement/executing/${page + 1}` } : {};
      const stats = { physicalInputBytes: 10 * (page + 1), internalNetworkInputBytes: page, peakMemoryBytes: 7 };
      response.writeHead(200, { "Content-Type": "application/json", Connection: "close" });
      response.end(JSON.stringify({ id: "q", data: pages[page], stats, ...next }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => void stopped.splice(0));
  after(() => void server.close());

  const trino = (rowsMax: number) => new Trino({ url, user: "reader", catalog: "c", schema: "s", secondsMax: 10, rowsMax });
  const statement = { sql: "SELECT 1", parameters: [] };

  it("gives all rows, and what the statement read and sent between workers", async () => {
    const answer = await trino(6).query(statement);
    expect(answer).to.deep.equal({ rows: pages.flat(), queryId: "q", bytesRead: 30, bytesShuffled: 2, peakMemoryBytes: 7 });
  });

  it("says with the statement how much it may take", async () => {
    await trino(6).query(statement);
    expect(session).to.equal("query_max_run_time=10s");
    const options = { url, user: "reader", catalog: "c", schema: "s", secondsMax: 10, rowsMax: 6 };
    await new Trino({ ...options, memoryGigabytesMax: 3 }).query(statement);
    expect(session).to.equal("query_max_run_time=10s,query_max_memory=3GB");
  });

  it("hands rows over as they come, and keeps none", async () => {
    const taken: (readonly EngineValue[])[] = [];
    const { rows } = await trino(6).query(statement, { onRow: (row) => taken.push(row) });
    expect(rows).to.deep.equal([]);
    expect(taken).to.deep.equal(pages.flat());
  });

  it("stops the statement at a row too many, and hands over none of that page", async () => {
    const taken: (readonly EngineValue[])[] = [];
    const fault = await trino(3)
      .query(statement, { onRow: (row) => taken.push(row) })
      .catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(EngineFault).and.include({ kind: "limit" });
    expect(taken).to.deep.equal(pages[0]);
    expect(stopped).to.deep.equal(["/v1/statement/executing/2"]);
  });

  it("stops the statement when whoever takes its rows finds them wrong", async () => {
    const wrong = new Error("not these");
    const refuse = () => {
      throw wrong;
    };
    expect(
      await trino(6)
        .query(statement, { onRow: refuse })
        .catch((error: unknown) => error),
    ).to.equal(wrong);
    expect(stopped).to.deep.equal(["/v1/statement/executing/1"]);
  });
});
