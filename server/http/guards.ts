/** Turns away what a page of another site could make a browser send. */
import type { RequestHandler } from "express";
import { type Diagnostic, diagnose, InputRefused } from "../../data/foundation/index.ts";

/** Whether only this machine can reach an address to listen on. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/**
 * A server for this machine answers to this machine's names only: a name that another site points here (DNS rebinding) is refused.
 * A server for the network answers to any name.
 */
export function guardHost(listensOn: string): RequestHandler {
  return (request, _response, next) => {
    const named = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
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

function isOwnOrigin(origin: string, host: string): boolean {
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function refusal(message: string): InputRefused {
  const diagnostic: Diagnostic = diagnose("cross-site", { message });
  return new InputRefused([diagnostic]);
}
