/** Faults of policy files. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const policyErrors = {
  // the file
  "empty-file": {
    severity: "error",
    meaning: "The file holds nothing but white space or comments.",
    cure: "Write a policy, or extend a version.",
  },
  "yaml-syntax": {
    severity: "error",
    meaning: "The text is not valid YAML.",
    cure: "Mend the line; quote text that holds ': ', ' #' or a leading sign.",
  },
  "yaml-feature": {
    severity: "error",
    meaning: "Tags, anchors, aliases, directives and further documents would make the file mean more than it shows.",
    cure: "Write the value out in full, or put it in quotes.",
  },
  "hidden-character": {
    severity: "error",
    meaning: "An invisible or lost character (control, direction, not UTF-8) could make the file read differently from what it says.",
    cure: "Delete the character.",
  },
  "look-alike-character": {
    severity: "error",
    meaning: "A character outside the language looks like one of its own.",
    cure: "Type the plain character on the keyboard.",
  },
  "null-value": {
    severity: "error",
    meaning: "A key stands without a value. Often a comma inside braces split an expression or a number.",
    cure: "Move an expression with commas to 'conditions' or a line of its own; write numbers without thousands commas; '{}' for nothing.",
  },
  "missing-space": {
    severity: "error",
    meaning: "The space after ':' is missing, so YAML reads key and value as one text.",
    cure: "Write 'key: value'.",
  },
  "cut-by-comment": {
    severity: "error",
    meaning: "YAML cuts a plain value at ' #'.",
    cure: "Put the value in quotes; start a real comment with '# ' (hash, space).",
  },
  "duplicate-key": { severity: "error", meaning: "A key is given twice in one mapping.", cure: "Keep one of the two." },
  "wrong-shape": {
    severity: "error",
    meaning: "A mapping, a list or a text stands where another of them is expected.",
    cure: "Write it as the language reference shows.",
  },
  "file-name-mismatch": {
    severity: "error",
    meaning: "A file named after a version holds another version.",
    cure: "Name the file after the version that it holds.",
  },
  // keys and names
  "unknown-key": {
    severity: "error",
    meaning: "A key is not part of the language at this place.",
    cure: "Use a key of the language reference, or remove the line.",
  },
  "missing-key": { severity: "error", meaning: "A key that must be given is absent.", cure: "Add the key." },
  "conflicting-keys": { severity: "error", meaning: "Keys stand together that exclude each other.", cure: "Keep one of them." },
  "bad-name": {
    severity: "error",
    meaning: "A name must be an identifier, and must not be a word of the language.",
    cure: "Use lower-case letters, digits and underscores, a letter first; titles are for people.",
  },
  "duplicate-name": {
    severity: "error",
    meaning: "Two things that can stand in one expression, or two tiers, have the same name.",
    cure: "Rename one of them.",
  },
  "unknown-name": {
    severity: "error",
    meaning: "A name is used that nothing defines.",
    cure: "Use a name that the file, the panel or the parent version defines.",
  },
  "wrong-kind-of-name": {
    severity: "error",
    meaning: "A name is known, but stands for something that cannot be used here.",
    cure: "Use a name of the kind that is expected.",
  },
  "unused-name": {
    severity: "warning",
    meaning: "Something is defined that no tier and no condition depends on.",
    cure: "Use it, or remove it. A condition needs no reader: its answer is a column of every frame.",
  },
  "shadowed-name": {
    severity: "warning",
    meaning: "An operand reads a measure of the panel that has the name of something else in the policy.",
    cure: "Operands read measures only: for a rate of computed things write a value like '100 % * defects / transactions'; else rename one of the two.",
  },
  cycle: { severity: "error", meaning: "A definition depends on itself.", cure: "Break the circle." },
  // values
  "bad-version": { severity: "error", meaning: "A version is not three whole numbers with dots.", cure: "Write it like '1.2.0'." },
  "bad-number": {
    severity: "error",
    meaning: "A number is not written in plain decimals.",
    cure: "Write digits with at most one decimal point: '1000', '2.5'.",
  },
  "bad-form": {
    severity: "error",
    meaning: "A value does not have the form that its key asks for.",
    cure: "Write it in the form that is expected.",
  },
  "unknown-unit": {
    severity: "error",
    meaning: "A unit is not one of the language.",
    cure: "Use %, days, hours, points or a currency code such as USD.",
  },
  "out-of-range": { severity: "error", meaning: "A number lies outside what is allowed here.", cure: "Choose a number within the bounds." },
  "bad-range": {
    severity: "error",
    meaning: "A parameter's range is empty or does not hold its value.",
    cure: "Write 'lower to upper' around the value.",
  },
  "unit-mismatch": {
    severity: "error",
    meaning: "Two quantities of different units are put together.",
    cure: "Compare and add like with like; write the unit of a number.",
  },
  "currency-mismatch": {
    severity: "error",
    meaning: "Amounts in two currencies are put together.",
    cure: "Read measures in the currency of what they are put together with ('gmv in USD'; the dataset declares the rates), or write the number in theirs.",
  },
  "no-rates": {
    severity: "error",
    meaning: "A measure is read in a currency to which the panel has no rates from its own. Rates are neither inverted nor chained.",
    cure: "Add a file of rates to the dataset's descriptor ('holds: rates') and import it again, or use a currency that the panel has.",
  },
  "rates-begin-late": {
    severity: "error",
    meaning: "The panel begins before the first rate of a currency that a measure is read in.",
    cure: "Add a rate of the panel's first period or earlier to the dataset; it stands until the next one.",
  },
  // expressions
  "expression-syntax": {
    severity: "error",
    meaning: "An expression cannot be read.",
    cure: "See the expressions section of the language reference.",
  },
  "chained-comparison": {
    severity: "error",
    meaning: "Two comparisons share an operand.",
    cure: "Join two comparisons with 'and': 'a <= b and b <= c'.",
  },
  "type-mismatch": {
    severity: "error",
    meaning: "A number, a condition or a text stands where another of them is needed.",
    cure: "Compare numbers to make a condition; texts are compared with = and in.",
  },
  "wrong-arity": {
    severity: "error",
    meaning: "A function has too few or too many arguments.",
    cure: "Give as many as the language reference says.",
  },
  "unknown-function": {
    severity: "error",
    meaning: "A function is not one of the language.",
    cure: "Use min, max, clamp, floor, ceil, round or abs.",
  },
  // windows, curves, weights
  "bad-window": {
    severity: "error",
    meaning: "A window is not a count of whole days, weeks, periods, months, quarters or years, nor 'lifetime'.",
    cure: "Write it like '28 days' or '3 months'.",
  },
  "bad-curve": {
    severity: "error",
    meaning: "A curve needs two anchors or more, whose x strictly rises or strictly falls.",
    cure: "Put the anchors in order of x, without repeating one.",
  },
  "range-breaks-curve": {
    severity: "error",
    meaning: "Somewhere within a parameter's range the anchors of a curve would no longer be in order.",
    cure: "Narrow the parameter's range to lie between the neighbouring anchors.",
  },
  "bad-weight": {
    severity: "error",
    meaning: "A weight is not greater than zero, somewhere in its range.",
    cure: "Leave out a part that shall not count.",
  },
  // tiers and movement
  "duplicate-tier": { severity: "error", meaning: "Two tiers have the same name.", cure: "Rename one, or join them with 'or'." },
  "tier-lost": {
    severity: "error",
    meaning: "A tier of a version that was in force is neither in the next version nor replaced by one of its tiers.",
    cure: "Write 'replaces: [name]' under the tier that takes its place.",
  },
  "unreachable-tier": {
    severity: "error",
    meaning: "A tier stands after one that takes everyone who is left.",
    cure: "Give the tier before it a condition, or remove this one.",
  },
  "not-total": {
    severity: "error",
    meaning: "An entity could be in no tier: the last tier has a condition, and there is no 'otherwise'.",
    cure: "Add 'otherwise: unrated', or leave the condition of the last tier out.",
  },
  "unknown-punishes": {
    severity: "error",
    meaning: "An entity about whom too little is known would fall through to an adverse last tier.",
    cure: "Give the last tier a condition and add 'otherwise', or make the conditions before it always known ('... is known').",
  },
  "unknown-may-punish": {
    severity: "warning",
    meaning: "An adverse tier can be merited because a better tier's condition is unknown.",
    cure: "Ask for 'is known' of what the better tiers read.",
  },
  "unknown-tier": { severity: "error", meaning: "A tier is named that the ladder does not have.", cure: "Name a tier of this policy." },
  "no-refuge": {
    severity: "error",
    meaning: "A shield needs a tier that is not adverse.",
    cure: "Make a tier not adverse, or remove the shield.",
  },
  // versions
  "version-not-found": {
    severity: "error",
    meaning: "The version that is extended cannot be found.",
    cure: "Extend a version that is in the library.",
  },
  "extends-cycle": {
    severity: "error",
    meaning: "A version extends itself, directly or by way of others.",
    cure: "Extend an earlier version.",
  },
  "extends-wrong-programme": {
    severity: "error",
    meaning: "The extended file is of another programme or version than it is asked for.",
    cure: "Correct the programme or the version in that file.",
  },
  "no-changes": { severity: "warning", meaning: "A version extends another and changes nothing.", cure: "Add 'set', 'add' or 'remove'." },
  "path-not-found": {
    severity: "error",
    meaning: "A path leads to nothing in the extended version.",
    cure: "Use a path of the extended version, or 'add'.",
  },
  "path-exists": { severity: "error", meaning: "'add' names something that is already there.", cure: "Use 'set' to change it." },
  "path-overlap": {
    severity: "error",
    meaning: "Two changes touch the same node, or one inside the other.",
    cure: "State the outer change only.",
  },
  "path-refused": {
    severity: "error",
    meaning: "A path names something that a version states for itself.",
    cure: "Write it as a key of this file.",
  },
  // against a panel
  "entity-mismatch": {
    severity: "error",
    meaning: "The policy scores another kind of entity than the panel holds.",
    cure: "Use a panel of that kind.",
  },
  "unknown-measure": {
    severity: "error",
    meaning: "The panel has no such measure.",
    cure: "Use a measure of the panel, or import one of this name.",
  },
  "unknown-attribute": {
    severity: "error",
    meaning: "The panel has no such attribute.",
    cure: "Use an attribute of the panel, or import one of this name.",
  },
  "unknown-event": {
    severity: "error",
    meaning: "The panel has no events of such a kind.",
    cure: "Use a kind of event that the panel holds.",
  },
  "unknown-value": {
    severity: "warning",
    meaning: "An attribute never has this value in the panel.",
    cure: "Check the spelling against the panel's values.",
  },
  "measure-kind": {
    severity: "error",
    meaning: "A level cannot be added up over a window, and a flow has no last standing.",
    cure: "Use 'last' for levels, and share, mean or sum for flows.",
  },
  "attribute-type": {
    severity: "error",
    meaning: "An attribute is of another type than its use needs.",
    cure: "Texts are compared with = and in; 'since' needs a day.",
  },
  "window-empty": {
    severity: "error",
    meaning: "A window can be too short to hold one whole period of the panel.",
    cure: "Make the window at least one period long.",
  },
  "window-rounded": {
    severity: "note",
    meaning: "A window is not a whole number of the panel's periods; the whole periods inside it are read.",
    cure: "Nothing to do; choose a multiple of the period to read the window in full.",
  },
  "window-grain": {
    severity: "error",
    meaning: "Weeks do not lie within calendar months, so a calendar window cannot be read from weekly rows.",
    cure: "Give the window in days or weeks.",
  },
  "calendar-grain": {
    severity: "error",
    meaning: "The policy would be evaluated more than once on one row of the panel.",
    cure: "Evaluate as often as the panel's periods end, or less.",
  },
  "peers-of-peers": {
    severity: "error",
    meaning: "A rank or ratio compares something that itself depends on a comparison among peers.",
    cure: "Compare a metric or score that is computed from the entity alone.",
  },
  "calendar-missed": {
    severity: "error",
    meaning: "A ledger adds on dates on which the policy is not evaluated, so nothing would ever be added.",
    cure: "Evaluate on those dates, or name dates of the evaluation.",
  },
  "text-without-number": {
    severity: "error",
    meaning: "A parameter depends on a text, and gives no number for one that the panel has.",
    cure: "Give it a number under 'in'.",
  },
  "ambiguous-name": {
    severity: "error",
    meaning: "A name is both an attribute and a kind of event of the panel.",
    cure: "Rename one of them in the dataset.",
  },
  "unknown-field": {
    severity: "error",
    meaning: "Events of this kind carry no such field in the panel.",
    cure: "Use a field that the events of this kind carry.",
  },
  "sql-unsupported": {
    severity: "error",
    meaning: "An element of the policy cannot be expressed in the SQL that was asked for.",
    cure: "Use another engine, or write the element with fewer products or digits.",
  },
} as const satisfies Record<string, CatalogueEntry>;
