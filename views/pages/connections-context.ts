/** What the page of connections is told. */
import type { PageFrame } from "./page-frame.ts";

/** One thing that must be so of a connection, as it was found. */
export interface ConnectionCheck {
  readonly title: string;
  /** `not asked`: an earlier one is not in order. */
  readonly state: "in order" | "not in order" | "not asked";
  readonly finding?: string;
  /** `place`: file, line and column; absent where none is at fault. */
  readonly faults: readonly { readonly code: string; readonly message: string; readonly cure: string; readonly place?: string }[];
}

/** A connection: everything of it but its secret. */
export interface ConnectionSummary {
  readonly name: string;
  readonly engine: string;
  /** Host and port. */
  readonly host: string;
  readonly scheme: "http" | "https";
  readonly user: string;
  /** The environment variable that holds the password; absent: none is sent. */
  readonly password?: { readonly from: string; readonly isSet: boolean };
  readonly catalog: string;
  readonly schema: string;
  /** The descriptor of the warehouse's own tables, in the home; absent: tables that were laid down. */
  readonly dataset?: string;
  readonly shards: number;
  readonly shardsAtOnce: number;
  readonly tries: number;
  readonly secondsMax: number;
  readonly rowsMax: number;
  /** Absent: the engine's own limit. */
  readonly memoryGigabytesMax?: number;
  /** What a test of this moment found. */
  readonly tested?: { readonly isFit: boolean; readonly checks: readonly ConnectionCheck[] };
}

/** `/connections`: the distributed engines that the home names, and a test of each. */
export interface ConnectionsContext extends PageFrame {
  readonly connections: readonly ConnectionSummary[];
}
