/** `serve`: the pages and the API. */
import { z } from "zod";
import { present } from "../../data/foundation/index.ts";
import { defineOperation } from "./operation.ts";

export const serve = defineOperation({
  name: "serve",
  summary: "Serves the pages and the API until it is stopped.",
  input: z.strictObject({
    port: z.number().int().min(0).max(65_535).optional().describe("Port; PORT or 8626 by default, 0 for any that is free"),
    host: z.string().min(1).optional().describe("Address to listen on; HOST or 127.0.0.1 by default"),
  }),
  output: z.object({}),
  command: { arguments: [] },
  perform: async (address, { doors }) => {
    await present(doors.serve, "the server")(address);
    return {};
  },
  print: () => "",
});
