/** The page of connections, and the test of one. */
import { type Response, Router } from "express";
import { present } from "../../data/foundation/index.ts";
import { type ConnectionSummary, type ConnectionsContext, renderPage } from "../../views/index.ts";
import {
  type ConnectionJson,
  type ConnectionTest,
  connectionListShape,
  connectionTestShape,
  findOperation,
  type OperationContext,
} from "../operations/index.ts";
import { answerOtherMethods } from "./other-methods.ts";

/** Nothing is stored: a test is shown on the page that answers it. */
export function connectionRoutes(context: OperationContext): Router {
  const router = Router();
  router.get("/connections", async (_request, response) => {
    send(response, await listed(context));
  });
  router.post("/connections/:connection/test", async (request, response) => {
    const { connection } = request.params;
    const operation = present(findOperation("connection test"), "the operation");
    const tested = connectionTestShape.parse(await operation.perform({ connection }, context));
    send(response, await listed(context, tested));
  });
  answerOtherMethods(router);
  return router;
}

function send(response: Response, context: ConnectionsContext): void {
  response.type("html").set("cache-control", "no-store").send(renderPage("connections", context));
}

async function listed(context: OperationContext, tested?: ConnectionTest): Promise<ConnectionsContext> {
  const operation = present(findOperation("connection list"), "the operation");
  const { connections } = connectionListShape.parse(await operation.perform({}, context));
  return {
    notices: [],
    connections: connections.map((each) => summaryOf(each, tested?.connection.name === each.name ? tested : undefined)),
  };
}

function summaryOf(
  { passwordFrom, passwordIsSet, url, dataset, memoryGigabytesMax, ...shown }: ConnectionJson,
  tested: ConnectionTest | undefined,
): ConnectionSummary {
  return {
    ...shown,
    ...(dataset === undefined ? {} : { dataset }),
    ...(memoryGigabytesMax === undefined ? {} : { memoryGigabytesMax }),
    host: new URL(url).host,
    scheme: url.startsWith("https:") ? "https" : "http",
    ...(passwordFrom === undefined ? {} : { password: { from: passwordFrom, isSet: passwordIsSet === true } }),
    ...(tested === undefined ? {} : { tested: { isFit: tested.isFit, checks: tested.checks.map(checkOf) } }),
  };
}

const states = { met: "in order", unmet: "not in order", unasked: "not asked" } as const;

function checkOf({ title, state, finding, diagnostics = [] }: ConnectionTest["checks"][number]) {
  const faults = diagnostics.map(({ code, message, cure, file, line, column }) => ({
    code,
    message,
    cure,
    ...(file === undefined ? {} : { place: `${file}:${line}:${column}` }),
  }));
  return { title, state: states[state], ...(finding === undefined ? {} : { finding }), faults };
}
