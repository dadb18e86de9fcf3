/** What an address answers to methods that it does not have. */
import type { Router } from "express";
import { diagnose, InputRefused } from "../../data/foundation/index.ts";

/**
 * Adds to every route of a router what it says to other methods: 405 with `Allow`, and to OPTIONS 204 with `Allow`. Call it last.
 */
export function answerOtherMethods(router: Router): void {
  const methods = new Map<string, Set<string>>();
  for (const { route } of router.stack) {
    if (route === undefined) continue;
    const own = methods.get(route.path) ?? new Set<string>();
    for (const { method } of route.stack) own.add(method.toUpperCase());
    methods.set(route.path, own);
  }
  for (const [path, own] of methods) {
    const allowed = [...[...own].sort(), ...(own.has("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
    router.all(path, (request, response) => {
      response.set("allow", allowed);
      if (request.method === "OPTIONS") return void response.status(204).end();
      const message = `${request.path} does not take ${request.method}, but ${allowed}`;
      throw new InputRefused([diagnose("method-not-allowed", { message, found: request.method, expected: allowed })]);
    });
  }
}
