/** What the bench says: one JSON document, and the table for people. */
import { cpus, totalmem } from "node:os";
import { present } from "../../data/foundation/index.ts";
import { benchPolicy, type PolicyName, type Workload } from "./manifest.ts";
import type { Measured, MeasuredPolicy } from "./paired-runs.ts";
import { type RatioName, type Ratios, ratiosOf, ratioTitles } from "./ratios.ts";
import type { Spread } from "./spread.ts";

/** One policy on one workload, with its ratios. */
export interface PolicyReport extends Ratios {
  readonly policy: PolicyName;
  readonly reference: string;
  readonly contenders: readonly Measured[];
}

/** One workload. */
export interface WorkloadReport {
  readonly name: string;
  readonly sellers: number;
  readonly weeks: number;
  readonly measures: number;
  readonly entityPeriods: number;
  readonly policies: readonly PolicyReport[];
}

/** The JSON of `npm run bench -- --json`. Its ratios are those of the first policy on the largest workload that was run; the others stand in `workloads`. */
export interface BenchReport extends Ratios {
  readonly of: { readonly workload: string; readonly policy: PolicyName };
  readonly machine: { readonly cores: number; readonly processor: string; readonly memoryGigabytes: number; readonly loadBefore: number };
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly WorkloadReport[];
}

/** What was run on a workload. */
export interface WorkloadRun {
  readonly workload: Workload;
  readonly policies: readonly MeasuredPolicy[];
}

/** What the caller knows about the machine. */
export interface Surroundings {
  readonly duckdbVersion: string;
  /** The load average of the minute before the bench began: above 0 others were at work. */
  readonly loadBefore: number;
}

/** Puts the report together. */
export function reportOf(runs: readonly WorkloadRun[], { duckdbVersion, loadBefore }: Surroundings): BenchReport {
  const workloads = runs.map(({ workload, policies }): WorkloadReport => {
    const { name, sellers, weeks, measures } = workload;
    return { name, sellers, weeks, measures, entityPeriods: sellers * weeks, policies: policies.map(policyReport) };
  });
  const largest = present(workloads.toSorted((a, b) => a.entityPeriods - b.entityPeriods).at(-1), "a workload");
  const { policy, ratios, reasons, fastest } = present(largest.policies[0], "a policy");
  const versions = workloads.flatMap((workload) =>
    workload.policies.flatMap(({ contenders }) => contenders.map((one) => one.versions ?? {})),
  );
  const processors = cpus();
  return {
    ratios,
    reasons,
    fastest,
    of: { workload: largest.name, policy },
    machine: {
      cores: processors.length,
      processor: processors[0]?.model.trim() ?? "unknown",
      memoryGigabytes: Math.round(totalmem() / 2 ** 30),
      loadBefore,
    },
    versions: Object.assign({ Node: process.versions.node, DuckDB: duckdbVersion }, ...versions) as Record<string, string>,
    workloads,
  };
}

function policyReport({ policy, contenders }: MeasuredPolicy): PolicyReport {
  return { policy, reference: benchPolicy(policy).reference, ...ratiosOf(contenders), contenders };
}

/** The tables of `simulations/README.md`. */
export function markdownOf({ machine, versions, workloads }: BenchReport): string {
  const { cores, processor, memoryGigabytes, loadBefore } = machine;
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured on ${cores} cores (${processor}, ${memoryGigabytes} GB), load average ${loadBefore.toFixed(1)} before the start; ${packages.join(", ")}.`,
    ...workloads.flatMap((workload) => workload.policies.map((policy) => policyTables(workload, policy))),
  ].join("\n\n");
}

function policyTables(
  { sellers, weeks, measures }: WorkloadReport,
  { policy, ratios, reasons, fastest, contenders }: PolicyReport,
): string {
  const size = `${number(sellers)} sellers x ${weeks} weeks x ${measures} measures`;
  const shown = Object.entries(ratios).map(([name, ratio]) => {
    const note = ratio === null ? `not measured: ${reasons[name as RatioName]}` : (fastest[name as RatioName] ?? "");
    return `| ${ratioTitles[name as RatioName]} | ${ratio === null ? "" : ratio.toFixed(ratio < 10 ? 2 : 1)} | ${note} |`;
  });
  const rows = contenders.map(({ name, title, cold, warm, warmCpu, entityPeriodsPerSecond, coldMegabytes, peakMegabytes, missing }) => {
    if (missing !== undefined) return `| \`${name}\` | ${title} | | | | | not measured: ${missing} |`;
    const memory = [coldMegabytes, peakMegabytes].map((megabytes) => (megabytes === undefined ? "" : `${megabytes} MB`)).join(", ");
    const rate = entityPeriodsPerSecond.warm ?? entityPeriodsPerSecond.cold ?? 0;
    return `| \`${name}\` | ${title} | ${times(cold)} | ${times(warm)} | ${times(warmCpu)} | ${number(Math.round(rate / 1000))} | ${memory.replace(/^, /, "")} |`;
  });
  return [
    `### ${size}: ${benchPolicy(policy).title}`,
    "",
    "| ratio | | |",
    "| --- | ---: | --- |",
    ...shown,
    "",
    "| contender | what it is | cold, ms | warm, ms | CPU of a warm run, ms | thousand entity-periods a second | peak memory, cold and in all |",
    "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

function times(spread: Spread | undefined): string {
  if (spread === undefined) return "";
  const digits = spread.median < 100 ? 1 : 0;
  const middle = spread.median.toFixed(digits);
  return spread.count === 1 ? middle : `${middle} ± ${spread.deviation.toFixed(digits)}`;
}

function number(value: number): string {
  return value.toLocaleString("en-GB");
}
