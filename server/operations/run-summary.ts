/** A run as lists show it. */
import { z } from "zod";
import type { RunRecord } from "../../data/store/index.ts";

export const runSummaryShape = z.object({
  id: z.string(),
  kind: z.enum(["replay", "comparison"]),
  title: z.string(),
  digest: z.string(),
  dataset: z.string(),
  createdAt: z.string(),
});

export function runSummary({ id, kind, title, digest, datasetId, createdAt }: RunRecord): z.output<typeof runSummaryShape> {
  return { id, kind, title, digest, dataset: datasetId, createdAt };
}
