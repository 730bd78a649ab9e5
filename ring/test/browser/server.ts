import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = fileURLToPath(new URL("../../dist", import.meta.url));

const PAGE = `<!doctype html><meta charset="utf-8"><title>mem-ring</title><link rel="icon" href="data:,">
<script type="module" src="/page.mjs"></script>`;

/** What the page may ask for: itself, its two scripts, and the package as it was compiled. */
function content(path: string): string | undefined {
  if (path === "/") return PAGE;
  if (/^\/\w+\.mjs$/.test(path)) return readFileSync(join(HERE, path), "utf8");
  if (/^\/ring(\/\w+)+\.js$/.test(path)) return readFileSync(join(DIST, path.slice("/ring".length)), "utf8");
  return undefined;
}

/** Serves the page on a loopback port of its own; without isolation if asked to. */
export async function serve({ isolated = true } = {}): Promise<{ server: Server; origin: string }> {
  const server = createServer(({ url = "/" }, response) => {
    let body: string | undefined;
    try {
      body = content(url);
    } catch {
      body = undefined;
    }
    response.writeHead(body === undefined ? 404 : 200, {
      "Content-Type": url === "/" ? "text/html" : "text/javascript",
      ...(isolated && {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      }),
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
