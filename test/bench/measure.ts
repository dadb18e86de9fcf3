/** One workload, once, in this process: prints its milliseconds, fingerprint and peak memory as JSON. Started by run.ts. */
import { type WorkloadName, workloads } from "./workloads.ts";

const [name, entities, periods] = process.argv.slice(2);
const prepared = await workloads[name as WorkloadName]({ entities: Number(entities), periods: Number(periods) });
const before = process.hrtime.bigint();
const result = await prepared.run();
const milliseconds = Number(process.hrtime.bigint() - before) / 1e6;
const fingerprint = prepared.fingerprint(result);
prepared.close?.();
console.log(JSON.stringify({ milliseconds, fingerprint, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
