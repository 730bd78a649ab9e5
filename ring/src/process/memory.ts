import { native } from "./native.js";

const WASM_PAGE = 65536;

// TypeScript declares WebAssembly with the browser's globals, which this package does not want.
declare const WebAssembly: {
  readonly Memory: new (shape: {
    initial: number;
    maximum: number;
    shared: true;
  }) => { readonly buffer: SharedArrayBuffer };
};

/** Bytes of memory that is mapped here: a multiple of 64 KiB. */
export const mappedSize = (size: number): number => Math.ceil(size / WASM_PAGE) * WASM_PAGE;

/** Page-aligned shared memory that needs no V8 header: see ring/native/region.cc. */
export function sharedMemory(size: number): SharedArrayBuffer {
  const pages = size / WASM_PAGE;
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer;
}

/**
 * Who closes the fds of a memory. Ends know a doorbell by its number and hold the memory: so the number is good as long as
 * one of them is there.
 */
const owners = new WeakMap<SharedArrayBuffer, object>();

/** Closes the fds by {@link closeFds}, or when the memory is collected in this thread, with everything made on it. */
export function ownFds(memory: SharedArrayBuffer, fds: readonly number[]): void {
  owners.set(memory, native.closeWhenCollected(fds));
}

/** Does nothing for a memory whose fds somebody else owns. */
export function closeFds(memory: SharedArrayBuffer): void {
  const owner = owners.get(memory);
  if (owner !== undefined) native.closeOwned(owner);
}
