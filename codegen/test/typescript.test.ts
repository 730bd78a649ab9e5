import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { getCompilerOptionsFromTsConfig, Project, ts } from "ts-morph";
import { describe, expect, test } from "vitest";
import { schemas } from "../../test/src/arbitrary/index.js";
import { clientOf, readSchema } from "./generated.js";
import { ROOT, temporaryFolder } from "./support.js";

const SEED = Number(process.env.TS2GO_SEED ?? Math.floor(Math.random() * 2 ** 31));
const INTERFACES = 20;

/** A program under the repository's own strict options, with the sources of the runtime. */
function strictProject(): Project {
  const { options } = getCompilerOptionsFromTsConfig(join(ROOT, "tsconfig.base.json"));
  return new Project({
    skipFileDependencyResolution: true,
    compilerOptions: {
      ...options,
      // ts-morph takes every file for CommonJS under Node's own resolution.
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      composite: false,
      noEmit: true,
      typeRoots: [join(ROOT, "node_modules/@types")],
      paths: {
        "@x/ts2go": [join(ROOT, "bridge/src/types.ts")],
        "@x/ts2go/v1": [join(ROOT, "bridge/src/v1.ts")],
        "@x/mem-ring": [join(ROOT, "ring/src/index.ts")],
      },
    },
  });
}

/** What TypeScript says about one file of a project. */
function faultsOf(project: Project, path: string): string[] {
  return project
    .addSourceFileAtPath(path)
    .getPreEmitDiagnostics()
    .map((fault) => {
      const text = ts.flattenDiagnosticMessageText(fault.compilerObject.messageText, "\n");
      return `${fault.getSourceFile()?.getBaseName()}:${fault.getLineNumber()}: ${text}`;
    });
}

describe(`generated TypeScript (seed ${SEED})`, () => {
  test("of random interfaces passes the strict compiler", { timeout: 60_000 }, () => {
    const folder = temporaryFolder();
    const project = strictProject();
    const paths = fc
      .sample(schemas({ borrow: true, types: 8 }), { numRuns: INTERFACES, seed: SEED })
      .map((schema, i) => {
        const read = readSchema(join(folder, `s${i}`), schema);
        const path = join(folder, `s${i}/gen/random.ts`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, clientOf(read));
        return path;
      });
    for (const path of paths) expect(faultsOf(project, path)).toEqual([]);
  });

  test.each(["golden/src/gen/everything.ts", "callbacks/src/gen/callbacks.ts"])(
    "of the golden %s passes the strict compiler",
    { timeout: 60_000 },
    (file) => {
      expect(faultsOf(strictProject(), join(import.meta.dirname, file))).toEqual([]);
    },
  );

  test("a wrong call of a client does not compile", { timeout: 60_000 }, () => {
    const path = join(import.meta.dirname, "golden/src/wrong.ts");
    const project = strictProject();
    project.createSourceFile(
      path,
      'import { everythingClient as everything } from "./gen/everything.js";\nawait everything.tell(3);\nawait everything.nonesuch();\n',
      { overwrite: true },
    );
    const file = project.getSourceFileOrThrow(path);
    expect(file.getPreEmitDiagnostics().map((fault) => fault.getCode())).toEqual([2345, 2339]);
  });
});
