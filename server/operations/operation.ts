/** The form of an operation: one verb of the product, from which its command, its route and its reference are made. */
import type { z } from "zod";
import { InvariantBroken } from "../../data/foundation/index.ts";
import type { JobProgress, JobRecord, Store } from "../../data/store/index.ts";
import type { WhatIfSessions } from "./what-if-sessions.ts";

/** What an operation may use. */
export interface OperationContext {
  readonly store: Store;
  /**
   * Which files of this machine the caller may name. Commands: any. Over HTTP: descriptors and folders of datasets when the server
   * listens to this machine only, otherwise none; never policies, whose faults would show what a file holds.
   */
  readonly reads: "any file" | "datasets" | "nothing";
  readonly onProgress: (progress: JobProgress) => void;
  /** Long work only. Called before something outside this process works for it: the signal that it gives says when to call that off. */
  readonly heedStop?: () => AbortSignal;
  /** What only some doors can do. */
  readonly doors: {
    readonly cancelJob?: (id: string) => Promise<JobRecord>;
    /** What-ifs that stay open between questions. */
    readonly whatIf?: WhatIfSessions;
    readonly serve?: (address: { readonly port?: number | undefined; readonly host?: string | undefined }) => Promise<unknown>;
  };
}

/** How an operation is called from the command line: its name, these fields by position, the others as options. */
export interface CommandForm {
  readonly arguments: readonly string[];
  /** Fields that only the command line has: they name files on the caller's machine, or how to print. */
  readonly only?: readonly string[];
  /** Fields that only routes have. */
  readonly not?: readonly string[];
  /** Whatever word of the group is no other command's name is this command's first argument: `statistic welch-means`. */
  readonly isDefault?: boolean;
  /** Options whose name is not the field's own: `{ candidates: "--candidate" }`, given once for each. */
  readonly flags?: Readonly<Record<string, string>>;
}

/** How an operation is called over HTTP. Path parameters stand in braces; other fields come from the query (GET) or the body (POST). */
export interface RouteForm {
  readonly method: "get" | "post";
  readonly path: string;
  /** The field that the body of a request is, whole. */
  readonly body?: string;
}

/** An operation as doors see it. Inputs are checked inside; outputs are checked before they are given. */
export interface Operation {
  /** The words of the command: `dataset import`. */
  readonly name: string;
  readonly summary: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** Long work runs in a job, in a process of its own. */
  readonly isLong: boolean;
  /** Computes longer than a server's own thread may: over HTTP it is answered by another thread. */
  readonly isHeavy: boolean;
  readonly command?: CommandForm;
  readonly route?: RouteForm;
  /** What the work is called in a list of jobs. */
  readonly titleOf: (input: unknown) => string;
  /** Refuses at once what cannot be done, before it waits in a queue. @throws InputRefused. */
  readonly admit: (input: unknown, context: OperationContext) => void;
  /** The output, when it is stored already; nothing is computed. */
  readonly recall: (input: unknown, context: OperationContext) => unknown;
  /** @throws InputRefused for faults of the input. */
  readonly perform: (input: unknown, context: OperationContext) => Promise<unknown>;
  /** Removes what work that was killed left outside the home. */
  readonly clearAfterDeath: (input: unknown) => void;
  /** The page that shows the output. */
  readonly linkOf: (output: unknown) => string | undefined;
  /** The output in words, for a terminal. */
  readonly print: (output: unknown, input: unknown, context: OperationContext) => string;
  /** The command's exit code for an output: 0, or 1 when the output says that the input has errors. */
  readonly exitCodeOf: (output: unknown) => number;
}

/** A value of that type, however readonly its parts are; the output shape checks it once more when it runs. */
type Given<Value> = Value extends readonly (infer Element)[]
  ? readonly Given<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value as string extends Key ? never : Key]: Given<Value[Key]> }
    : Value;

interface Definition<Input extends z.ZodObject, Output extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly isLong?: boolean;
  readonly isHeavy?: boolean;
  readonly command?: CommandForm;
  readonly route?: RouteForm;
  readonly title?: (input: z.output<Input>) => string;
  readonly admit?: (input: z.output<Input>, context: OperationContext) => void;
  readonly recall?: (input: z.output<Input>, context: OperationContext) => Given<z.output<Output>> | undefined;
  readonly perform: (input: z.output<Input>, context: OperationContext) => Given<z.output<Output>> | Promise<Given<z.output<Output>>>;
  readonly clearAfterDeath?: (input: z.output<Input>) => void;
  readonly link?: (output: z.output<Output>) => string;
  readonly print: (output: z.output<Output>, input: z.output<Input>, context: OperationContext) => string;
  readonly exitCode?: (output: z.output<Output>) => number;
}

/** Makes an operation of a typed definition: what doors hand over is read by its zod shapes, so that nothing unchecked gets in or out. */
export function defineOperation<Input extends z.ZodObject, Output extends z.ZodType>(definition: Definition<Input, Output>): Operation {
  const { name, summary, input, output, command, route } = definition;
  const readInput = (value: unknown) => input.parse(value);
  const readOutput = (value: unknown) => {
    const read = output.safeParse(value);
    if (!read.success) throw new InvariantBroken(`${name} gave what its output shape does not allow: ${read.error.message}`);
    return read.data;
  };
  return {
    name,
    summary,
    input,
    output,
    isLong: definition.isLong ?? false,
    isHeavy: definition.isHeavy ?? false,
    ...(command === undefined ? {} : { command }),
    ...(route === undefined ? {} : { route }),
    titleOf: (value) => definition.title?.(readInput(value)) ?? name,
    admit: (value, context) => definition.admit?.(readInput(value), context),
    recall: (value, context) => {
      const stored = definition.recall?.(readInput(value), context);
      return stored === undefined ? undefined : readOutput(stored);
    },
    perform: async (value, context) => readOutput(await definition.perform(readInput(value), context)),
    clearAfterDeath: (value) => definition.clearAfterDeath?.(readInput(value)),
    linkOf: (value) => definition.link?.(readOutput(value)),
    print: (value, given, context) => definition.print(readOutput(value), readInput(given), context),
    exitCodeOf: (value) => definition.exitCode?.(readOutput(value)) ?? 0,
  };
}
