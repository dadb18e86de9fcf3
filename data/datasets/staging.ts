/** The folder in which a dataset is made before it is one: owned by a living process, or left over from a dead one. */
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who makes what in a staging folder: stands in its `owner.json`. */
interface StagingOwner {
  readonly dataset: string;
  readonly pid: number;
  /** Tells a process from a later one of the same number; empty where the system does not say. */
  readonly started: string;
}

/** Folders of imports that run in this very process. */
const running = new Set<string>();

/** Makes an own folder under `<home>/staging`. Throws the system's error when it cannot. */
export function openStaging(home: string, dataset: string): string {
  const folder = join(home, "staging", `${dataset}-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  running.add(folder);
  const owner: StagingOwner = { dataset, pid: process.pid, started: processStart(process.pid) };
  writeFileSync(join(folder, "owner.json"), JSON.stringify(owner));
  return folder;
}

/** Removes the folder and what is in it; a folder that is gone already is fine. */
export function closeStaging(folder: string): void {
  running.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Whether the process that made this folder is still at it. */
export function isOwned(folder: string): boolean {
  if (running.has(folder)) return true;
  const owner = readOwner(folder);
  if (owner === undefined || owner.pid === process.pid) return false;
  return isAlive(owner.pid) && processStart(owner.pid) === owner.started;
}

/** The dataset that a staging folder was for, when it says so. */
export function stagedDataset(folder: string): string | undefined {
  return readOwner(folder)?.dataset;
}

/** Brings a folder's own entries to the disk, so that what was renamed into it stays after a crash. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function readOwner(folder: string): StagingOwner | undefined {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(folder, "owner.json"), "utf8"));
    if (owner === null || typeof owner !== "object" || !("pid" in owner) || typeof owner.pid !== "number") return undefined;
    const started = "started" in owner && typeof owner.started === "string" ? owner.started : "";
    const dataset = "dataset" in owner && typeof owner.dataset === "string" ? owner.dataset : "";
    return { dataset, pid: owner.pid, started };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When a process started, in the system's own count, with the system's start; empty where /proc is not there. */
function processStart(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}
