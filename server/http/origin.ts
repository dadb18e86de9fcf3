/** The address that a request was sent to. */
import type { Request } from "express";

/** `http://127.0.0.1:8626`. */
export function originOf(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? "localhost"}`;
}
