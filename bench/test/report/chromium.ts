import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** No window, no sandbox that needs privileges, and nothing that a browser does on the network by itself. */
const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The first Chromium on the PATH, if there is one. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

/** Runs `use` with a browser of its own, which knows nothing and leaves nothing. */
export async function withChromium(use: (browser: BrowserContext) => Promise<void>): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), "bench-chromium-"));
  try {
    const browser = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium() as string,
      headless: true,
      args: ARGS,
    });
    await use(browser).finally(() => browser.close());
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
