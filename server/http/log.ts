/** The server's log: one JSON object a line, on standard error, so that standard output stays for results. */
import { destination, type Logger, pino } from "pino";

export type Log = Logger;

/** Opens the log. `level`: pino's names; `silent` writes nothing. */
export function openLog(level: string): Log {
  return pino({ level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` }, destination({ fd: 2, sync: true }));
}
