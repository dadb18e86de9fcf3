/** Turns the Olist files, as published, into a weekly seller panel and monthly snapshots that the ordinary import reads. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDuckDb } from "../../engines/index.ts";
import { type Diagnostic, formatPeriod, hasErrors, InputRefused, parseDay, periodOf, present } from "../../foundation/index.ts";
import { describeMonthly, describeWeekly } from "./describe-olist.ts";
import { countFacts, type OlistFacts } from "./facts.ts";
import { makeHappenings } from "./happenings.ts";
import { readOriginals } from "./read-originals.ts";
import { reportUnmatched, writeSetAside } from "./set-aside.ts";
import { writeOutcomes, writeSellers, writeSnapshots, writeWeeklyPanel } from "./write-tables.ts";

/** Where the derived files are, what was found on the way, and the facts to check them by. */
export interface PreparedOlist {
  readonly descriptorPaths: { readonly weekly: string; readonly monthly: string };
  readonly diagnostics: readonly Diagnostic[];
  readonly facts: OlistFacts;
}

/**
 * Prepares the Olist files of a folder for import. `workFolder` is made, and gets `weekly.yaml`, `monthly.yaml`, the Parquet files that
 * they name, and `set-aside.csv`, which the import keeps with the dataset. What is counted, for whom and when: data/README.md.
 *
 * Throws InputRefused with `file-not-found` or `source-column-missing`. Rows that do not parse, repeat or match nothing are warned about and listed.
 * Cost: about three seconds and 0.5 GB for the full download.
 */
export async function prepareOlist(options: {
  folder: string;
  workFolder: string;
  onProgress?: (step: { stage: string; done: number; total: number }) => void;
}): Promise<PreparedOlist> {
  const { folder, workFolder, onProgress } = options;
  const step = (stage: string, done: number): void => onProgress?.({ stage, done, total: 5 });
  const db = await openDuckDb();
  try {
    step("reading the original files", 0);
    const diagnostics = await readOriginals(db, folder);
    if (hasErrors(diagnostics)) throw new InputRefused(diagnostics);
    mkdirSync(workFolder, { recursive: true });
    step("dating what happened", 1);
    await makeHappenings(db);
    const facts = await countFacts(db);
    diagnostics.push(...(await reportUnmatched(db, facts)));
    step("writing the weekly panel", 2);
    await writeWeeklyPanel(db, workFolder);
    await writeSellers(db, workFolder);
    step("writing the monthly snapshots", 3);
    await writeSnapshots(db, workFolder);
    step("writing the outcomes", 4);
    await writeOutcomes(db, workFolder, "week");
    await writeOutcomes(db, workFolder, "month");
    await writeSetAside(db, folder, join(workFolder, "set-aside.csv"));
    const weekly = join(workFolder, "weekly.yaml");
    const monthly = join(workFolder, "monthly.yaml");
    writeFileSync(weekly, describeWeekly(facts));
    writeFileSync(monthly, describeMonthly(facts, { first: monthEndOf(facts.firstDay), last: monthEndOf(facts.lastDay) }));
    step("prepared", 5);
    return { descriptorPaths: { weekly, monthly }, diagnostics, facts };
  } finally {
    db.close();
  }
}

function monthEndOf(date: string): string {
  const day = present(parseDay(date), `a day in '${date}'`);
  return formatPeriod("month", periodOf("month", day));
}
