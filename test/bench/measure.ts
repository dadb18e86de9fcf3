/** One contender, in a process of its own: prints its `Answer` as JSON. Started by the paired runner with a `Task` as JSON. */
import type { Task } from "./contenders/contender.ts";
import { measureContender } from "./contenders/measure-contender.ts";

console.log(JSON.stringify(await measureContender(JSON.parse(process.argv[2] ?? "") as Task)));
