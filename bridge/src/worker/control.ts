import type { Readable } from "node:stream";

/** What a worker says when it is ready. The mirror is go/ts2go/control.go. */
export interface Hello {
  readonly protocol: number;
  /** The region's nonce, in hex. */
  readonly nonce: string;
  readonly schemaHash: string;
  /** The address at which Go has mapped the region, in hex. */
  readonly base: string;
  readonly pid: number;
  /** Go's version. */
  readonly go: string;
  /** The worker's own schema as JSON, where it is another one and the worker serves all the same. */
  readonly schema?: string;
}

/** Why a worker does not want to serve this client. */
export interface Refused {
  readonly reason: "header" | "protocol" | "schema" | "program";
  readonly message: string;
  /** The worker's own schema as JSON, where the schemas differ. */
  readonly schema?: string;
}

export interface ControlMessage {
  readonly hello?: Hello;
  readonly refused?: Refused;
  /** The worker found the region damaged, and ends. */
  readonly damaged?: string;
}

/** A line longer than this is no message of ours. */
const MAX_LINE = 16 << 20;

/** Reads the control socket: one JSON object a line. What is no such line is ignored: it may be another program. */
export function readControl(socket: Readable, onMessage: (message: ControlMessage) => void): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      try {
        onMessage(JSON.parse(line) as ControlMessage);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    if (text.length > MAX_LINE) text = "";
  });
  // The end of the socket is the end of the worker, which its exit reports.
  socket.on("error", () => {});
}
