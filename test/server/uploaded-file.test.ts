/** A file that is sent as a body: where it lies meanwhile, what it is called, and what becomes of one that is too long or cut off. */
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect } from "chai";
import express, { type ErrorRequestHandler } from "express";
import { limits } from "../../data/foundation/index.ts";
import { isWithdrawn } from "../../server/http/aside.ts";
import { problemOf } from "../../server/http/problem.ts";
import { withUploadedFile } from "../../server/http/uploaded-file.ts";
import { temporaryHome } from "../store/temporary-home.ts";

const kind = "application/octet-stream";
const most = limits.requestBodyBytes.value;

describe("a file that is sent as a body", () => {
  let server: Server;
  let address: string;
  let home: string;
  let remove: () => void;
  let seen: { readonly path: string; readonly called: string; readonly bytes: number } | undefined;
  const faults: unknown[] = [];

  before(async () => {
    ({ home, remove } = temporaryHome());
    const app = express();
    app.post("/", async (request, response) => {
      await withUploadedFile(request, response, { home, limit: "requestBodyBytes" }, async ({ path, called }) => {
        seen = { path, called, bytes: readFileSync(path).length };
      });
      response.end("read");
    });
    const answerFault: ErrorRequestHandler = (fault: unknown, _request, response, _next) => {
      faults.push(fault);
      server.emit("fault");
      if (isWithdrawn(fault)) return void response.destroy();
      response.status(problemOf(fault, { home }).status).json(problemOf(fault, { home }).diagnostics[0]);
    };
    app.use(answerFault);
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.close();
    remove();
  });

  const left = () => readdirSync(join(home, "work"));
  const send = async (body: string, called: string) =>
    await fetch(`${address}/?called=${encodeURIComponent(called)}`, { method: "POST", headers: { "content-type": kind }, body });

  it("lies among the home's own files, where the next start finds what a killed server left, and is gone afterwards", async () => {
    expect((await send("a,b\n1,2\n", "rows.csv")).status).to.equal(200);
    expect([dirname(dirname(seen?.path ?? "")), seen?.bytes]).to.deep.equal([join(home, "work"), 8]);
    expect([existsSync(seen?.path ?? ""), left()]).to.deep.equal([false, []]);
  });

  for (const [called, shown] of [
    ["../../etc/passwd", "passwd"],
    ["C:\\mine\\rows.csv", "rows.csv"],
    ["r\u0000o\u202Ews\n.csv", "rows.csv"],
    [" \u200B ", "observations"],
    [`${"x".repeat(199)}\u{1F600}.csv`, "x".repeat(199)],
  ] as const)
    it(`is called ${JSON.stringify(shown.slice(0, 20))} where it is sent as ${JSON.stringify(called.slice(0, 20))}`, async () => {
      await send("a", called);
      expect(seen?.called).to.equal(shown);
    });

  for (const [what, headers] of [
    ["announced", { "content-length": most + 1 }],
    ["unannounced", { "transfer-encoding": "chunked" }],
  ] as const)
    it(`that is too long is refused with an answer, ${what}`, async () => {
      const asking = httpRequest(address, { method: "POST", headers: { "content-type": kind, ...headers } });
      asking.write(Buffer.alloc(what === "announced" ? 1 : most + 1));
      const [response] = (await once(asking, "response")) as [IncomingMessage];
      const words = (await response.toArray()).join("");
      asking.destroy();
      expect([response.statusCode, response.headers.connection]).to.deep.equal([413, "close"]);
      expect(words).to.include("limit-exceeded").and.to.include("requestBodyBytes");
      expect(left()).to.deep.equal([]);
    });

  it("is turned away where as many are taken as may be at once, with when to come again, and is taken once one is gone", async () => {
    const open = [];
    for (let place = 0; place < limits.uploadsAtOnce.value; place++) {
      const asking = httpRequest(address, { method: "POST", headers: { "content-type": kind, "content-length": 2 } });
      asking.write("a");
      await once(server, "request");
      open.push(asking);
    }
    const away = await send("b", "rows.csv");
    expect([away.status, away.headers.get("retry-after")]).to.deep.equal([503, "30"]);
    expect(await away.json()).to.include({
      code: "queue-full",
      message: "4 files are being sent or read, and the server takes 4 at once (limit 'uploadsAtOnce')",
      cure: "Wait until one of them is read, then send the file again.",
    });
    const [first, ...others] = open;
    const answered = first === undefined ? Promise.resolve([]) : once(first, "response");
    first?.end("b");
    const [response] = (await answered) as [IncomingMessage];
    expect((await response.toArray()).join("")).to.equal("read");
    expect((await send("b", "rows.csv")).status).to.equal(200);
    for (const asking of others) {
      const answer = once(asking, "response");
      asking.end("b");
      const [one] = (await answer) as [IncomingMessage];
      await one.toArray();
    }
    expect(left()).to.deep.equal([]);
  });

  it("that is cut off is nobody's any more", async () => {
    const asking = httpRequest(address, { method: "POST", headers: { "content-type": kind, "content-length": 100 } });
    asking.on("error", () => undefined);
    asking.write("half");
    await once(server, "request");
    const fault = once(server, "fault");
    asking.destroy();
    await fault;
    expect([isWithdrawn(faults.at(-1)), left()]).to.deep.equal([true, []]);
  });
});
