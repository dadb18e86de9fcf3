/** What the writers of a kernel share: the policy's names as code, and what the code will need when it runs. */
import type { PanelSchema } from "../../data/panel/index.ts";
import type { Policy } from "../language/checked/index.ts";
import type { EvaluationPlan } from "./evaluation-plan.ts";
import type { EventReads } from "./event-reads.ts";
import type { Handover } from "./handover.ts";
import type { KernelWriter, Truth } from "./kernel-writer.ts";
import type { Windows } from "./write-window.ts";

/** Where names lead: every named thing of the policy as code, written at its first use. */
export interface Names {
  readonly policy: Policy;
  readonly schema: PanelSchema;
  readonly plan: EvaluationPlan;
  readonly writer: KernelWriter;
  readonly windows: Windows;
  readonly events: EventReads;
  readonly metric: (name: string) => string;
  readonly score: (name: string) => string;
  readonly ledger: (name: string) => string;
  readonly condition: (name: string) => Truth;
  /** What the policy takes over and leaves behind as a version of a programme; absent for one by itself. */
  readonly handover?: Handover;
  /** Bounds of scores that are known so far. */
  readonly bounds: Map<string, number>;
  /** Where an expression is about an event: the code of its index. */
  readonly event?: string;
  /** Where an expression stands in a ledger's line: its balance, read just then. */
  readonly own?: { readonly name: string; readonly balance: () => string };
}
