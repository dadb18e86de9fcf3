/** What a contender is: how it is opened, how it runs, and what one process says about it. */
import type { History } from "../history/prepare.ts";
import type { PolicyName } from "../manifest.ts";

/** What a process is told. The same JSON goes to the peers in Python. */
export interface Task {
  readonly contender: string;
  readonly policy: PolicyName;
  readonly history: History;
  readonly weeks: number;
  /** Warm runs at most; no further one begins once they have taken so long together. */
  readonly warmRuns: number;
  readonly warmMilliseconds: number;
}

/** What was computed, under short names: sellers by week and tier (`12 gold`), or totals. Contenders of one group must give the same. */
export type Result = Readonly<Record<string, number>>;

/** One process' answer. Milliseconds; `cold` is the first run of the process, from files to result; a warm run finds its columns in memory. */
export type Answer =
  | {
      readonly cold?: number;
      readonly warm: readonly number[];
      /** What all threads of the process spent on each warm run. */
      readonly warmCpu: readonly number[];
      readonly result: Result;
      /** Peak of the process after the cold run, and in all. */
      readonly coldMegabytes: number;
      readonly peakMegabytes: number;
      readonly versions?: Readonly<Record<string, string>>;
    }
  | { readonly missing: string };

/** A contender, opened in its own process. */
export interface Contender {
  /** From files to result; absent when only what is in memory already is measured. */
  readonly cold?: () => Result | Promise<Result>;
  /** Puts everything that the warm run reads into memory. Not timed. */
  readonly hold?: () => unknown;
  /** From columns in memory to a result, which may be left for `resultOf` to count up. */
  readonly warm?: () => unknown;
  /** Counts up what the warm run left, outside the time; the result itself when absent. */
  readonly resultOf?: (left: unknown) => Result;
  readonly close?: () => void;
}

/** Why a contender cannot take part. */
export interface Missing {
  readonly missing: string;
}

/** Opens a contender for a task. */
export type OpenContender = (task: Task) => Contender | Missing | Promise<Contender | Missing>;
