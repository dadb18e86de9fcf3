/** Faults of requests: commands, routes and runs. */
import type { CatalogueEntry } from "./catalogue-entry.ts";

export const doorErrors = {
  "bad-request": {
    severity: "error",
    meaning: "An option or field of a request is missing or has the wrong form.",
    cure: "See the reference page for the form that is expected.",
  },
  "bad-json": {
    severity: "error",
    meaning: "The body of a request is not JSON.",
    cure: "Send one JSON object, with content type application/json.",
  },
  "not-found": {
    severity: "error",
    meaning: "No page or route has this address.",
    cure: "Start at the home page; programs find the routes in GET /api/openapi.json.",
  },
  "method-not-allowed": {
    severity: "error",
    meaning: "The address exists, but not for this method.",
    cure: "See GET /api/openapi.json for the methods of each route.",
  },
  "unknown-dataset": {
    severity: "error",
    meaning: "No dataset has this id, name or digest.",
    cure: "List what there is with `counterweight dataset list`.",
  },
  "ambiguous-dataset": {
    severity: "error",
    meaning: "Several datasets bear this name or begin with these digits.",
    cure: "Name one of them by its id.",
  },
  "unknown-statistic": {
    severity: "error",
    meaning: "No statistic of the table has this name.",
    cure: "List what there is with `counterweight statistic list`.",
  },
  "bad-statistic-input": {
    severity: "error",
    meaning: "A field of a statistic's input is missing, of the wrong kind, or beyond sense.",
    cure: "See the form of the input, with an example, with `counterweight statistic show <name>`.",
  },
  "unknown-policy": {
    severity: "error",
    meaning: "No policy version of the library and no file has this name.",
    cure: "List what there is with `counterweight policy list`, or give the path of a file.",
  },
  "unknown-preset": {
    severity: "error",
    meaning: "No comparison is kept under this name.",
    cure: "List what there is with `counterweight preset list`.",
  },
  "unknown-segment": {
    severity: "error",
    meaning: "The dataset's entities cannot be parted so.",
    cure: "Name a text attribute of the dataset, `size` or `age`.",
  },
  "unknown-run": {
    severity: "error",
    meaning: "No run or job has this id.",
    cure: "List what there is with `counterweight run list`.",
  },
  "ambiguous-run": {
    severity: "error",
    meaning: "Several runs begin with these digits.",
    cure: "Give more digits.",
  },
  "unknown-entity": {
    severity: "error",
    meaning: "The dataset has no entity with this key.",
    cure: "Check the spelling; columns of a composite key are joined by a bar: `a|b`.",
  },
  "period-outside": {
    severity: "error",
    meaning: "A date lies outside the history of the dataset, or the range runs backwards.",
    cure: "See the first and last period with `counterweight dataset show`.",
  },
  "policy-unfit": {
    severity: "error",
    meaning: "Baseline and candidate, or policy and dataset, do not score the same kind of entity.",
    cure: "Choose a policy and a dataset for the same kind of entity.",
  },
  "path-refused": {
    severity: "error",
    meaning: "A request over the network names a file of the server's machine.",
    cure: "Send the text of the policy, or name a version of the library; import datasets on the server's machine with the command.",
  },
  "cross-site": {
    severity: "error",
    meaning: "Another site's page sent the request, or the request names a host that this server is not.",
    cure: "Send the form from this server's own pages, or open the server under the address that it printed.",
  },
  "queue-full": {
    severity: "error",
    meaning: "As many jobs wait as the queue holds.",
    cure: "Wait for one to end or cancel one, then ask again.",
  },
  "not-cancellable": {
    severity: "error",
    meaning: "The job has ended already, or a command runs it.",
    cure: "Nothing to do; a command is stopped with Ctrl-C where it runs.",
  },
  "job-died": {
    severity: "error",
    meaning: "The process that did the work ended without an answer.",
    cure: "Start it again; nothing that was stored before is lost. If it dies again, the machine may be short of memory.",
  },
  "unsupported-media-type": {
    severity: "error",
    meaning: "The body of a request is of a kind that this address does not read.",
    cure: "Send one JSON object in UTF-8, with content type application/json.",
  },
  "duplicate-candidate": {
    severity: "error",
    meaning: "Two candidates bear the same version, so that a report could not tell them apart.",
    cure: "Leave one out, or give each its own version in its file.",
  },
  "version-exists": {
    severity: "error",
    meaning: "A version of this number is there already; a version never changes.",
    cure: "Choose the next free number.",
  },
  superseded: {
    severity: "error",
    meaning: "A later question about the same history came while this one waited: only the last is answered.",
    cure: "Ask again when the figures are still wanted.",
  },
  interrupted: {
    severity: "error",
    meaning: "The command was interrupted by its user.",
    cure: "Nothing of it was stored; run it again when you want it.",
  },
  "unknown-engine": {
    severity: "error",
    meaning: "No engine and no connection has this name.",
    cure: "Use kernels or duckdb, or describe the connection in the home's connections.yaml.",
  },
  "connections-faulty": {
    severity: "error",
    meaning: "The home's connections.yaml is not what it should be.",
    cure: "Correct it there; simulations/README.md shows a connection with every key.",
  },
  "secret-missing": {
    severity: "error",
    meaning: "The environment variable that a connection takes its password from is not set.",
    cure: "Set it where the program is started, or correct its name in connections.yaml.",
  },
  "engine-unreachable": {
    severity: "error",
    meaning: "Nothing answers at a connection's address, or not as its engine does.",
    cure: "See that the engine runs and that its address in connections.yaml is right.",
  },
  "engine-refused": {
    severity: "error",
    meaning: "A connection's user was not let in, or may not read the tables.",
    cure: "Correct user and password, or let the user read the tables.",
  },
  "engine-unfit": {
    severity: "error",
    meaning: "A connection's engine is too old, lacks the dataset's tables, or lets the user write to them.",
    cure: "Lay the dataset's tables down where the engine reads them, for a user who can only read.",
  },
  "engine-limit": {
    severity: "error",
    meaning: "A statement went beyond a limit on time, memory or rows.",
    cure: "Raise seconds_max or rows_max in connections.yaml, or lay the tables down in more shards.",
  },
  "engine-failed": {
    severity: "error",
    meaning: "The engine could not run a statement, after all tries.",
    cure: "Ask those who run the engine, with its own words; shards that are done are kept for the next attempt.",
  },
  "cannot-listen": {
    severity: "error",
    meaning: "The server cannot listen on the address and port that it was given.",
    cure: "Name an address of this machine with HOST or --host, and a port from 0 to 65535 with PORT or --port.",
  },
  "port-taken": {
    severity: "error",
    meaning: "Another program listens on this port.",
    cure: "Stop it, or choose another port with PORT=8700 or --port 8700.",
  },
  "output-unwritable": {
    severity: "error",
    meaning: "The file for the result cannot be written.",
    cure: "Name a file in a folder that exists, may be written and has room; its ending says the form.",
  },
  "catalogue-newer": {
    severity: "error",
    meaning: "The catalogue was written by a later version of the program.",
    cure: "Use that version, or point COUNTERWEIGHT_HOME at another folder.",
  },
  "catalogue-damaged": {
    severity: "error",
    meaning: "The file that lists datasets, runs and jobs is damaged, or is not one of this program.",
    cure: "Restore it from a copy, or move it away: the next import or start then registers the datasets that are whole anew; runs are computed again.",
  },
  "home-unusable": {
    severity: "error",
    meaning: "The home, where datasets, runs and the catalogue live, cannot be read or written.",
    cure: "See that the folder may be written and has room, or point COUNTERWEIGHT_HOME at another one.",
  },
  "internal-fault": {
    severity: "error",
    meaning: "The program broke one of its own rules: our bug.",
    cure: "Report it with the steps that led here; the server's log has the details.",
  },
  "limit-exceeded": {
    severity: "error",
    meaning: "The input is larger than a stated limit.",
    cure: "Make it smaller, or raise the limit where the message says.",
  },
} as const satisfies Record<string, CatalogueEntry>;
