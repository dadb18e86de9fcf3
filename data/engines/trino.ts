/** A plain client of Trino: its HTTP protocol, one statement at a time, and everything that can go wrong as a kind of fault. */
import { EngineFault } from "./engine-fault.ts";

/** Where a Trino coordinator is, and as whom to speak to it. */
export interface TrinoOptions {
  /** `http://host:port` or `https://host:port`. */
  readonly url: string;
  readonly user: string;
  /** Sent by https only. */
  readonly password?: string;
  readonly catalog: string;
  readonly schema: string;
  /** Said to the engine with every statement, so that its operators see whose it is. */
  readonly tags?: readonly string[];
  /** Longest time that one statement may run, in seconds. */
  readonly secondsMax: number;
  /** Most rows that one statement may give. */
  readonly rowsMax: number;
  /** Most memory that one statement may take over all workers, in GB; absent: the engine's own limit. */
  readonly memoryGigabytesMax?: number;
}

/** A value in a row. Whole numbers beyond 2^53 must be asked for as texts. */
export type EngineValue = string | number | boolean | null;

/** A statement with a value for each of its places `?`. */
export interface EngineStatement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** What a statement gave and took. */
export interface EngineAnswer {
  readonly rows: readonly (readonly EngineValue[])[];
  readonly queryId: string;
  readonly bytesRead: number;
  /** Sent from one worker, or stage, to another. */
  readonly bytesShuffled: number;
  readonly peakMemoryBytes: number;
}

/** How a statement is called off, and who takes its rows. */
export interface EngineWatch {
  readonly signal?: AbortSignal | undefined;
  /** Takes rows as they come, so that they need not fit in memory: the answer then has none. */
  readonly onRow?: (row: readonly EngineValue[]) => void;
}

type StatisticName = "physicalInputBytes" | "processedBytes" | "internalNetworkInputBytes" | "peakMemoryBytes";

interface Answer {
  readonly id: string;
  readonly nextUri?: string;
  readonly data?: readonly (readonly EngineValue[])[];
  readonly stats?: Partial<Readonly<Record<StatisticName, number>>>;
  readonly error?: { readonly message: string; readonly errorName: string; readonly errorType: string };
}

interface Question {
  readonly method: "GET" | "POST";
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** A coordinator answers within a second or so, whether a statement has come further or not. */
const answerMilliseconds = 60_000;
const stopMilliseconds = 3000;

/** Speaks to one coordinator. */
export class Trino {
  readonly #options: TrinoOptions;

  constructor(options: TrinoOptions) {
    this.#options = options;
  }

  /** Runs a statement to its end. Called off, beyond a limit, or no longer heard of: the engine is told to stop, too. @throws EngineFault. */
  async query(statement: EngineStatement, { signal, onRow }: EngineWatch = {}): Promise<EngineAnswer> {
    const { rowsMax, url } = this.#options;
    const rows: (readonly EngineValue[])[] = [];
    const take = onRow ?? ((row) => void rows.push(row));
    let rowCount = 0;
    // Nothing runs before it is asked about for the first time, and its name is in the answer: this is not called off.
    let answer = await this.#ask(new URL("/v1/statement", url), { method: "POST", body: wholeStatement(statement) });
    let stats = answer.stats;
    for (;;) {
      if (answer.error !== undefined) throw faultOf(answer.error);
      stats = answer.stats ?? stats;
      const next = answer.nextUri === undefined ? undefined : this.#sameHost(answer.nextUri);
      try {
        rowCount += answer.data?.length ?? 0;
        if (rowCount > rowsMax) throw new EngineFault("limit", `the statement gives more than ${rowsMax} rows`);
        for (const row of answer.data ?? []) take(row);
        if (next === undefined) break;
        answer = await this.#ask(next, { method: "GET", signal });
      } catch (fault) {
        if (next !== undefined) await this.#stop(next);
        throw fault;
      }
    }
    return {
      rows,
      queryId: answer.id,
      bytesRead: stats?.physicalInputBytes ?? stats?.processedBytes ?? 0,
      bytesShuffled: stats?.internalNetworkInputBytes ?? 0,
      peakMemoryBytes: stats?.peakMemoryBytes ?? 0,
    };
  }

  /** The version that the coordinator says it has. */
  async version(): Promise<string> {
    const found = await this.#ask<{ readonly nodeVersion?: { readonly version?: string } }>(new URL("/v1/info", this.#options.url), {
      method: "GET",
    });
    const version = found.nodeVersion?.version;
    if (version === undefined) throw new EngineFault("unreachable", `${this.#options.url} does not answer as a coordinator does`);
    return version;
  }

  /** As well as can be: where nobody hears it, the engine gives a statement up by itself that nobody asks about. */
  async #stop(next: URL): Promise<void> {
    await fetch(next, { method: "DELETE", headers: this.#headers(), signal: AbortSignal.timeout(stopMilliseconds) }).catch(() => undefined);
  }

  /** The coordinator may know itself by another name than we do. */
  #sameHost(uri: string): URL {
    const { pathname, search } = new URL(uri);
    return new URL(`${pathname}${search}`, this.#options.url);
  }

  async #ask<T = Answer>(url: URL, { signal, ...init }: Question): Promise<T> {
    const inTime = AbortSignal.timeout(answerMilliseconds);
    let response: Response;
    let text: string;
    try {
      const heeded = signal === undefined ? inTime : AbortSignal.any([inTime, signal]);
      response = await fetch(url, { ...init, headers: this.#headers(), redirect: "error", signal: heeded });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted === true) throw new EngineFault("cancelled", "the statement was called off");
      throw new EngineFault("unreachable", `nothing answers at ${this.#options.url}: ${reasonOf(error)}`);
    }
    if (response.status === 401) throw new EngineFault("refused", `${this.#options.url} does not take this user and password`);
    if (response.status === 403) throw new EngineFault("forbidden", `${this.#options.url} does not let '${this.#options.user}' in`);
    if (response.status === 503 || response.status === 502) throw new EngineFault("lost", `the coordinator is busy (${response.status})`);
    if (!response.ok) throw new EngineFault("unreachable", `${url.pathname} answers ${response.status}: ${text.slice(0, 200)}`);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new EngineFault("unreachable", `${this.#options.url} does not answer as a coordinator does`);
    }
  }

  #headers(): Record<string, string> {
    const { user, password, catalog, schema, tags = [], secondsMax, memoryGigabytesMax } = this.#options;
    const memory = memoryGigabytesMax === undefined ? [] : [`query_max_memory=${memoryGigabytesMax}GB`];
    return {
      "X-Trino-User": user,
      "X-Trino-Source": "counterweight",
      "X-Trino-Catalog": catalog,
      "X-Trino-Schema": schema,
      "X-Trino-Client-Tags": tags.join(","),
      "X-Trino-Session": [`query_max_run_time=${secondsMax}s`, ...memory].join(","),
      ...(password === undefined ? {} : { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` }),
    };
  }
}

/** Texts and numbers go as literals behind the statement: the protocol has no other place for them. */
function wholeStatement({ sql, parameters }: EngineStatement): string {
  if (parameters.length === 0) return sql;
  return `EXECUTE IMMEDIATE ${textLiteral(sql)} USING ${parameters.map(literal).join(", ")}`;
}

function literal(value: string | number): string {
  return typeof value === "string" ? textLiteral(value) : `DOUBLE '${value}'`;
}

function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const limits: ReadonlySet<string> = new Set(["EXCEEDED_TIME_LIMIT", "EXCEEDED_CPU_LIMIT", "EXCEEDED_SCAN_LIMIT"]);

function faultOf({ message, errorName, errorType }: NonNullable<Answer["error"]>): EngineFault {
  const said = `${errorName}: ${message}`;
  if (errorName === "PERMISSION_DENIED") return new EngineFault("forbidden", said);
  if (errorName === "USER_CANCELED" || errorName === "ADMINISTRATIVELY_KILLED") return new EngineFault("cancelled", said);
  if (errorType === "INSUFFICIENT_RESOURCES" && (limits.has(errorName) || /MEMORY/.test(errorName))) return new EngineFault("limit", said);
  return new EngineFault(errorType === "USER_ERROR" ? "rejected" : "lost", said);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
