/** What-ifs that stay open: histories in memory, each with one question at a time, closed when nobody asks any more. */
import { diagnose, InputRefused } from "../../data/foundation/index.ts";
import type { LiveComparison, PeriodDistribution, WhatIfAnswer } from "../../simulations/comparison/index.ts";

type Question = Parameters<LiveComparison["answer"]>[0];

/** A history that is held open, and what never moves in it. */
export interface OpenWhatIf {
  readonly live: Pick<LiveComparison, "answer" | "close">;
  readonly baseline: readonly PeriodDistribution[];
}

/** Opens a history; `follow` is given what tells how much of it has been read, from 0 to 1. */
export type OpenSession = (follow: (share: () => number) => void) => Promise<OpenWhatIf>;

/** An answer beside the baseline's own distribution. */
export interface WhatIfFigures {
  readonly baseline: readonly PeriodDistribution[];
  readonly answer: WhatIfAnswer;
}

const openMost = 2;
const idleMillisecondsDefault = 600_000;

/** At most two at once: opening a third closes the one that was asked longest ago. */
export class WhatIfSessions {
  readonly #sessions = new Map<string, Session>();
  readonly #idleMilliseconds: number;
  #isClosed = false;

  constructor(idleMilliseconds = idleMillisecondsDefault) {
    this.#idleMilliseconds = idleMilliseconds;
  }

  /** How many histories are held. */
  get openCount(): number {
    return this.#sessions.size;
  }

  /** How much of a history has been read, from 0 to 1, while it is being opened. */
  shareRead(key: string): number | undefined {
    return this.#sessions.get(key)?.shareRead?.();
  }

  /**
   * Asks the session of that key, opening it first when there is none. One question at a time; of those that wait only the last is answered.
   *
   * @throws InputRefused `superseded` for the others, and what opening or answering throws.
   */
  async ask(key: string, open: OpenSession, question: Question): Promise<WhatIfFigures> {
    if (this.#isClosed) throw superseded("the server is being stopped");
    const session = this.#sessions.get(key) ?? new Session(open);
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > openMost && oldest !== undefined) void this.#drop(oldest);
    session.closeAfter(this.#idleMilliseconds, () => void this.#drop(key, session));
    try {
      return await session.ask(question);
    } catch (error) {
      // A session that failed by itself, not by its question, cannot answer the next one either.
      if (!(error instanceof InputRefused)) await this.#drop(key, session);
      throw error;
    }
  }

  /** Lets the running answers end, and closes all. No other is opened. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#sessions.keys()].map((key) => this.#drop(key)));
  }

  async #drop(key: string, session = this.#sessions.get(key)): Promise<void> {
    if (session === undefined) return;
    if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    await session.close();
  }
}

interface Waiting {
  readonly question: Question;
  readonly resolve: (figures: WhatIfFigures) => void;
  readonly reject: (error: unknown) => void;
}

class Session {
  readonly #opened: Promise<OpenWhatIf>;
  /** While it is being opened. */
  shareRead: (() => number) | undefined;
  #waiting: Waiting | undefined;
  #work: Promise<void> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(open: OpenSession) {
    this.#opened = open((share) => {
      this.shareRead = share;
    });
    const isOver = () => {
      this.shareRead = undefined;
    };
    // Whoever asks is told of a failure; nobody may ask.
    this.#opened.then(isOver, isOver);
  }

  ask(question: Question): Promise<WhatIfFigures> {
    return new Promise((resolve, reject) => {
      this.#supersede();
      this.#waiting = { question, resolve, reject };
      this.#work ??= this.#answerAll();
    });
  }

  closeAfter(milliseconds: number, close: () => void): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(close, milliseconds).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#supersede();
    await this.#work;
    const opened = await this.#opened.catch(() => undefined);
    await opened?.live.close();
  }

  async #answerAll(): Promise<void> {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      try {
        const { live, baseline } = await this.#opened;
        next.resolve({ baseline, answer: await live.answer(next.question) });
      } catch (error) {
        next.reject(error);
      }
    }
    this.#work = undefined;
  }

  #take(): Waiting | undefined {
    const next = this.#waiting;
    this.#waiting = undefined;
    return next;
  }

  #supersede(): void {
    this.#take()?.reject(superseded("a later question about the same history came while this one waited"));
  }
}

function superseded(message: string): InputRefused {
  return new InputRefused([diagnose("superseded", { message })]);
}
