/** Contexts of the page of commands and routes with every field filled in. */

export function referenceSamples(hostile: string) {
  const operation = {
    id: "dataset-show",
    name: "dataset show",
    summary: `Shows one dataset ${hostile}`,
    command: "counterweight dataset show <dataset>",
    route: { method: "GET", path: "/api/datasets/{dataset}" },
    fields: [{ name: "`dataset`", option: "`<dataset>`", form: "text, required", meaning: `Id or name ${hostile}` }],
    examples: [`counterweight dataset show '${hostile}'`, "curl localhost/api/datasets/demo"],
    answer: [{ name: "dataset", form: "{id, name}", meaning: `What it is ${hostile}` }],
    errors: { codes: ["not-a-number"], families: [{ id: "errors-any", title: `texts ${hostile}` }] },
  };
  return {
    reference: [
      {
        notices: [`A notice ${hostile}`],
        groups: [{ id: "group-dataset", noun: "dataset", operations: [operation] }],
        errors: [
          {
            id: "errors-any",
            title: `Texts ${hostile}`,
            codes: [{ status: 422, code: "not-a-number", severity: "error", meaning: `No number ${hostile}`, cure: "Write `1`." }],
          },
        ],
      },
    ],
  };
}
