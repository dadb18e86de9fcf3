/** The static files that pages need: where they are, and the digest that their address carries. */
import { readFileSync } from "node:fs";
import { digestOf, packagePath } from "../data/foundation/index.ts";

/** Names of all assets; `/assets/<name>` serves them, and they may be cached for ever because the address carries their digest. */
export const assetNames = [
  "calculator.js",
  "compare.js",
  "counterweight.css",
  "editor-complete.js",
  "editor.js",
  "experiment.js",
  "live.js",
  "progress.js",
  "reading.js",
  "reference.css",
  "sharing.css",
  "sharing.js",
  "what-if.js",
] as const;

/** The name of an asset. */
export type AssetName = (typeof assetNames)[number];

/** The parts of the one style sheet, in the order in which they are joined: later rules win over earlier ones of the same weight. */
const styleParts = [
  "tokens",
  "frame",
  "strip",
  "verdict",
  "figures",
  "tables",
  "pages",
  "what-if",
  "calculator",
  "entity",
  "editor",
  "builder",
  "exact",
  "narrow",
  "print",
  "parted",
] as const;

const texts = new Map<AssetName, string>();

/** Whether a name is an asset's. */
export function isAssetName(name: string): name is AssetName {
  return assetNames.some((known) => known === name);
}

/** The text of an asset, read once; the style sheet is joined from its parts, and what a script imports goes by its digest as well. */
export function assetText(name: AssetName): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const read = (...parts: readonly string[]): string => readFileSync(packagePath("views", "assets", ...parts), "utf8");
  const text = name === "counterweight.css" ? styleParts.map((part) => read("styles", `${part}.css`)).join("\n") : withDigests(read(name));
  texts.set(name, text);
  return text;
}

function withDigests(script: string): string {
  return script.replaceAll(/(?<= from "\.\/)[\w-]+\.js(?=";)/g, (name) => (isAssetName(name) ? `${name}?v=${assetDigest(name)}` : name));
}

/** The first 12 digits of an asset's content digest. */
export function assetDigest(name: AssetName): string {
  return digestOf(assetText(name)).slice(0, 12);
}
