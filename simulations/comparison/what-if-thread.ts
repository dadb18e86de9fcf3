/** A thread that holds some chunks of a panel in memory and answers what-if questions about them. */
import { openPanel, type PanelSource } from "../../data/panel/index.ts";
import { serve } from "../replay/index.ts";
import { WhatIf, type WhatIfQuestion, type WhatIfSetup } from "./what-if.ts";

/** What such a thread is told. */
export interface WhatIfThreadSetup {
  readonly source: PanelSource;
  readonly chunks: readonly number[];
  readonly setup: WhatIfSetup;
}

serve(({ source: { folder, knownAt }, chunks, setup }: WhatIfThreadSetup) => {
  const panel = openPanel(folder, knownAt === undefined ? {} : { knownAt });
  const whatIf = new WhatIf(
    setup,
    chunks.map((index) => panel.readChunk(index)),
  );
  return (question: WhatIfQuestion) => whatIf.answer(question);
});
