import { spawn } from "node:child_process";
import { once } from "node:events";
import { buildGoProgram } from "../build-steps/addon.js";
import { contenderFolder } from "../build-steps/paths.js";
import type { Contender } from "../contender.js";
import { WaitingCalls } from "./child/waiting.js";
import { jsonCalls } from "./json/calls.js";
import type { JsonRequest, JsonResponse } from "./json/messages.js";

const ID = "stdio-json";

/** JSON lines to a child process, what most tools do: contenders/stdio-json/README.md. */
export const stdioJson: Contender = {
  id: ID,
  title: "stdio, JSON lines",
  slowCallsPerSecond: 100_000,
  cannot: {
    W10: "it would be the unix socket's streams as text",
    W11: "it would be the unix socket's calls from Go as text",
  },
  build: () => buildGoProgram(contenderFolder(ID), ID),
  open: async () => {
    const child = spawn(`${contenderFolder(ID)}bin/${ID}`, { stdio: ["pipe", "pipe", "inherit"] });
    await once(child, "spawn");
    const lines = new JsonLines((text) => child.stdin.write(text));
    child.stdout.setEncoding("utf8").on("data", (text: string) => lines.read(text));
    child.on("exit", () => lines.end());
    return {
      calls: jsonCalls((method, request) => lines.send(method, request)),
      childPid: child.pid as number,
      close: async () => {
        child.stdin.end();
        await once(child, "exit");
      },
    };
  },
};

/** Requests and answers, a line each; ids tell the answers apart, and the lines of a turn are one write. */
class JsonLines {
  readonly #write: (text: string) => void;
  readonly #waiting = new WaitingCalls();
  #unsent = "";
  /** The beginning of a line whose end has not come. */
  #unread = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  send(method: string, request: JsonRequest): Promise<JsonResponse> {
    return this.#waiting.call((id) => {
      if (this.#unsent === "") queueMicrotask(() => this.#flush());
      this.#unsent += `${JSON.stringify({ id, method, ...request })}\n`;
    });
  }

  read(text: string): void {
    const lines = text.split("\n");
    lines[0] = this.#unread + lines[0];
    this.#unread = lines.pop() as string;
    for (const line of lines) {
      const { id, error, ...answer } = JSON.parse(line) as JsonResponse & { id: number; error?: string };
      if (error === undefined) this.#waiting.resolve(id, answer);
      else this.#waiting.reject(id, new Error(error));
    }
  }

  end(): void {
    this.#waiting.rejectAll(new Error("the Go process has gone"));
  }

  #flush(): void {
    const text = this.#unsent;
    this.#unsent = "";
    this.#write(text);
  }
}
