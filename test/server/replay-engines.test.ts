/** Replays on other engines than the kernels: the same result, and what is said where an engine cannot be had. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InputRefused, present } from "../../data/foundation/index.ts";
import { readConnection } from "../../server/operations/connections.ts";
import { replayOnEngine } from "../../server/operations/replay-engines.ts";
import { replay } from "../../simulations/replay/index.ts";
import { libraryPanel } from "../sql/library-panels.ts";

const { policy, panel } = libraryPanel("seller-performance@1.0.0", 10);
const range = { from: panel.schema.firstPeriod, to: panel.schema.lastPeriod };

describe("replays on other engines", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "counterweight-connections-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  function describeConnection(connection: Readonly<Record<string, unknown>>): void {
    const whole = {
      engine: "trino",
      url: "http://127.0.0.1:9",
      user: "reader",
      catalog: "c",
      schema: "s",
      shards: 2,
      tries: 1,
      ...connection,
    };
    writeFileSync(join(home, "connections.yaml"), JSON.stringify({ connections: { warehouse: whole } }, undefined, 1));
  }

  function refusedBy(work: () => unknown): string {
    try {
      work();
    } catch (error) {
      if (error instanceof InputRefused) return error.message;
      throw error;
    }
    return "";
  }

  const onWarehouse = async (): Promise<string> => {
    const what = { policy, panel, ...range, home, inputs: "0123456789abcdef", onProgress: () => {} };
    const refused = await replayOnEngine("warehouse", what).catch((error: unknown) => error);
    return refused instanceof InputRefused ? refused.message : String(refused);
  };

  it("gives in DuckDB what the kernels give, how long the start matters included", async () => {
    const seen: number[] = [];
    const onProgress = (done: number) => seen.push(done);
    const { policies, ...counts } = await replayOnEngine("duckdb", { policy, panel, ...range, home, inputs: "", onProgress });
    const { policies: expected, ...expectedCounts } = replay({ policies: [policy], panel, ...range, visit: () => {} });
    expect(counts).to.deep.equal(expectedCounts);
    expect(policies[0]).to.deep.equal(present(expected[0], "a policy"));
    expect(seen.at(-1)).to.equal(panel.chunkCount);
  });

  it("names the engines that there are, at a name that is none", () => {
    describeConnection({});
    expect(refusedBy(() => readConnection(home, "warehose", []))).to.match(/^unknown-engine: .*'warehose'.*Did you mean 'warehouse'\?$/);
  });

  it("names the line of connections.yaml that is wrong, and never takes a password from it", () => {
    describeConnection({ password_from: "open sesame" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(
      /connections\.yaml:\d+:\d+ connections-faulty: .*password_from/,
    );
    writeFileSync(join(home, "connections.yaml"), "connections: [");
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/connections\.yaml:1:\d+ connections-faulty/);
  });

  it("names the variable of a secret that is not set", () => {
    describeConnection({ url: "https://127.0.0.1:9", password_from: "COUNTERWEIGHT_NO_SUCH_SECRET" });
    expect(refusedBy(() => readConnection(home, "warehouse", []))).to.match(/^secret-missing: .*COUNTERWEIGHT_NO_SUCH_SECRET/);
  });

  it("says that nobody answers", async () => {
    describeConnection({});
    expect(await onWarehouse()).to.match(/^engine-unreachable: connection 'warehouse': nothing answers at http:\/\/127\.0\.0\.1:9/);
  });

  for (const [name, status, version, error, expected] of [
    ["a user who is not let in", 401, "476", undefined, /^engine-refused: /],
    ["a version that is too old", 200, "350", undefined, /^engine-unfit: .*Trino 350 is older than 418/],
    [
      "a statement that takes too long",
      200,
      "476",
      ["EXCEEDED_TIME_LIMIT", "INSUFFICIENT_RESOURCES"],
      /^engine-limit: .*EXCEEDED_TIME_LIMIT/,
    ],
    ["a statement that the engine does not take", 200, "476", ["SYNTAX_ERROR", "USER_ERROR"], /^engine-failed: .*SYNTAX_ERROR/],
  ] as const) {
    it(`says it of ${name}`, async () => {
      const server = await answering(status, version, error);
      describeConnection({ url: addressOf(server) });
      expect(await onWarehouse()).to.match(expected);
      server.close();
    });
  }
});

/** What stands at the address: the first answers of a coordinator, as its protocol has them. */
async function answering(status: number, version: string, error: readonly [string, string] | undefined): Promise<Server> {
  const server = createServer(({ url }, response) => {
    const [errorName = "", errorType = ""] = error ?? [];
    const body = url === "/v1/info" ? { nodeVersion: { version } } : { id: "1", error: { message: "no", errorName, errorType } };
    response.writeHead(status, { "Content-Type": "application/json", Connection: "close" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

function addressOf(server: Server): string {
  const address = server.address();
  return typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
}
