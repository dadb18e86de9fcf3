/** What a job's process runs: one operation, by its name. Loaded by its address, so that the jobs room knows no operation. */
import { InputRefused, present } from "../../data/foundation/index.ts";
import { catalogueFile, storeFault } from "../../data/store/index.ts";
import type { PerformJob } from "../jobs/index.ts";
import { openHome } from "./open-home.ts";
import type { OperationContext } from "./operation.ts";
import { findOperation } from "./table.ts";

/** The address of this module, for the queue. */
export const performModule = import.meta.url;

/** Performs the operation that an order names. @public Called by the job's process, which knows this module by its address only. */
export const performJob: PerformJob = async ({ home, operation: name, input }, onProgress) => {
  const operation = present(findOperation(name), `operation ${name}`);
  const store = openHome(home);
  try {
    // Whoever queued the job has checked what its caller may read.
    const context: OperationContext = { store, reads: "any file", onProgress, doors: {} };
    const result = await operation.perform(input, context);
    return { result, link: operation.linkOf(result) };
  } catch (error) {
    const fault = storeFault(error, catalogueFile(home));
    throw fault === undefined ? error : new InputRefused([fault]);
  } finally {
    store.close();
  }
};
