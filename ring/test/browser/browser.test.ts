import type { Server } from "node:http";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, withChromium } from "../../../bench/test/report/chromium.js";
import { serve } from "./server.js";

const COUNT = 100_000;
const ENTRIES = { count: COUNT, sum: (COUNT * (COUNT - 1)) / 2, wrong: 0, ended: true };
const MESSAGE_COUNT = 20_000;
const MESSAGES = {
  count: MESSAGE_COUNT,
  sum: Array.from({ length: MESSAGE_COUNT }, (_, i) => (i * 37) % 41).reduce((a, b) => a + b),
  wrong: 0,
  ended: true,
};

interface Read {
  readonly count: number;
  readonly sum: number;
  readonly wrong: number;
  readonly ended: boolean;
  readonly waits: number;
}

const chromium = findChromium();
const missing = chromium === undefined ? " (skipped: no Chromium on the PATH)" : "";

describe.skipIf(chromium === undefined)(`in a browser${missing}`, () => {
  let browser: BrowserContext;
  let running: Promise<void>;
  let end: () => void;
  beforeAll(async () => {
    await new Promise<void>((ready, reject) => {
      running = withChromium((started) => {
        browser = started;
        ready();
        return new Promise((resolve) => {
          end = resolve;
        });
      });
      running.catch(reject);
    });
  });
  afterAll(async () => {
    end();
    await running;
  });

  /** Runs a scenario in a page of its own; what the page complains of fails the test. */
  async function inPage<T>(scenario: string, options: object = {}, isolated = true): Promise<T> {
    const { server, origin } = await serve({ isolated });
    const page = await browser.newPage();
    try {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(origin, { waitUntil: "load" });
      expect(complaints).toEqual([]);
      expect(await page.evaluate("crossOriginIsolated")).toBe(isolated);
      return await page.evaluate<T>(`scenarios.${scenario}(${JSON.stringify(options)})`);
    } finally {
      await page.close();
      await close(server);
    }
  }

  const styles = [
    { producer: "async", consumer: "async" },
    { producer: "sync", consumer: "sync" },
    { producer: "sync", consumer: "async" },
    { producer: "async", consumer: "sync" },
  ];

  it.each(styles)("entries from a worker ($producer) to a worker ($consumer)", async (style) => {
    const read = await inPage<Read>("workers", { kind: "entries", count: COUNT, wait: "sleep", ...style });
    expect(read).toMatchObject(ENTRIES);
    // A ring of 64 and a hundred thousand entries: somebody had to sleep, and was woken.
    expect(read.waits).toBeGreaterThan(0);
  });

  it.each(styles)("messages from a worker ($producer) to a worker ($consumer)", async (style) => {
    const read = await inPage<Read>("workers", { kind: "messages", count: MESSAGE_COUNT, wait: "adaptive", ...style });
    expect(read).toMatchObject(MESSAGES);
  });

  it("the page's own thread to a worker and back, without blocking", async () => {
    expect(await inPage("mainThread", { kind: "entries", count: COUNT, wait: "adaptive" })).toMatchObject(ENTRIES);
    expect(await inPage("mainThread", { kind: "messages", count: MESSAGE_COUNT, wait: "sleep" })).toMatchObject(
      MESSAGES,
    );
  });

  it("the page's own thread is told that it must not block, as soon as it would have to", async () => {
    const refused = { name: "RingError", code: "ERR_RING_MISUSE", message: expect.stringMatching(/await push or pop/) };
    expect(await inPage("blocking")).toEqual({ there: 7, pop: refused, push: refused, afterwards: 8 });
  });

  it("without isolation there is no shared memory: the ring says so", async () => {
    await expect(inPage("blocking", {}, false)).rejects.toThrow(/cross-origin isolation/);
  });
});

const close = (server: Server) => new Promise((resolve) => server.close(resolve).closeAllConnections());
