import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { type Runtime, runtime } from "./runtime.js";

// The package's own sources, made steppable: each function becomes a generator, each call runs what it got if that is a
// generator, and each access to shared memory stands still first. What runs is the code as it is written, line for line:
// only who goes next is decided elsewhere.

const SOURCES = fileURLToPath(new URL("../../src/", import.meta.url));

/** A change of the source, which has to be there: exactly once. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const f = ts.factory;
const call = (name: string, ...args: ts.Expression[]) =>
  f.createCallExpression(f.createPropertyAccessExpression(f.createIdentifier("$"), name), undefined, args);
const delegate = (to: ts.Expression) =>
  f.createParenthesizedExpression(f.createYieldExpression(f.createToken(ts.SyntaxKind.AsteriskToken), to));
/** `$.isSteps($.last = call) ? yield* $.last : $.last`: a generator less to go through than by a function. */
const running = (made: ts.Expression) => {
  const last = f.createPropertyAccessExpression(f.createIdentifier("$"), "last");
  const test = call("isSteps", f.createAssignment(last, made));
  return f.createParenthesizedExpression(
    f.createConditionalExpression(test, undefined, delegate(last), undefined, last),
  );
};
/** `$.note((yield $.opOf("load", index), Atomics.load(words, index)))` */
const stopping = (name: string, access: ts.CallExpression) => {
  const op = call("opOf", f.createStringLiteral(name), access.arguments[1] as ts.Expression);
  return call("note", f.createParenthesizedExpression(f.createComma(f.createYieldExpression(undefined, op), access)));
};
const STOPS_ONCE = new Set(["load", "store", "exchange", "compareExchange"]);
const star = () => f.createToken(ts.SyntaxKind.AsteriskToken);

const isAsync = (node: ts.Node) =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.AsyncKeyword);

function usesThis(node: ts.Node): boolean {
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.forEachChild(node, (child) => usesThis(child) || undefined) === true;
}

/** `Atomics.load` and the like. */
const atomicName = (node: ts.CallExpression): string | undefined =>
  ts.isPropertyAccessExpression(node.expression) &&
  ts.isIdentifier(node.expression.expression) &&
  node.expression.expression.text === "Atomics"
    ? node.expression.name.text
    : undefined;

/** Functions of the language that neither stop nor call back: calling them as they are is only faster. */
const isPlain = (node: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(node.expression) &&
  ts.isIdentifier(node.expression.expression) &&
  ["Math", "Number", "BigInt", "performance"].includes(node.expression.expression.text);

const steppable: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  /** `stepping`: inside a generator; elsewhere (constructors, getters) a call runs to its end without standing still. */
  const visitor = (stepping: boolean): ts.Visitor => {
    const visit: ts.Visitor = (node) => {
      if (isAsync(node) && ts.isMethodDeclaration(node)) return undefined;
      if (ts.isMethodDeclaration(node) && node.body !== undefined) {
        const body = ts.visitNode(node.body, visitor(true)) as ts.Block;
        return f.updateMethodDeclaration(
          node,
          node.modifiers,
          star(),
          node.name,
          undefined,
          undefined,
          node.parameters,
          undefined,
          body,
        );
      }
      if (ts.isFunctionDeclaration(node) && node.body !== undefined && !isAsync(node)) {
        const body = ts.visitNode(node.body, visitor(true)) as ts.Block;
        return f.updateFunctionDeclaration(
          node,
          node.modifiers,
          star(),
          node.name,
          undefined,
          node.parameters,
          undefined,
          body,
        );
      }
      if (ts.isArrowFunction(node)) {
        const body = ts.visitNode(node.body, visitor(true)) as ts.ConciseBody;
        const block = ts.isBlock(body) ? body : f.createBlock([f.createReturnStatement(body)]);
        const made = f.createFunctionExpression(
          undefined,
          star(),
          undefined,
          undefined,
          node.parameters,
          undefined,
          block,
        );
        if (!usesThis(node.body)) return made;
        return f.createCallExpression(f.createPropertyAccessExpression(made, "bind"), undefined, [f.createThis()]);
      }
      if (ts.isConstructorDeclaration(node) || ts.isGetAccessor(node)) {
        return ts.visitEachChild(node, visitor(false), context);
      }
      if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "Promise") {
        const [executor] = ts.visitNodes(
          node.arguments as ts.NodeArray<ts.Expression>,
          visit,
        ) as ts.NodeArray<ts.Expression>;
        return delegate(call("promise", executor as ts.Expression));
      }
      if (ts.isCallExpression(node) && node.expression.kind !== ts.SyntaxKind.SuperKeyword) {
        const visited = ts.visitEachChild(node, visit, context);
        if (isPlain(node)) return visited;
        const name = atomicName(node);
        if (name === undefined) return stepping ? running(visited) : call("drain", visited);
        const access = call(`atomics.${name}`, ...visited.arguments);
        if (!stepping) return call("drain", access);
        return STOPS_ONCE.has(name) ? stopping(name, visited) : delegate(access);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return visit;
  };
  return ts.visitNode(file, visitor(false)) as ts.SourceFile;
};

type Exports = Record<string, unknown>;

/** What stands in place of the modules that wait for a clock, or for the kernel. */
const replaced: Record<string, Exports> = {
  "wait/spin.ts": { Spin: runtime.Spin },
  "process/native.ts": { native: runtime.native },
  "node:fs": {
    readFileSync() {
      throw new Error("no /proc here");
    },
  },
};
/** Without a scheduling point in them: taken as they are, so that what is thrown is of the class that the tests know. */
const plain = new Set(["errors.ts", "layout.ts", "message/record.ts", "queue/entries.ts", "queue/memory.ts"]);

const compiled = new Map<string, string>();

function compile(file: string, source: string, transform: boolean): string {
  return ts.transpileModule(source, {
    fileName: file,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
    ...(transform ? { transformers: { before: [steppable] } } : {}),
  }).outputText;
}

/** Loads modules of ring/src, steppable, with these changes. */
export function load(mutations: readonly Mutation[] = []): (file: string) => Exports {
  const loaded = new Map<string, Exports>();
  const applied = new Set<Mutation>();
  const require = (file: string): Exports => {
    const stub = replaced[file];
    if (stub !== undefined) return stub;
    const before = loaded.get(file);
    if (before !== undefined) return before;
    const exports: Exports = {};
    loaded.set(file, exports);
    const own = mutations.filter((m) => m.file === file);
    let code = own.length === 0 ? compiled.get(file) : undefined;
    if (code === undefined) {
      let source = readFileSync(join(SOURCES, file), "utf8");
      for (const mutation of own) {
        const parts = source.split(mutation.from);
        if (parts.length !== 2) {
          throw new Error(`${file} holds ${parts.length - 1} times, not once:\n${mutation.from}`);
        }
        source = parts.join(mutation.to);
        applied.add(mutation);
      }
      code = compile(file, source, !plain.has(file));
      if (own.length === 0) compiled.set(file, code);
    }
    const resolve = (name: string) =>
      require(name.startsWith(".") ? normalize(join(dirname(file), name.replace(/\.js$/, ".ts"))) : name);
    const { globals } = runtime;
    new Function("require", "exports", "$", ...Object.keys(globals), code)(
      resolve,
      exports,
      runtime,
      ...Object.values(globals),
    );
    return exports;
  };
  return (file) => {
    const exports = require(file);
    for (const mutation of mutations) {
      if (mutation.file === file && !applied.has(mutation)) throw new Error(`${file}: a change was not made`);
    }
    return exports;
  };
}

export type { Runtime };
