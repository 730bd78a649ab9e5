/**
 * The program that tries things out, in a process of its own: what is missing may end it. Reads a {@link Request} from
 * stdin and writes a line for each step that it has come to.
 */
import { closeSync, ftruncateSync, readdirSync, readFileSync, writeSync } from "node:fs";
import type { CanonicalSchema } from "../../schema/index.js";

/** What to try. Modules are given as URLs: those that the user's program would load. */
export type Request =
  | { readonly what: "addon"; readonly ring: string; readonly regionSize: number }
  | { readonly what: "start"; readonly ts2go: string; readonly binary: string; readonly canonical: CanonicalSchema };

/** What came of one step. */
export interface Step {
  readonly step: string;
  readonly value?: unknown;
  readonly error?: string;
  /** `code` of the error, and its `reason`. */
  readonly code?: string;
  readonly reason?: string;
}

// Only their shapes: this package has neither of the two among its dependencies.
interface RingModule {
  readonly native: {
    mapRegion(view: Uint8Array): number;
    release(fd: number, offset: number, length: number): void;
    createDoorbell(): number;
    ringDoorbell(fd: number): void;
    hearDoorbell(fd: number): boolean;
    openPidfd(pid: number): number;
    cpuCount(): number;
  };
}
interface ClientModule {
  connect(service: object, options: object): Promise<{ close(): Promise<void> }>;
}
// TypeScript declares WebAssembly with the browser's globals.
declare const WebAssembly: {
  readonly Memory: new (shape: object) => { readonly buffer: SharedArrayBuffer };
};

const WASM_PAGE = 65_536;

/** Takes a step and says what came of it; without a result the program ends here. */
async function step<T>(name: string, act: () => T | Promise<T>): Promise<T> {
  try {
    const value = await act();
    say({ step: name, value: typeof value === "object" ? undefined : value });
    return value;
  } catch (error) {
    const { message, code, reason } = error as Error & { code?: string; reason?: string };
    say({ step: name, error: message, ...(code && { code }), ...(reason && { reason }) });
    process.exit(0);
  }
}

function say(line: Step): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

async function tryAddon(url: string, regionSize: number): Promise<void> {
  await step("files", () => readdirSync("/proc/self/fd").length - 1);
  const { native } = await step("addon", async () => (await import(url)) as RingModule);
  await step("path", () => /\S+mem_ring\.node$/m.exec(readFileSync("/proc/self/maps", "utf8"))?.[0]);
  await step("processors", () => native.cpuCount());
  const memory = await step("address space", () => {
    const pages = regionSize / WASM_PAGE;
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }).buffer;
  });
  const fd = await step("memfd", () => native.mapRegion(new Uint8Array(memory)));
  await step("seals", () => {
    let refused = false;
    try {
      ftruncateSync(fd, 0);
    } catch {
      refused = true;
    }
    expect(refused, "a sealed memfd can be made shorter");
  });
  await step("release", () => {
    const word = new Uint32Array(memory);
    word[0] = 1;
    native.release(fd, 0, WASM_PAGE);
    expect(word[0] === 0, "memory that was given back still has its bytes");
  });
  await step("eventfd", () => {
    const doorbell = native.createDoorbell();
    native.ringDoorbell(doorbell);
    expect(native.hearDoorbell(doorbell), "a doorbell that was rung is not heard");
    closeSync(doorbell);
  });
  await step("pidfd", () => {
    const pidfd = native.openPidfd(process.pid);
    expect(pidfd >= 0, "there is no pidfd of this very process");
    closeSync(pidfd);
  });
  closeSync(fd);
}

/** A service without methods serves to shake hands. */
async function tryStart(url: string, binary: string, { schema, hash }: CanonicalSchema): Promise<void> {
  const { connect } = await step("load", async () => (await import(url)) as ClientModule);
  const service = { name: schema.name, binary: { from: "/", path: "" }, schemaHash: hash, schema, methods: [] };
  const options = { binary, stdout: "ignore", stderr: "ignore", watch: false };
  const client = await step("start", () => connect(service, options));
  await step("end", () => client.close());
}

const request = JSON.parse(readFileSync(0, "utf8")) as Request;
if (request.what === "addon") await tryAddon(request.ring, request.regionSize);
else await tryStart(request.ts2go, request.binary, request.canonical);
