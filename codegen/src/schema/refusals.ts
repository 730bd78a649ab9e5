import { SyntaxKind } from "ts-morph";
import { CODES, type Code } from "./codes.js";

/** Code, message and help of one refusal. */
export type Refusal = readonly [Code, string, string];

const ANYTHING = "write the type that is meant; an object of any shape goes as a string of JSON, or as Uint8Array";
const NAME_IT = "write out the type that it stands for";

/** What is said of types that TypeScript has a syntax for. */
export const KEYWORDS: ReadonlyMap<SyntaxKind, Refusal> = new Map<SyntaxKind, Refusal>([
  [
    SyntaxKind.BigIntKeyword,
    [CODES.TYPE_BIGINT, "`bigint` has no size, Go's integers do", 'write `u64` or `i64` (import them from "@x/ts2go")'],
  ],
  [SyntaxKind.AnyKeyword, [CODES.TYPE_DYNAMIC, "`any` says nothing that Go could hold", ANYTHING]],
  [SyntaxKind.UnknownKeyword, [CODES.TYPE_DYNAMIC, "`unknown` says nothing that Go could hold", ANYTHING]],
  [SyntaxKind.ObjectKeyword, [CODES.TYPE_DYNAMIC, "`object` says nothing that Go could hold", ANYTHING]],
  [SyntaxKind.NeverKeyword, [CODES.TYPE_NOTHING, "`never` has no value that could be sent", "leave it away"]],
  [
    SyntaxKind.VoidKeyword,
    [CODES.TYPE_NOTHING, "`void` is no value that could be sent", "leave it away, or write `T | undefined`"],
  ],
  [
    SyntaxKind.UndefinedKeyword,
    [
      CODES.TYPE_NOTHING,
      "`undefined` alone holds no value",
      "write the type that the value has when it is there, such as `string | undefined`",
    ],
  ],
  [
    SyntaxKind.SymbolKeyword,
    [CODES.TYPE_UNSUPPORTED, "a `symbol` exists in one JavaScript program only", "write `string`"],
  ],
  [
    SyntaxKind.FunctionType,
    [
      CODES.TYPE_FUNCTION,
      "a function cannot be sent to Go",
      "return what the function would be called with, or make it a method of a service",
    ],
  ],
  [
    SyntaxKind.ConstructorType,
    [CODES.TYPE_FUNCTION, "a constructor cannot be sent to Go", "write an interface with the data"],
  ],
  [SyntaxKind.TemplateLiteralType, [CODES.TYPE_TEMPLATE, "template literal types have no Go type", "write `string`"]],
  [SyntaxKind.ConditionalType, [CODES.TYPE_COMPUTED, "conditional types have no Go type", NAME_IT]],
  [SyntaxKind.MappedType, [CODES.TYPE_COMPUTED, "mapped types have no Go type", NAME_IT]],
  [SyntaxKind.TypeQuery, [CODES.TYPE_COMPUTED, "`typeof` of a value has no Go type", NAME_IT]],
  [
    SyntaxKind.IndexedAccessType,
    [CODES.TYPE_COMPUTED, "only a field of an object can be looked up by its name", NAME_IT],
  ],
  [
    SyntaxKind.TypeOperator,
    [CODES.TYPE_COMPUTED, "`keyof` of what has no fields and `unique symbol` have no Go type", NAME_IT],
  ],
  [SyntaxKind.TypePredicate, [CODES.TYPE_COMPUTED, "type predicates have no Go type", "write `boolean`"]],
  [SyntaxKind.ThisType, [CODES.TYPE_COMPUTED, "`this` as a type has no Go type", "write the interface's name"]],
  [
    SyntaxKind.ImportType,
    [
      CODES.TYPE_IMPORT,
      "`import(...)` inside a type is not followed",
      "write `import type { ... } from ...` at the top and use the name",
    ],
  ],
]);

/** What is said of types that TypeScript and JavaScript bring along, by name. */
export const LIBRARY: ReadonlyMap<string, Refusal> = new Map<string, Refusal>([
  ["WeakMap", [CODES.TYPE_COLLECTION, "what is in a `WeakMap` cannot be listed", "write `Map<K, V>`"]],
  ["WeakSet", [CODES.TYPE_COLLECTION, "what is in a `WeakSet` cannot be listed", "write `Set<T>`"]],
  ...["Promise", "PromiseLike"].map((name): [string, Refusal] => [
    name,
    [CODES.TYPE_PROMISE, `a \`${name}\` can only be what a method returns`, "await it first and send what it gives"],
  ]),
  ...["AsyncIterable", "AsyncIterator", "AsyncGenerator", "AsyncIterableIterator", "ReadableStream"].map(
    (name): [string, Refusal] => [
      name,
      [
        CODES.METHOD_STREAM,
        `a stream (\`${name}\`) can only be a parameter or what a method returns, not a part of a value`,
        "write a method that takes or returns `AsyncIterable<T>`, or `T[]` for all at once",
      ],
    ],
  ),
  ...["Iterable", "Iterator", "Generator", "ArrayLike"].map((name): [string, Refusal] => [
    name,
    [CODES.TYPE_LIBRARY, `\`${name}\` has no Go type`, "write `T[]`"],
  ]),
  ...["ArrayBuffer", "SharedArrayBuffer", "DataView", "Uint8ClampedArray", "ArrayBufferLike", "ArrayBufferView"].map(
    (name): [string, Refusal] => [
      name,
      [CODES.TYPE_BUFFER, `\`${name}\` cannot be sent as it is`, "write `Uint8Array`"],
    ],
  ),
  ["Float16Array", [CODES.TYPE_BUFFER, "Go has no 16-bit floats", "write `Float32Array`"]],
  [
    "Function",
    [
      CODES.TYPE_FUNCTION,
      "a function cannot be sent to Go",
      "return what the function would be called with, or make it a method of a service",
    ],
  ],
  ["Object", [CODES.TYPE_DYNAMIC, "`Object` says nothing that Go could hold", ANYTHING]],
  [
    "Error",
    [
      CODES.TYPE_LIBRARY,
      "`Error` has no Go type",
      "write an interface with the fields that matter, such as `{ message: string }`; a Go handler's own error rejects the promise",
    ],
  ],
  ["URL", [CODES.TYPE_LIBRARY, "`URL` has no Go type", "write `string` and send its `href`"]],
  ["RegExp", [CODES.TYPE_LIBRARY, "`RegExp` has no Go type", "write `string` and send its `source`"]],
  ...["String", "Number", "Boolean"].map((name): [string, Refusal] => [
    name,
    [CODES.TYPE_LIBRARY, `\`${name}\` is the object around the value`, `write \`${name.toLowerCase()}\``],
  ]),
  [
    "BigInt",
    [CODES.TYPE_BIGINT, "`BigInt` has no size, Go's integers do", 'write `u64` or `i64` (import them from "@x/ts2go")'],
  ],
  ...["Awaited", "ReturnType", "Parameters", "InstanceType", "Capitalize", "Uppercase"].map(
    (name): [string, Refusal] => [
      name,
      [CODES.TYPE_COMPUTED, `\`${name}<...>\` has no Go type`, "write the result out"],
    ],
  ),
]);
