/** The command line: a command for every operation that has one, made from the table. */
import { Command, CommanderError, Option } from "commander";
import { type Diagnostic, diagnose, formatDiagnostic, InputRefused } from "../../data/foundation/index.ts";
import { catalogueFile, storeFault } from "../../data/store/index.ts";
import {
  type Field,
  faultsOf,
  fieldsOf,
  type Operation,
  openHome,
  operations,
  programVersion,
  readFieldText,
} from "../operations/index.ts";
import { exitCodes } from "./exit-codes.ts";
import { writeFaults } from "./fault-document.ts";
import { runOperation, UsageRefused } from "./run-operation.ts";
import type { Surroundings } from "./streams.ts";

/** Runs one command and gives its exit code. Results go to standard output, everything else to standard error. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = makeProgram(surroundings, async (operation, input, isJson) => {
    exitCode = await runOne(operation, input, isJson, surroundings);
  });
  try {
    await program.parseAsync(words, { from: "user" });
    return exitCode;
  } catch (error) {
    const isJson = words.includes("--json");
    if (!(error instanceof CommanderError)) return reportBug(error, isJson, surroundings);
    if (isAnswer(error)) return exitCodes.done;
    if (isJson) writeFaults([diagnose("bad-request", { message: usageFault(error) })], surroundings);
    return exitCodes.usage;
  }
}

/** Runs an operation on its input as it was typed. */
type RunTyped = (operation: Operation, input: Record<string, unknown>, isJson: boolean) => Promise<void>;

/** Commander's tree of commands. `run` is called with the input as it was typed. */
function makeProgram({ stdout, stderr }: Surroundings, run: RunTyped): Command {
  const program = new Command("counterweight")
    .description("Replay a marketplace scoring policy over the real past before it ships.")
    .version(programVersion())
    .showHelpAfterError("Run with --help to see what is expected.")
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride();
  const groups = new Map<string, Command>();
  for (const operation of operations) {
    if (operation.command === undefined) continue;
    const words = operation.name.split(" ");
    const verb = words.at(-1) ?? operation.name;
    const parent = words.length === 1 ? program : groupOf(program, groups, words[0] ?? "");
    addCommand(parent, verb, operation, run);
  }
  return program;
}

function groupOf(program: Command, groups: Map<string, Command>, noun: string): Command {
  const known = groups.get(noun);
  if (known !== undefined) return known;
  const group = program.command(noun).description(`Commands about ${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`);
  groups.set(noun, group);
  return group;
}

function addCommand(parent: Command, verb: string, operation: Operation, run: RunTyped): void {
  const left = operation.command?.not ?? [];
  const fields = fieldsOf(operation.input, operation.command?.flags).filter(({ name }) => !left.includes(name));
  const positional = operation.command?.arguments ?? [];
  const command = parent.command(verb, { isDefault: operation.command?.isDefault === true }).description(operation.summary);
  for (const name of positional) {
    const field = fields.find((entry) => entry.name === name);
    command.argument(field?.kind === "texts" ? `<${name}...>` : `<${name}>`, field?.description);
  }
  const options = fields.filter((field) => !positional.includes(field.name)).map((field) => ({ field, option: optionOf(field) }));
  for (const { option } of options) command.addOption(option);
  command.option("--json", "print exactly one JSON document");
  command.action(async (...given: unknown[]) => {
    const typed = command.opts<Record<string, string | boolean | readonly string[]>>();
    const input: Record<string, unknown> = {};
    for (const [index, name] of positional.entries()) input[name] = given[index];
    for (const { field, option } of options) {
      const value = typed[option.attributeName()];
      if (value !== undefined) input[field.name] = typeof value === "boolean" ? value : readFieldText(field, value);
    }
    await run(operation, input, typed["json"] === true);
  });
}

/** An option of a field. Defaults and forms are the shape's business, so that commands and routes agree on them. */
function optionOf(field: Field): Option {
  const notes = [
    field.description,
    ...(field.choices === undefined ? [] : [`one of ${field.choices.join(", ")}`]),
    ...(field.defaultValue === undefined || field.defaultValue === false ? [] : [`default ${JSON.stringify(field.defaultValue)}`]),
    ...(field.kind === "texts" ? ["may be given several times"] : []),
  ];
  const option = new Option(
    field.kind === "boolean" ? field.flag : `${field.flag} <${field.name}>`,
    notes.filter((note) => note !== "").join("; "),
  );
  if (field.isRequired) option.makeOptionMandatory();
  if (field.kind === "texts") option.argParser((text: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), text]);
  return option;
}

async function runOne(operation: Operation, input: Record<string, unknown>, isJson: boolean, surroundings: Surroundings): Promise<number> {
  const faults = faultsOf(operation.input, input);
  if (faults.length > 0) return refuse(faults, isJson, exitCodes.usage, surroundings);
  try {
    const store = openHome(surroundings.settings.home);
    try {
      return await runOperation(operation, input, { ...surroundings, store, isJson });
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof InputRefused) {
      // A process that was killed, or found no memory, is no fault of the input.
      const isDeath = error.diagnostics.some(({ code }) => code === "job-died");
      const refused = error instanceof UsageRefused ? exitCodes.usage : exitCodes.refused;
      return refuse(error.diagnostics, isJson, isDeath ? exitCodes.broken : refused, surroundings);
    }
    const fault = storeFault(error, catalogueFile(surroundings.settings.home));
    return fault === undefined ? reportBug(error, isJson, surroundings) : refuse([fault], isJson, exitCodes.refused, surroundings);
  }
}

function refuse(diagnostics: readonly Diagnostic[], isJson: boolean, exitCode: number, surroundings: Surroundings): number {
  for (const diagnostic of diagnostics) surroundings.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  if (isJson) writeFaults(diagnostics, surroundings);
  return exitCode;
}

function reportBug(error: unknown, isJson: boolean, surroundings: Surroundings): number {
  const account = error instanceof Error ? (error.stack ?? error.message) : String(error);
  surroundings.stderr.write(`This is a bug of Counterweight, not of your input:\n${account}\n`);
  if (isJson) writeFaults([diagnose("internal-fault", { message: account.split("\n")[0] ?? "" })], surroundings);
  return exitCodes.broken;
}

/** What Commander says, without its label; when it printed its help instead, what led to that. */
function usageFault({ code, message }: CommanderError): string {
  return code.startsWith("commander.help") ? "no command is given" : message.replace(/^error: /, "");
}

/** Help and version that were asked for are answers, not mistakes. */
function isAnswer(error: CommanderError): boolean {
  return error.exitCode === 0;
}
