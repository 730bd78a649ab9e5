import { EncodeError, inspect, type Metadata } from "@x/ts2go";
import type { Case, Group } from "../case.js";
import type { Seen } from "../conformance.js";
import { all, deepEqual, equal, from, has, match, ok, rejection, thrown, until, upTo } from "../kit/checks.js";
import type { Ground } from "../kit/ground.js";

const METADATA: Metadata = { tenant: "a", "x-trace.id_1": "grüße, 世界", empty: "" };

/** What Go says it has seen: keys and values, and the words beside them. */
const said = (metadata: Metadata, ...words: string[]): Seen => ({ metadata: new Map(Object.entries(metadata)), words });
const sorted = ({ metadata, words }: Seen) => ({ metadata: [...metadata].sort(), words });
const same = (seen: Seen, metadata: Metadata, ...words: string[]) =>
  deepEqual(sorted(seen), sorted(said(metadata, ...words)));

const pairs = (n: number): Metadata => Object.fromEntries(upTo(n).map((i) => [`k${i}`, `${i}`]));

/** A case of metadata that is refused before anything is sent. */
const refused = (name: string, wrong: unknown, path: string, received: string): Case => ({
  name,
  async run(on) {
    const { client } = on;
    await client.nothing();
    const options = { metadata: wrong as Metadata };
    const note = on.gate();
    const error = await rejection(client.surroundings(options));
    ok(error instanceof EncodeError);
    has(error, { code: "ERR_ENCODE", method: "Conformance.surroundings", path, received });
    for (const again of [
      await rejection(client.surroundingsStream(from([]), options).next()),
      thrown(() => client.noteSurroundings(note, options)),
      thrown(() => client.sync.surroundings(options)),
    ]) {
      has(again, { name: "EncodeError", path });
    }
    client.noteSurroundings(note);
    deepEqual(await client.notes(note, 1), ["[]"]);
  },
});

/** Keeps what comes with the calls of `Host`, by the method. */
function witness(on: Ground): { metadata: Metadata; words: unknown[] }[] {
  const seen: { metadata: Metadata; words: unknown[] }[] = [];
  const see = (metadata: Metadata, ...words: unknown[]) => void seen.push({ metadata: { ...metadata }, words });
  on.host({
    nothing: (caller) => see(caller.metadata),
    add: (a, b, caller) => {
      see(caller.metadata, a, b);
      return a + b;
    },
    join: (words, _, caller) => {
      see(caller.metadata, ...words);
      return "";
    },
    note: (line) => see({}, line),
  });
  return seen;
}

/** A case of metadata that Go may not send. */
const refusedInGo = (name: string, metadata: Metadata, message: string): Case => ({
  name,
  async run(on) {
    const seen = witness(on);
    for (const method of ["nothing", "add", "join"]) {
      const error = await rejection(on.client.viaWith(method, new Map(Object.entries(metadata))));
      has(error, { code: "ERR_ENCODE", goType: "*ts2go.NodeError" });
      ok(error.message.includes(message), error.message);
    }
    // A one-way call is not made.
    await on.client.viaWith("note", new Map(Object.entries(metadata)));
    deepEqual(seen, []);
  },
});

const via = (on: Ground, method: string, metadata: Metadata) =>
  on.client.viaWith(method, new Map(Object.entries(metadata)));

export const metadata: Group = {
  title: "Metadata",
  cases: [
    {
      name: "metadata is in the handler's context, whether its arguments are none, inline or a body",
      like: ["gRPC: custom_metadata"],
      async run({ client }) {
        same(await client.surroundings({ metadata: METADATA }), METADATA);
        same(await client.surroundingsOf(7, { metadata: METADATA }), METADATA, "7");
        same(await client.surroundingsBeside(["b", "c"], { metadata: METADATA }), METADATA, "b", "c");
      },
    },
    {
      name: "metadata stands before what a handler borrows, of 0 bytes to 1 MB",
      async run({ client }) {
        for (const size of [0, 1, 7, 200, 5000, 1_000_000]) {
          const payload = { name: "é".repeat(size % 50), data: new Uint8Array(size).fill(3), words: ["w"] };
          const seen = await client.surroundingsBorrowed(payload, { metadata: METADATA });
          same(seen, METADATA, payload.name, `${3 * size}`.replace("3000000", "3e+06"));
        }
      },
    },
    {
      name: "metadata of a call with streams, to Go and from Go",
      like: ["gRPC: custom_metadata"],
      async run({ client }) {
        const words = ["one", "two"];
        same(await client.surroundingsOfItems(from(words), { metadata: METADATA }), METADATA, ...words);
        deepEqual(await all(client.surroundingsStream(from(words), { metadata: METADATA })), [
          "empty=",
          "tenant=a",
          "x-trace.id_1=grüße, 世界",
          ...words,
        ]);
      },
    },
    {
      name: "metadata of a one-way call",
      async run(on) {
        const name = on.gate();
        on.client.noteSurroundings(name, { metadata: { tenant: "a" } });
        on.client.noteSurroundings(name);
        deepEqual((await on.client.notes(name, 2)).sort(), ["[]", "[tenant=a]"]);
      },
    },
    {
      name: "metadata of a sync call",
      async run({ client }) {
        await client.nothing();
        same(client.sync.surroundingsBeside(["d"], { metadata: METADATA }), METADATA, "d");
        same(client.sync.surroundings({ metadata: METADATA }), METADATA);
      },
    },
    {
      name: "metadata of a call with a lease",
      async run(on) {
        await on.client.nothing();
        const bytes = on.client.alloc(4).fill(2) as ReturnType<typeof on.client.alloc>;
        equal(await on.client.addUp(bytes, { metadata: METADATA }), 8);
      },
    },
    {
      name: "metadata is each call's own: that of others beside it is not seen, and none is none",
      async run({ client }) {
        const seen = await Promise.all(
          upTo(200).map((i) =>
            client.surroundingsOf(i, i % 3 === 0 ? {} : { metadata: i % 3 === 1 ? {} : { n: `${i}` } }),
          ),
        );
        seen.forEach((one, i) => {
          same(one, i % 3 === 2 ? { n: `${i}` } : {}, `${i}`);
        });
      },
    },
    {
      name: "metadata goes with a signal and a timeout",
      async run({ client }) {
        const { signal } = new AbortController();
        same(await client.surroundings({ metadata: METADATA, signal, timeout: 60_000 }), METADATA);
      },
    },
    {
      name: "metadata waits with its call for room",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ capacity: 1 });
        const calls = upTo(50).map((i) => client.surroundingsOf(i, { metadata: { n: `${i}` } }));
        (await Promise.all(calls)).forEach((seen, i) => {
          same(seen, { n: `${i}` }, `${i}`);
        });
      },
    },
    {
      name: "metadata waits with its call for the next worker",
      needs: ["process"],
      async run(on) {
        const client = await on.fresh();
        await client.nothing();
        process.kill(inspect(client).pid as number, "SIGKILL");
        await until("its end", () => inspect(client).pid === undefined);
        same(await client.surroundings({ metadata: METADATA }), METADATA);
      },
    },
    {
      name: "metadata of 64 pairs, and 8192 bytes of keys and values",
      async run({ client }) {
        same(await client.surroundings({ metadata: pairs(64) }), pairs(64));
        const large = { large: "x".repeat(8192 - "large".length) };
        same(await client.surroundingsBeside(["f"], { metadata: large }), large, "f");
      },
    },
    {
      name: "a key is of any allowed signs, and __proto__ is like every other",
      async run({ client }) {
        const odd = JSON.parse('{ "__proto__": "a key", "!#$%&\'*+-.^_`|~09az": "all signs" }') as Metadata;
        same(await client.surroundings({ metadata: odd }), odd);
      },
    },
    refused("a 65th pair is refused, and nothing is sent", pairs(65), "metadata", "65"),
    refused("an 8193rd byte is refused", { a: "x".repeat(8192) }, "metadata", "8193"),
    refused(
      "an upper-case letter in a key is refused, with its path",
      { Tenant: "a" },
      'metadata["Tenant"]',
      '"Tenant"',
    ),
    refused("an empty key is refused", { "": "a" }, 'metadata[""]', '""'),
    refused("a space in a key is refused", { "a b": "a" }, 'metadata["a b"]', '"a b"'),
    refused("a value that is no text is refused", { n: 7 }, 'metadata["n"]', "number"),
    refused("half a surrogate in a value is refused", { n: "half \ud800" }, 'metadata["n"]', "a lone surrogate"),
    refused("a Map is refused", new Map([["a", "b"]]), "metadata", "[object Map]"),
    {
      name: "metadata from Go is its caller's, whether the arguments are none, inline or a body",
      async run(on) {
        const seen = witness(on);
        for (const method of ["nothing", "add", "join"]) await via(on, method, METADATA);
        deepEqual(seen, [
          { metadata: METADATA, words: [] },
          { metadata: METADATA, words: [1, 2] },
          { metadata: METADATA, words: ["from", "Go"] },
        ]);
      },
    },
    {
      name: "metadata from Go goes with a one-way call, whose implementation is called as without",
      async run(on) {
        const seen = witness(on);
        await via(on, "note", METADATA);
        deepEqual(seen, [{ metadata: {}, words: ["a line"] }]);
      },
    },
    {
      name: "metadata from Go adds to what the context has",
      async run(on) {
        const seen = witness(on);
        await via(on, "more", { tenant: "outer", other: "kept" });
        deepEqual(seen, [{ metadata: { tenant: "inner", other: "kept" }, words: [] }]);
      },
    },
    {
      name: "what has come does not go back by itself, and where Go says so it does",
      async run(on) {
        const seen = witness(on);
        await on.client.viaNothing({ metadata: METADATA });
        await on.client.forward({ metadata: METADATA });
        deepEqual(
          seen.map(({ metadata }) => metadata),
          [{}, METADATA],
        );
      },
    },
    {
      name: "an implementation hands it on by its caller as the options",
      async run(on) {
        let handed: Seen | undefined;
        on.host({
          nothing: async (caller) => {
            handed = await on.client.surroundings(caller);
          },
        });
        await via(on, "nothing", METADATA);
        same(handed as Seen, METADATA);
      },
    },
    refusedInGo("from Go, a 65th pair is refused, and no call is made", pairs(65), "expected at most 64 pairs, got 65"),
    refusedInGo("from Go, an 8193rd byte is refused", { a: "x".repeat(8192) }, "got 8193"),
    refusedInGo("from Go, an upper-case letter in a key is refused", { Tenant: "a" }, 'the key "Tenant"'),
    {
      name: "from Go, a value that is not UTF-8 is refused",
      async run(on) {
        const error = await rejection(via(on, "invalid", {}));
        has(error, { code: "ERR_ENCODE" });
        match(error.message, /the value of "text": expected UTF-8/);
      },
    },
    {
      name: "metadata takes no more than the memory has, both ways",
      needs: ["options"],
      async run(on) {
        const client = await on.fresh({ regionSize: 1 << 20, capacity: 16 });
        let seen = 0;
        const large = { large: "x".repeat(8000) };
        on.host({
          nothing: ({ metadata }) => {
            deepEqual({ ...metadata }, large);
            seen++;
          },
        });
        await Promise.all(upTo(300).map(() => client.forward({ metadata: large })));
        equal(seen, 300);
      },
    },
  ],
};
