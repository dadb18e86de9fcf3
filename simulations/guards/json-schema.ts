/** The JSON Schema of files of guards, for editors. */
import { type JsonSchema, objectSchema, patterns } from "../../policies/language/index.ts";
import { guardFigures } from "./guard.ts";
import { guardFileShape } from "./read-guards.ts";

const figure = `(?:${guardFigures.map((words) => words.replaceAll(" ", " +")).join("|")})`;
const bound = "[0-9]+(?:\\.[0-9]+)? *(?:%|x +baseline)";

const contents: Readonly<Record<string, JsonSchema>> = {
  programme: { type: "string", pattern: patterns.get("policy.programme") ?? "" },
  guards: {
    type: "array",
    items: {
      type: "string",
      pattern: `^ *${figure}(?: +of +\\S.*)? +at +(?:most|least) +${bound} *$`,
      description: `A figure, perhaps of a segment, and its bound: ${guardFigures.join(", ")}; 'at most' or 'at least'; '3 %' or '1.2 x baseline'.`,
    },
  },
};

/** The schema of one file of guards. JSON Schema 2020-12. */
export const guardsJsonSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Counterweight guards",
  description: "How far a new version of a programme may go from the one in force.",
  ...objectSchema(guardFileShape, (key) => contents[key]),
};
