/** Faults of dataset descriptors and of the files that they describe, and the reasons for which rows are left out. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const datasetErrors = {
  "file-not-found": {
    severity: "error",
    meaning: "A file that is named does not exist or cannot be read.",
    cure: "Check the path; paths in a descriptor are relative to the descriptor.",
  },
  "unsupported-format": {
    severity: "error",
    meaning: "A data file is neither CSV, Parquet nor NDJSON, by its name.",
    cure: "Name it .csv, .parquet or .ndjson, or .csv.gz, .parquet.gz or .ndjson.gz.",
  },
  "unreadable-file": {
    severity: "error",
    meaning: "A file is not of the format that its name says, is damaged, or cannot be read.",
    cure: "Open the file with another tool; write it anew, or let it be read.",
  },
  "missing-column": {
    severity: "error",
    meaning: "The descriptor names a column that the file does not have.",
    cure: "Name a column of the file, or remove the line.",
  },
  "unknown-column": {
    severity: "warning",
    meaning: "A file has a column that the descriptor neither describes nor ignores.",
    cure: "Describe it under 'columns', or list it under 'ignore'.",
  },
  "repeated-column": {
    severity: "error",
    meaning: "The header of a file names a column more than once, and the descriptor uses it.",
    cure: "Give each column of the file its own name.",
  },
  "conflicting-definition": {
    severity: "error",
    meaning: "The same name is defined twice, differently.",
    cure: "Give it the same definition everywhere, or another name.",
  },
  "nothing-left": {
    severity: "error",
    meaning: "No row of the history passed the checks, so there is nothing to freeze.",
    cure: "See the reasons in the message and mend the files or the descriptor.",
  },
  "cannot-write": {
    severity: "error",
    meaning: "The dataset could not be written. Nothing was registered.",
    cure: "Make room or give the rights that the message names, then import again.",
  },
  "nothing-known-yet": {
    severity: "error",
    meaning: "On the known-at day that was asked for, no period of the dataset had ended.",
    cure: "Choose a later day.",
  },
  "rows-elsewhere": {
    severity: "error",
    meaning: "A dataset is known here without its rows, which lie in a connection's tables; this needs them.",
    cure: "Replay it with --engine and the connection's name, or import the history here for everything else.",
  },
  "damaged-dataset": {
    severity: "error",
    meaning: "A frozen dataset does not hold what its digest says.",
    cure: "Remove its folder and import it again.",
  },
  "rows-rejected": {
    severity: "warning",
    meaning: "Some rows were left out; they are counted by reason and listed with file, line and column.",
    cure: "Read rejected.ndjson in the dataset's folder.",
  },
  "rows-set-aside": {
    severity: "note",
    meaning: "The importer could not place some rows of the original files; they are counted by reason and listed with file and line.",
    cure: "Read set-aside.ndjson in the dataset's folder.",
  },
  "period-not-over": {
    severity: "warning",
    meaning: "The last period had not ended on the dataset's known-at day, so its figures are of a part of it.",
    cure: "Leave the last period out, or set 'known_at' to the day until which the files are complete.",
  },
  "empty-periods": {
    severity: "note",
    meaning: "There are periods in which no file has a row for anyone.",
    cure: "Check that the files are complete; the periods count as empty: flows 0.",
  },
  // Reasons for which a row is left out.
  "malformed-row": {
    severity: "warning",
    meaning: "The row does not have the form of the file's other rows.",
    cure: "Mend the row in the file.",
  },
  "key-too-long": {
    severity: "warning",
    meaning: "An entity key or an event's id is longer than the limit 'keyBytes'.",
    cure: "Check the file; raise the limit in data/foundation/limits.ts when keys are really so long.",
  },
  "missing-entity-key": { severity: "warning", meaning: "A column of the entity key is empty.", cure: "Give every row its entity." },
  "bad-date": {
    severity: "warning",
    meaning: "A date is missing, does not exist, or lies outside 1900 to 2199.",
    cure: "Write dates as YYYY-MM-DD.",
  },
  "not-a-number": {
    severity: "warning",
    meaning: "A cell that must hold a number holds something else.",
    cure: "Write digits with at most one decimal point.",
  },
  "not-finite": {
    severity: "warning",
    meaning: "A number is infinite or 'not a number'.",
    cure: "Leave the cell empty when the value is not known.",
  },
  "negative-value": { severity: "warning", meaning: "A count or share is below 0.", cure: "Correct the value." },
  "not-whole": {
    severity: "warning",
    meaning: "A count is not a whole number.",
    cure: "Correct the value, or declare another unit with decimals.",
  },
  "too-many-decimals": {
    severity: "warning",
    meaning: "A value has more decimals than its column declares.",
    cure: "Round the value at its source, or declare more 'decimals'.",
  },
  "too-large": {
    severity: "warning",
    meaning: "A value is too large to be added up exactly (2^53 smallest units).",
    cure: "Correct the value, or declare fewer 'decimals'.",
  },
  "share-above-one": { severity: "warning", meaning: "A share is above 1.", cure: "Write shares as fractions of 1." },
  "part-above-whole": {
    severity: "warning",
    meaning: "A part is greater than the whole that it is declared a part of.",
    cure: "Correct one of the two.",
  },
  "duplicate-row": {
    severity: "warning",
    meaning: "Another row says the same of the same entity and period (or is the same fact); one of them is kept.",
    cure: "Remove one.",
  },
  "conflicting-row": {
    severity: "warning",
    meaning: "Rows of the same entity and period (or of the same fact) say different things; none of them is kept.",
    cure: "Remove the wrong one, or name the 'known_at' column if one is a correction.",
  },
  "after-known-at": {
    severity: "warning",
    meaning: "The row is about, or was known on, a day after the dataset's known-at day.",
    cure: "Set 'known_at' to the last day whose knowledge the files hold.",
  },
  "known-too-early": { severity: "warning", meaning: "A fact was known before it happened.", cure: "Correct one of the two days." },
  "entity-without-rows": {
    severity: "warning",
    meaning: "The row is about an entity that the history has no row of.",
    cure: "Nothing, if the entity was never active; else correct its key.",
  },
  "unknown-kind": {
    severity: "warning",
    meaning: "An event is of a kind that the descriptor does not list.",
    cure: "List the kind under 'kinds'.",
  },
  "unknown-source": {
    severity: "warning",
    meaning: "A label is from a source that the descriptor does not define.",
    cure: "Define it under 'outcomes'.",
  },
  "unknown-outcome": { severity: "warning", meaning: "A label is neither harmful, fine nor pending.", cure: "Use one of the three words." },
  "unknown-assigned-tier": {
    severity: "warning",
    meaning: "An assigned tier is not in the declared list.",
    cure: "Add it to 'assigned_tier'.",
  },
  "not-a-period-end": {
    severity: "warning",
    meaning: "A label is about a day that is not the last day of a period.",
    cure: "Give the last day of the period that the label is about.",
  },
  "bad-probability": {
    severity: "warning",
    meaning: "An audit probability is not above 0 and at most 1.",
    cure: "Correct it, or leave it empty.",
  },
  "other-currency": {
    severity: "warning",
    meaning: "A rate is from another currency than the dataset's, so it converts no amount of it.",
    cure: "Nothing, if the file serves other datasets too; else correct the currency. Rates are neither inverted nor chained.",
  },
  "bad-currency": {
    severity: "warning",
    meaning: "A rate is not to another currency, named by a code of three capital letters.",
    cure: "Write the code of the currency, such as USD.",
  },
  "bad-rate": { severity: "warning", meaning: "A rate is not a number above 0.", cure: "Correct the rate." },
  // Faults of the original files that an importer reads.
  "source-column-missing": {
    severity: "error",
    meaning: "A file of a known source lacks a column that the preparation reads.",
    cure: "Use the file as it was published, with its original header.",
  },
  "source-rows-unreadable": {
    severity: "warning",
    meaning: "Rows of a source file do not parse, or lack a value without which they say nothing; they are set aside.",
    cure: "See set-aside.ndjson in the dataset's folder for every row and its reason.",
  },
  "source-rows-repeated": {
    severity: "warning",
    meaning: "Rows of a source file repeat a key that may stand only once; the first one counts.",
    cure: "See set-aside.ndjson in the dataset's folder for every row.",
  },
  "source-rows-unmatched": {
    severity: "warning",
    meaning: "Rows of a source file name a row of another file that is not there.",
    cure: "See set-aside.ndjson in the dataset's folder for every row; a complete download leaves fewer.",
  },
  "source-limits-ahead": {
    severity: "note",
    meaning: "Deadlines in a source file lie after the last day on which the files record anything.",
    cure: "Nothing: they count once files that reach so far are imported.",
  },
} as const satisfies Record<string, CatalogueEntry>;
