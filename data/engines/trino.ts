/** A plain client of Trino: its HTTP protocol, one statement at a time, and everything that can go wrong as a kind of fault. */

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
}

/** Why a statement gave nothing. */
export type EngineFaultKind =
  /** Nobody answered, or not as a coordinator does. */
  | "unreachable"
  /** User or password were not taken. */
  | "refused"
  /** The user may not do this. */
  | "forbidden"
  /** The engine found the statement wrong, or lacks the tables. */
  | "rejected"
  /** A limit on time, memory or rows. */
  | "limit"
  /** A worker was lost, or the engine failed within: another try may do. */
  | "lost"
  | "cancelled";

/** What went wrong with a statement, in the engine's words. */
export class EngineFault extends Error {
  readonly kind: EngineFaultKind;

  constructor(kind: EngineFaultKind, message: string) {
    super(message);
    this.name = "EngineFault";
    this.kind = kind;
  }
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
  /** Rows that went between workers or to the coordinator are part of it. */
  readonly peakMemoryBytes: number;
}

/** How a statement is watched and called off. */
export interface EngineWatch {
  readonly signal?: AbortSignal;
}

interface Answer {
  readonly id: string;
  readonly nextUri?: string;
  readonly data?: readonly (readonly EngineValue[])[];
  readonly stats?: { readonly physicalInputBytes?: number; readonly processedBytes?: number; readonly peakMemoryBytes?: number };
  readonly error?: { readonly message: string; readonly errorName: string; readonly errorType: string };
}

/** Speaks to one coordinator. */
export class Trino {
  readonly #options: TrinoOptions;

  constructor(options: TrinoOptions) {
    this.#options = options;
  }

  /** Runs a statement to its end. Called off, the engine is told to stop, too. @throws EngineFault. */
  async query(statement: EngineStatement, { signal }: EngineWatch = {}): Promise<EngineAnswer> {
    const rows: (readonly EngineValue[])[] = [];
    let answer = await this.#ask(new URL("/v1/statement", this.#options.url), { method: "POST", body: wholeStatement(statement) });
    let stats = answer.stats;
    for (;;) {
      if (answer.error !== undefined) throw faultOf(answer.error);
      rows.push(...(answer.data ?? []));
      stats = answer.stats ?? stats;
      const next = answer.nextUri;
      if (next === undefined) break;
      if (signal?.aborted === true) await this.#stop(next, new EngineFault("cancelled", "the statement was called off"));
      if (rows.length > this.#options.rowsMax)
        await this.#stop(next, new EngineFault("limit", `the statement gives more than ${this.#options.rowsMax} rows`));
      answer = await this.#ask(this.#sameHost(next), { method: "GET" });
    }
    return {
      rows,
      queryId: answer.id,
      bytesRead: stats?.physicalInputBytes ?? stats?.processedBytes ?? 0,
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

  async #stop(next: string, fault: EngineFault): Promise<never> {
    await fetch(this.#sameHost(next), { method: "DELETE", headers: this.#headers() }).catch(() => undefined);
    throw fault;
  }

  /** The coordinator may know itself by another name than we do. */
  #sameHost(uri: string): URL {
    const { pathname, search } = new URL(uri);
    return new URL(`${pathname}${search}`, this.#options.url);
  }

  async #ask<T = Answer>(url: URL, init: { readonly method: "GET" | "POST"; readonly body?: string }): Promise<T> {
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers: this.#headers(), redirect: "error" });
    } catch (error) {
      throw new EngineFault("unreachable", `nothing answers at ${this.#options.url}: ${reasonOf(error)}`);
    }
    if (response.status === 401) throw new EngineFault("refused", `${this.#options.url} does not take this user and password`);
    if (response.status === 403) throw new EngineFault("forbidden", `${this.#options.url} does not let '${this.#options.user}' in`);
    if (response.status === 503 || response.status === 502) throw new EngineFault("lost", `the coordinator is busy (${response.status})`);
    const text = await response.text();
    if (!response.ok) throw new EngineFault("unreachable", `${url.pathname} answers ${response.status}: ${text.slice(0, 200)}`);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new EngineFault("unreachable", `${this.#options.url} does not answer as a coordinator does`);
    }
  }

  #headers(): Record<string, string> {
    const { user, password, catalog, schema, tags = [], secondsMax } = this.#options;
    return {
      "X-Trino-User": user,
      "X-Trino-Source": "counterweight",
      "X-Trino-Catalog": catalog,
      "X-Trino-Schema": schema,
      "X-Trino-Client-Tags": tags.join(","),
      "X-Trino-Session": `query_max_run_time=${encodeURIComponent(`${secondsMax}s`)}`,
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
  if (errorName === "USER_CANCELED") return new EngineFault("cancelled", said);
  if (errorType === "INSUFFICIENT_RESOURCES" && (limits.has(errorName) || /MEMORY/.test(errorName))) return new EngineFault("limit", said);
  return new EngineFault(errorType === "USER_ERROR" ? "rejected" : "lost", said);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
