/** Turns away what a page of another site could make a browser send. */
import type { IncomingMessage, ServerResponse } from "node:http";
import express, { type RequestHandler, type Response } from "express";
import {
  checkLimit,
  type Diagnostic,
  diagnose,
  InputRefused,
  type LimitName,
  limits,
  lostCharacter,
  placeInText,
} from "../../data/foundation/index.ts";

/** Whether only this machine can reach an address to listen on. A name that merely begins like one does not count. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * A server for this machine answers to this machine's names only: a name that another site points here (DNS rebinding) is refused.
 * A server for the network answers to any name.
 */
export function guardHost(listensOn: string): RequestHandler {
  return (request, _response, next) => {
    const named = (request.headers.host ?? "")
      .toLowerCase()
      .replace(/:\d+$/, "")
      .replace(/^\[|\]$/g, "");
    if (isLoopback(listensOn) && !isLoopback(named) && named !== listensOn) throw refusal(`this server is not '${named}'`);
    next();
  };
}

/** What changes something must come from this server's own pages, or from a program that is no browser. */
export const guardOrigin: RequestHandler = (request, _response, next) => {
  if (request.method === "GET" || request.method === "HEAD" || request.method === "OPTIONS") return next();
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") throw refusal(`the request comes from another site (${site})`);
  const origin = request.headers.origin;
  if (origin !== undefined && !isOwnOrigin(origin, request.headers.host ?? "")) throw refusal(`the request comes from '${origin}'`);
  next();
};

/** Bodies of the API are JSON, in UTF-8, and no longer than the limit: told before a byte of them is read. */
export const guardBody: RequestHandler = (request, response, next) => {
  const length = Number(request.headers["content-length"] ?? 0);
  const tooLarge = tooLargeBody(response, "requestBodyBytes", length);
  if (tooLarge !== undefined) throw tooLarge;
  const type = request.headers["content-type"];
  const hasBody = length > 0 || request.headers["transfer-encoding"] !== undefined;
  if (hasBody && type !== undefined && request.is(["json", "+json"]) === false) {
    throw new InputRefused([
      diagnose("unsupported-media-type", { message: `the body is '${type}'`, found: type, expected: "application/json" }),
    ]);
  }
  next();
};

/** @throws InputRefused `bad-json` at the first bytes of a body that are no UTF-8: they would be read as signs that nobody sent. */
export function requireUtf8(_request: IncomingMessage, _response: ServerResponse, body: Buffer, encoding: string): void {
  const at = encoding === "utf-8" ? lostCharacter(body) : undefined;
  if (at === undefined) return;
  const place = placeInText("body", body.toString("utf8"), at);
  throw new InputRefused([diagnose("bad-json", { message: "the body is not written in UTF-8 here", place, cure: "Send JSON in UTF-8." })]);
}

/** Bodies of the pages' forms: read as such, or refused when they are of another kind; one without fields counts as empty. */
export function formBody(): ReturnType<typeof express.urlencoded> {
  const read = express.urlencoded({ extended: false, limit: limits.requestBodyBytes.value });
  return (request: IncomingMessage & { body?: unknown }, response, next) =>
    read(request, response, (fault?: unknown) => {
      if (fault !== undefined) return next(fault);
      const type = request.headers["content-type"];
      if (request.body === undefined && type !== undefined) {
        const cure = "Send the form from its page.";
        const expected = "application/x-www-form-urlencoded";
        return next(
          new InputRefused([diagnose("unsupported-media-type", { message: `the body is '${type}'`, found: type, expected, cure })]),
        );
      }
      request.body ??= {};
      next();
    });
}

/** The refusal of a body that is longer than a limit. The rest of it is not read: the connection cannot serve another request. */
export function tooLargeBody(response: Response, limit: LimitName, bytes: number): InputRefused | undefined {
  const breach = checkLimit(limit, bytes);
  if (breach === undefined) return undefined;
  response.set("connection", "close");
  return new BodyTooLarge([breach]);
}

/** Told from other refusals as the body parser tells it. */
class BodyTooLarge extends InputRefused {
  readonly type = "entity.too.large";
}

function isOwnOrigin(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host.toLowerCase();
  } catch {
    return false;
  }
}

function refusal(message: string): InputRefused {
  const diagnostic: Diagnostic = diagnose("cross-site", { message });
  return new InputRefused([diagnostic]);
}
