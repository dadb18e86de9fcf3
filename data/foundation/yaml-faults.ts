/** A YAML parser's faults in our words: it speaks of its own terms, and we of the line. */
import type { DiagnosticCode } from "./error-catalogue.ts";

/** What a YAML parser found. */
interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The fault as a diagnostic says it; `offset` is its place in the text. */
interface SaidYamlFault {
  readonly code: DiagnosticCode;
  readonly offset: number;
  readonly message: string;
  readonly cure?: string;
}

/**
 * Says a parser's fault; `what` names what the file holds one of, such as `a policy`.
 *
 * @example
 * sayYamlFault("a: 1\na: 2", { code: "DUPLICATE_KEY", message: "Map keys must be unique", pos: [5, 6] }, "policy").message
 * // => "a key stands twice in one mapping"
 */
export function sayYamlFault(text: string, { code, message, pos: [offset] }: YamlFault, what: string): SaidYamlFault {
  const say = (words: string, cure?: string, at = offset): SaidYamlFault => ({
    code: "yaml-syntax",
    offset: at,
    message: words,
    ...(cure === undefined ? {} : { cure }),
  });
  const isBlockHeader = /Block scalar header/.test(message);
  const sign = (at: number): string => text[at] ?? "";
  if (code === "BAD_SCALAR_START" || isBlockHeader) {
    const at = isBlockHeader ? offset - 1 : offset;
    return say(`a value cannot start with '${sign(at)}' here`, "Start the value with a name or a number, or put it in quotes.", at);
  }
  if (/flow (?:map|sequence|collection)/i.test(message)) {
    const cure = "Close every brace and bracket; move an expression with commas out of the braces, to 'conditions' or a line of its own.";
    return say("a brace or bracket is not closed, or what stands in it is no list", cure);
  }
  switch (code) {
    case "TAB_AS_INDENT":
      return say("a tab indents this line", "Indent with spaces.", Math.max(0, text.indexOf("\t", offset)));
    case "MULTIPLE_DOCS":
      return { ...say(`a second document ('---') starts here; a file holds one ${what}`), code: "yaml-feature" };
    case "TAG_RESOLVE_FAILED":
    case "MULTIPLE_TAGS":
      return { ...say("a YAML tag stands here"), code: "yaml-feature" };
    case "BAD_ALIAS":
    case "ALIAS_PROPS":
    case "MULTIPLE_ANCHORS":
      return { ...say("a YAML anchor or alias stands here"), code: "yaml-feature" };
    case "DUPLICATE_KEY":
      return { ...say("a key stands twice in one mapping"), code: "duplicate-key" };
    case "BLOCK_AS_IMPLICIT_KEY":
      return say("a second ': ' stands in this value", "Put the value in quotes.");
    case "BAD_INDENT":
      return say(
        "the line is indented otherwise than the lines that it belongs to",
        "Let the keys of one mapping start in the same column.",
      );
    case "MISSING_CHAR":
      return /quote/.test(message)
        ? say("a quote that opens before is not closed", "Close it where the text ends.")
        : say("a sign is missing before this one", "Write 'key: value', with ': ' between the two and commas between the items of a list.");
    case "MULTILINE_IMPLICIT_KEY":
      return say("the line is no 'key: value'", "Write a key, ': ' and its value.");
    case "KEY_OVER_1024_CHARS":
      return say("a key is longer than 1,024 characters, or its ': ' is missing", "Write a short key, ': ' and its value.");
    case "BAD_DQ_ESCAPE":
      return say("a backslash within double quotes begins no known sign", "Use single quotes, or double the backslash.");
    case "BAD_DIRECTIVE":
      return { ...say("a YAML directive (%) changes how the file is read"), code: "yaml-feature" };
    default:
      return say("the line is no YAML that can be read");
  }
}
