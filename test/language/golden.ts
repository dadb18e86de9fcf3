/** Texts that a suite makes, beside those that were reviewed: a file of blocks, each under its name. UPDATE_GOLDENS=1 writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { packagePath } from "../../data/foundation/index.ts";

const isUpdate = process.env["UPDATE_GOLDENS"] === "1";

/** The reviewed blocks of a file of a room's `goldens`. Called inside a `describe`, whose tests hand their texts to the function that it gives. */
export function goldenTexts(name: string, room = "language"): (block: string, text: string) => void {
  const path = packagePath("test", room, "goldens", `${name}.txt`);
  const kept = new Map(
    (isUpdate ? "" : readFileSync(path, "utf8"))
      .split(/^(?=# )/m)
      .filter((block) => block.startsWith("# "))
      .map((block) => [block.slice(2, block.indexOf("\n")), block.slice(block.indexOf("\n") + 1).trimEnd()]),
  );
  const made = new Map<string, string>();

  before(() => made.clear());
  after(() => {
    if (isUpdate) writeFileSync(path, `${[...made].map(([block, text]) => `# ${block}\n${text}`).join("\n\n")}\n`);
  });

  return (block, text) => {
    expect(made.has(block), `a second '${block}'`).to.equal(false);
    made.set(block, text.trimEnd());
    expect(text).not.to.match(/undefined|\[object|NaN/);
    if (!isUpdate) expect(text.trimEnd()).to.equal(kept.get(block));
  };
}
