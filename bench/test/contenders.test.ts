import { afterAll, describe, expect, it } from "vitest";
import { wrongAnswers } from "../src/answers.js";
import type { Calls } from "../src/contender.js";
import { contenders } from "../src/contenders/index.js";
import { Remote } from "../src/remote.js";
import { payload } from "../src/request.js";

/** The compiled host: a contender runs in a process of plain Node. */
const HOST = new URL("../dist/host.js", import.meta.url);

const remotes: Remote[] = [];
afterAll(() => Promise.all(remotes.map((remote) => remote.close())));

describe.each(contenders)("$id", (contender) => {
  it("builds, opens, answers as all others do, and measures", async () => {
    await contender.build();
    const remote = new Remote(contender.id, HOST);
    remotes.push(remote);
    await remote.ask({ op: "open" });
    expect(await remote.ask({ op: "answers" })).toEqual([]);
    const cell = { call: "check", inFlight: 3, bytes: 0, roundMs: 1, rounds: 1 } as const;
    const measured = await remote.ask(
      contender.id === "eventfd"
        ? { op: "measure", cell: { ...cell, workload: "W2", key: "latency", latency: true }, count: 20 }
        : { op: "measure", cell: { ...cell, workload: "W3", key: "3", latency: false }, count: 20 },
    );
    expect(measured.calls).toBe(20);
  });
});

describe("a contender that is not as it should be", () => {
  it("is told what it answered wrongly", async () => {
    expect(await wrongAnswers(honest)).toEqual([]);
    const wrong = await wrongAnswers({ ...honest, give: async (size) => payload(size + 1) });
    expect(wrong[0]).toBe("give 0: got 1 bytes, want 0 bytes");
    const failing = await wrongAnswers({ ...honest, checkSlowly: () => Promise.reject(new Error("no")) });
    expect(failing).toContain('checkSlowly, nobody: got Error: no, want {"pass":true}');
  });

  it("is reported when nobody knows it", async () => {
    const remote = new Remote("nobody", HOST);
    remotes.push(remote);
    await expect(remote.ask({ op: "open" })).rejects.toThrow("no contender is called nobody");
  });

  it("is reported when it hangs", async () => {
    const remote = new Remote("cgo-batched", HOST);
    remotes.push(remote);
    await remote.ask({ op: "open" });
    const forever = { workload: "W1", key: "", call: "checkSlowly", inFlight: 1, latency: false, bytes: 0 } as const;
    await expect(
      remote.ask({ op: "measure", cell: { ...forever, roundMs: 1, rounds: 1 }, count: 1e6 }, 300),
    ).rejects.toThrow("hung: no answer to measure within 0.3 s");
  });
});

/** The handlers of bench/go once more, in JavaScript. */
const honest: Calls = {
  check: async ({ users }) => ({ pass: users.every(({ age }) => age >= 18) }),
  checkSlowly: (request) => honest.check(request),
  take: async (bytes) => {
    let sum = bytes.length + (bytes.at(-1) ?? 0);
    for (let i = 0; i < bytes.length; i += 4096) sum += bytes[i] as number;
    return sum;
  },
  give: async (size) => payload(size),
  echo: async (bytes) => bytes.slice(),
};
