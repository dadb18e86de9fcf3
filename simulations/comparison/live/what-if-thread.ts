/** A thread that holds some chunks of a panel in memory and answers what-if questions about them. */
import { openPanel, type PanelSource } from "../../../data/panel/index.ts";
import { serve } from "../../replay/index.ts";
import { WhatIf, type WhatIfCall, type WhatIfSetup } from "./what-if.ts";

/** What such a thread is told. */
export interface WhatIfThreadSetup {
  readonly source: PanelSource;
  readonly chunks: readonly number[];
  readonly setup: WhatIfSetup;
  /** One integer, shared: the chunks that were read by all. */
  readonly read: Int32Array;
}

serve(({ source: { folder, knownAt }, chunks, setup, read }: WhatIfThreadSetup) => {
  const panel = openPanel(folder, knownAt === undefined ? {} : { knownAt });
  const held = chunks.map((index) => {
    const chunk = panel.readChunk(index);
    Atomics.add(read, 0, 1);
    return chunk;
  });
  const whatIf = new WhatIf(setup, held);
  return (call: WhatIfCall) => whatIf.call(call);
});
