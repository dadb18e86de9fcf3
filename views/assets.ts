/** The static files that pages need: where they are, and the digest that their address carries. */
import { readFileSync } from "node:fs";
import { digestOf, packagePath } from "../data/foundation/index.ts";

/** Names of all assets; `/assets/<name>` serves them, and they may be cached for ever because the address carries their digest. */
export const assetNames = ["counterweight.css", "progress.js", "reading.js"] as const;

/** The name of an asset. */
export type AssetName = (typeof assetNames)[number];

/** The folder of the assets, absolute. */
export function assetsFolder(): string {
  return packagePath("views", "assets");
}

const texts = new Map<AssetName, string>();

/** The text of an asset, read once. */
export function assetText(name: AssetName): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(packagePath("views", "assets", name), "utf8");
  texts.set(name, text);
  return text;
}

/** The first 12 digits of an asset's content digest. */
export function assetDigest(name: AssetName): string {
  return digestOf(assetText(name)).slice(0, 12);
}
