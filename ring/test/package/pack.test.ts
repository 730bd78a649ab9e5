import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, packAndInstall } from "./install.js";
import { examples, PACKAGE, run, tsc, typeRoots } from "./readme.js";

let installed: Installed;
let home: string;
beforeAll(() => {
  installed = packAndInstall();
  home = join(installed.folder, "node_modules/@x/mem-ring");
});
afterAll(() => rmSync(installed.root, { recursive: true }));

describe("the tarball", () => {
  it("is installed whole, alone, and not as a link", () => {
    expect(readdirSync(join(installed.folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@x"]);
    expect(readdirSync(join(installed.folder, "node_modules/@x"))).toEqual(["mem-ring"]);
    for (const file of installed.files) expect(existsSync(join(home, file)), file).toBe(true);
    expect(existsSync(join(home, "test"))).toBe(false);
  });

  it("contains what it needs and nothing else", () => {
    const { files } = installed;
    const prebuilds = files.filter((file) => file.startsWith("prebuilds/"));
    expect(prebuilds.length).toBeGreaterThan(0);
    expect(
      prebuilds.filter((file) => !/^prebuilds\/linux-(x64|arm64)-(glibc|musl)\/mem_ring\.node$/.test(file)),
    ).toEqual([]);
    for (const file of ["README.md", "LICENSE", "include/mem_ring.hpp", "docs/format.md", "docs/how-it-works.md"]) {
      expect(files).toContain(file);
    }
    const known =
      /^(README\.md|LICENSE|package\.json|layout\.json|(docs\/[\w-]+\.(md|svg))|include\/mem_ring\.hpp|(dist|src)\/.+|prebuilds\/.+|spec\/\w+\.(tla|json|md))$/;
    expect(files.filter((file) => !known.test(file))).toEqual([]);
    expect(files.filter((file) => /test|tsbuildinfo|\.log$/.test(file))).toEqual([]);
  });

  it("has every compiled file's source, and no compiled file without one", () => {
    const { files } = installed;
    const names = (folder: string, suffix: string) =>
      files
        .filter((file) => file.startsWith(`${folder}/`) && file.endsWith(suffix))
        .map((file) => file.slice(folder.length + 1, -suffix.length));
    const sources = names("src", ".ts");
    expect(names("dist", ".js")).toEqual(sources);
    expect(names("dist", ".d.ts")).toEqual(sources);
  });

  it("has the repository's licence", () => {
    const licence = readFileSync(join(home, "LICENSE"), "utf8");
    expect(licence).toBe(readFileSync(join(PACKAGE, "../LICENSE"), "utf8"));
  });

  it("has every page that its pages link to, but for Go's", () => {
    const pages = installed.files.filter((file) => file.endsWith(".md"));
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(home, page), "utf8").matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map(([, link]) => normalize(join(dirname(page), link as string)))
        .filter((link) => !link.startsWith("../go/") && !existsSync(join(home, link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it("needs no other package", () => {
    const { dependencies, peerDependencies, optionalDependencies, scripts } = JSON.parse(
      readFileSync(join(home, "package.json"), "utf8"),
    );
    expect({ ...dependencies, ...peerDependencies, ...optionalDependencies }).toEqual({});
    expect(scripts?.install ?? scripts?.postinstall).toBeUndefined();
  });
});

describe("installed in an empty folder", () => {
  it.each(examples.map((example) => [example.file, example] as const))("runs the README's %s", async (_, example) => {
    expect(await run(example, installed.folder)).toBe(example.prints);
  });

  const check = (file: string, code: string, options: readonly string[]) => {
    writeFileSync(join(installed.folder, file), code);
    tsc(installed.folder, [file, "--noEmit", "--strict", "--target", "es2022", ...options]);
  };
  const uses = (from: string, ring: string) => `
    import { ${ring}, u32, RingError, type Consumer, type Wait } from "${from}";
    const wait: Wait = "adaptive";
    const ring = ${ring}.create({ entry: u32, capacity: 4 });
    const consumer: Consumer<number> = ring.consumer({ wait });
    export const n: number | undefined = consumer.tryPop();
    export const code: RingError["code"] = "ERR_RING_CLOSED";
    // @ts-expect-error: a u32 is a number.
    ring.producer().tryPush("1");
  `;

  it("has types for a browser's worker, without Node's types and without skipLibCheck", () => {
    const options = ["--lib", "es2022,esnext.disposable,webworker"];
    check("main.ts", uses("@x/mem-ring", "Ring"), ["--module", "nodenext", ...options]);
    check("bundled.ts", uses("@x/mem-ring", "Ring"), [
      "--module",
      "esnext",
      "--moduleResolution",
      "bundler",
      ...options,
    ]);
  });

  it("has types that get on with the newest declarations and the browser's", () => {
    const options = ["--module", "nodenext", "--lib", "esnext,dom,dom.iterable"];
    check("newest.ts", uses("@x/mem-ring", "Ring"), options);
  });

  it("has types for processes, for those who have Node's", () => {
    const options = ["--module", "nodenext", "--types", "node", "--typeRoots", typeRoots, "--skipLibCheck"];
    check("processes.ts", uses("@x/mem-ring/process", "SharedRing"), options);
  });

  it("loads nothing of Node, and no addon, by its main entry", () => {
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const code = readFileSync(file, "utf8");
      expect(code, file).not.toMatch(/\bcreateRequire\b|\brequire\(|\.node"/);
      for (const [, imported] of code.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
        expect(imported, file).toMatch(/^\.\.?\//);
        visit(join(dirname(file), imported as string));
      }
    };
    visit(join(home, "dist/index.js"));
    const folders = new Set([...seen].map((file) => relative(join(home, "dist"), file).split("/")[0]));
    expect([...folders].filter((name) => name === "process" || name === "channel")).toEqual([]);
    // The walk finds what it is meant to find.
    expect(seen.size).toBeGreaterThan(10);
  });
});
