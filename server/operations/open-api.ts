/** The OpenAPI document, made from the table of operations. */
import { z } from "zod";
import { routeInputOf } from "./fields.ts";
import type { Operation } from "./operation.ts";
import { programVersion } from "./program-version.ts";
import { diagnosticShape } from "./shapes.ts";
import { operations } from "./table.ts";

type Json = Record<string, unknown>;

/** What every error answers with, as `application/problem+json` (RFC 9457). */
export const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  diagnostics: z.array(diagnosticShape),
});

/** The document, OpenAPI 3.1. Equal tables give equal bytes. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {
    "/health": { get: plain("health", "Says that the server answers.", { type: "object", properties: { status: { type: "string" } } }) },
    "/api/openapi.json": { get: plain("openapi", "This document.", { type: "object" }) },
    "/api/jobs/{job}/events": {
      get: {
        ...plain(
          "jobEvents",
          "Follows a job by server-sent events until it ends; each `data` is a job with `state`, `stage` and `percent`.",
        ),
        parameters: [{ name: "job", in: "path", required: true, schema: { type: "string" } }],
        responses: {
          "200": { description: "Events", content: { "text/event-stream": { schema: { type: "string" } } } },
          default: problem(),
        },
      },
    },
  };
  for (const operation of operations) {
    if (operation.route === undefined) continue;
    const { path, method } = operation.route;
    paths[path] = { ...paths[path], [method]: describeRoute(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Counterweight",
      version: programVersion(),
      description: "Replay a marketplace scoring policy over the real past before it ships.",
    },
    paths,
    components: { schemas: { Problem: jsonSchema(problemShape, "output") } },
  };
}

function describeRoute(operation: Operation): Json {
  const { name, summary, output, isLong, route } = operation;
  const schema = jsonSchema(routeInputOf(operation), "input") as { properties?: Record<string, Json>; required?: readonly string[] };
  const inPath = [...(route?.path.matchAll(/\{(\w+)\}/g) ?? [])].map((match) => match[1] ?? "");
  const names = Object.keys(schema.properties ?? {});
  const inQuery = route?.method === "get" ? names.filter((field) => !inPath.includes(field)) : [];
  const inBody = route?.method === "post" ? names.filter((field) => !inPath.includes(field)) : [];
  const parameter = (field: string, place: "path" | "query") => ({
    name: field,
    in: place,
    required: place === "path" || (schema.required ?? []).includes(field),
    schema: schema.properties?.[field] ?? {},
  });
  return {
    operationId: name.replaceAll(/[ -](\w)/g, (_, letter: string) => letter.toUpperCase()),
    summary,
    parameters: [
      ...inPath.map((field) => parameter(field, "path")),
      ...inQuery.map((field) => parameter(field, "query")),
      ...(isLong ? [preferHeader] : []),
    ],
    ...(inBody.length === 0
      ? {}
      : {
          requestBody: {
            required: inBody.some((field) => (schema.required ?? []).includes(field)),
            content: {
              "application/json": { schema: route?.body === undefined ? bodySchema(schema, inBody) : schema.properties?.[route.body] },
            },
          },
        }),
    responses: {
      "200": { description: "Done", content: { "application/json": { schema: jsonSchema(output, "output") } } },
      ...(isLong ? { "202": accepted } : {}),
      default: problem(),
    },
  };
}

const preferHeader = {
  name: "Prefer",
  in: "header",
  required: false,
  description:
    "`respond-async`: answer at once with the job; `wait=N`: wait N seconds at most for the result (RFC 7240). Default: wait=20.",
  schema: { type: "string" },
};

const accepted = {
  description: "Under way: the job, whose address is in `Location`",
  headers: { Location: { schema: { type: "string" } } },
  content: { "application/json": { schema: { type: "object", properties: { job: { type: "object" } } } } },
};

function bodySchema(schema: { properties?: Record<string, Json>; required?: readonly string[] }, fields: readonly string[]): Json {
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field, schema.properties?.[field]])),
    required: (schema.required ?? []).filter((field) => fields.includes(field)),
    additionalProperties: false,
  };
}

function plain(operationId: string, summary: string, schema: Json = {}): Json {
  return { operationId, summary, responses: { "200": { description: "Done", content: { "application/json": { schema } } } } };
}

function problem(): Json {
  return {
    description: "What is wrong, and the cure",
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

function jsonSchema(shape: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any" }) as Json;
  return schema;
}
