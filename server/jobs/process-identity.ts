/** Tells whether the process that owned a job still lives, even when its number was given to another. */
import { readFileSync } from "node:fs";

/** This process: its number, and where the system tells it, the moment it started (`/proc`, field 22). */
export function processIdentity(pid: number = process.pid): string {
  return `${pid}:${startOf(pid)}`;
}

/** Whether the process of this identity still runs. */
export function isAlive(identity: string): boolean {
  const pid = Number(identity.split(":")[0]);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return processIdentity(pid) === identity;
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return "ended";
    return fields[19] ?? "";
  } catch {
    return "";
  }
}
