import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Replies, Reply, Request } from "./messages.js";

const HOST = new URL("./host.js", import.meta.url);

/** A contender that hangs is given up after this long. */
const REPLY_MS_MAX = 60_000;

/** A host that was asked to close and did not end is killed after this long. */
const EXIT_MS_MAX = 2_000;

/** One contender in its process. Requests go one at a time. */
export class Remote {
  readonly id: string;
  readonly #child: ChildProcess;
  #childPid: number | undefined;
  #stderr = "";

  constructor(id: string, host: URL = HOST) {
    this.id = id;
    this.#child = fork(fileURLToPath(host), [id], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-2000);
    });
  }

  /** Asks, and rejects when the contender fails, dies or hangs. */
  ask<R extends Request>(request: R, timeoutMs = REPLY_MS_MAX): Promise<Replies[R["op"]]> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit).off("error", onError);
      };
      const onMessage = (reply: Reply): void => {
        finish();
        if ("error" in reply) reject(new Error(reply.error));
        else resolve(reply.value as Replies[R["op"]]);
      };
      const onExit = (code: number | null, signal: string | null): void => {
        finish();
        reject(new Error(`its process ended with ${signal ?? `code ${code}`}${this.#lastWords()}`));
      };
      const onError = (error: Error): void => {
        finish();
        reject(error);
      };
      const timer = setTimeout(() => {
        finish();
        child.kill("SIGKILL");
        reject(new Error(`hung: no answer to ${request.op} within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      child.on("message", onMessage).on("exit", onExit).on("error", onError);
      if (!child.connected) onExit(child.exitCode, child.signalCode);
      else child.send(request);
    });
  }

  /** The processes that work for the contender, its child as it was when it was opened among them. */
  get pids(): number[] {
    return [this.#child.pid as number, ...(this.#childPid === undefined ? [] : [this.#childPid])];
  }

  /** Opens the contender. */
  async open(): Promise<void> {
    this.#childPid = await this.ask({ op: "open" });
  }

  /** Ends the process, asking first. Never rejects: what was to be measured has been. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await this.ask({ op: "close" }, EXIT_MS_MAX).catch(() => undefined);
    const timer = setTimeout(() => child.kill("SIGKILL"), EXIT_MS_MAX);
    await exited;
    clearTimeout(timer);
  }

  #lastWords(): string {
    const text = this.#stderr.trim();
    return text === "" ? "" : `; it said: ${text.split("\n").slice(-5).join(" | ")}`;
  }
}
