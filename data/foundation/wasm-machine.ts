/** Runs WebAssembly modules that are made here. */
import { present } from "./invariant.ts";

/** What is used of WebAssembly's JavaScript interface; the compiler knows it only together with browsers. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly run: (argument: number) => number } };
};

/** A module's function and its memory, which never grows. */
export interface WasmMachine {
  readonly buffer: ArrayBuffer;
  readonly run: (argument: number) => number;
}

/** A machine of a module that `wasmModule` wrote, with so many pages of 64 kB of its own. */
export function wasmMachine(bytes: Uint8Array<ArrayBuffer>, pages: number): WasmMachine {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { run } = new WebAssembly.Instance(moduleOf(bytes), { kernel: { memory } }).exports;
  return { buffer: memory.buffer, run };
}

/** The last modules, newest first: code that runs again is found as the machine has improved it. */
const modules: { readonly bytes: Uint8Array<ArrayBuffer>; readonly module: object }[] = [];
const MODULES_KEPT = 16;

function moduleOf(bytes: Uint8Array<ArrayBuffer>): object {
  const at = modules.findIndex((known) => Buffer.compare(known.bytes, bytes) === 0);
  const found = at < 0 ? { bytes, module: new WebAssembly.Module(bytes) } : present(modules[at], "a module");
  if (at >= 0) modules.splice(at, 1);
  modules.unshift(found);
  modules.length = Math.min(modules.length, MODULES_KEPT);
  return found.module;
}
