import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Client, connect, inspect, type SchemaMismatchError } from "@x/ts2go";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { go, writeModule } from "./go-module.js";
import { writeFiles } from "./project.js";
import { ROOT, suiteFolder, ts2go } from "./support.js";

/** What a version of the interface has besides; the name of a Go program is that of its version. */
interface Version {
  /** Behind the fields of User. */
  readonly user?: string;
  /** Before the last field of User. */
  readonly middle?: string;
  readonly age?: string;
  /** Behind the fields of Circle. */
  readonly circle?: string;
  /** Before the methods of Demo. */
  readonly methods?: string;
  /** Go calls nobody. */
  readonly silent?: true;
}

const MORE = {
  user: "nick?: string; friends?: User[]; score: number | null;",
  circle: "label?: string; inside?: Shape;",
};

const LOG = `export interface Log extends NodeService {
  other(n: u8): Promise<u8>;
  told(n: u8, user: User): Promise<User>;
}
`;

function source(version: Version): string {
  return `import type { Borrow, GoService, Lease, NodeService, u16, u8 } from "@x/ts2go";

export interface User { name: string; ${version.middle ?? ""} age: ${version.age ?? "u8"}; ${version.user ?? ""} }
export interface Around { before: string; user: User; after: u8 }
export interface Circle { kind: "circle"; radius: number; ${version.circle ?? ""} }
export interface Holder { kind: "holder"; user: User }
export type Shape = Circle | Holder;
export type Pair = [first: User, between: u8, second: User];
export interface Tree { user: User; children: Tree[] }
export interface Packet { bytes: Lease<Uint8Array>; user: User; ${version.circle === undefined ? "" : "label?: string;"} }
export interface Empty { ${version.user ?? ""} }

export interface Demo extends GoService {
  ${version.methods ?? ""}
  one(user: User): Promise<User>;
  two(before: string, user: User, after: u8): Promise<Around>;
  optional(user: User | null): Promise<User | null>;
  list(users: User[]): Promise<User[]>;
  map(users: Map<string, User>): Promise<Map<string, User>>;
  record(users: Record<string, User>): Promise<Record<string, User>>;
  union(shape: Shape): Promise<Shape>;
  tuple(pair: Pair): Promise<Pair>;
  tree(tree: Tree): Promise<Tree>;
  empty(empty: Empty): Promise<Empty>;
  borrowed(user: Borrow<User>): Promise<string>;
  lend(packet: Packet): Promise<Packet>;
  note(user: User): void;
  noted(): Promise<User>;
  stream(users: AsyncIterable<User>): AsyncIterable<User>;
  ask(user: User): Promise<User>;
}

${version.silent ? "" : LOG}`;
}

/** A Go program that gives back what it gets; in the newer version it also sets what the older one does not have. */
function program(version: Version): string {
  const more =
    version.user === undefined ? "" : 'text := "from Go"\n\tu.Nick = &text\n\tu.Friends = &[]User{{Name: "a friend"}}';
  const extra =
    version.methods === undefined
      ? ""
      : "func (demo) Extra(_ context.Context, n uint8) (uint8, error) { return n, nil }";
  return `package main

import (
	"context"
	"fmt"
	"iter"

	. "example.test/random/gen"
	"x.example/go/ts2go"
)

type demo struct{ notes chan User }

func mark(u User) User {
	${more}
	return u
}

${extra}
func (demo) One(_ context.Context, u *User) (User, error) { return mark(*u), nil }
func (demo) Two(_ context.Context, before string, u *User, after uint8) (Around, error) {
	return Around{Before: before, User: mark(*u), After: after}, nil
}
func (demo) Optional(_ context.Context, u *User) (*User, error) {
	if u == nil {
		return nil, nil
	}
	marked := mark(*u)
	return &marked, nil
}
func (demo) List(_ context.Context, users []User) ([]User, error) {
	for i := range users {
		users[i] = mark(users[i])
	}
	return users, nil
}
func (demo) Map(_ context.Context, users map[string]User) (map[string]User, error) {
	for name := range users {
		users[name] = mark(users[name])
	}
	return users, nil
}
func (d demo) Record(ctx context.Context, users map[string]User) (map[string]User, error) { return d.Map(ctx, users) }
func (demo) Union(_ context.Context, shape Shape) (Shape, error)                          { return shape, nil }
func (demo) Tuple(_ context.Context, pair *Pair) (Pair, error)                            { return *pair, nil }
func (demo) Tree(_ context.Context, tree *Tree) (Tree, error)                             { return *tree, nil }
func (demo) Empty(_ context.Context, empty *Empty) (Empty, error)                         { return *empty, nil }
func (demo) Borrowed(_ context.Context, u *User) (string, error) {
	return fmt.Sprintf("%s is %d", u.Name, u.Age), nil
}
func (demo) Lend(ctx context.Context, p *Packet) (Packet, error) {
	bytes, err := ts2go.Alloc(ctx, len(p.Bytes))
	copy(bytes, p.Bytes)
	return Packet{Bytes: bytes, User: mark(p.User)}, err
}
func (d demo) Note(_ context.Context, u *User)            { d.notes <- *u }
func (d demo) Noted(_ context.Context) (User, error)      { return mark(<-d.notes), nil }
func (demo) Ask(ctx context.Context, u *User) (User, error) {
	marked := mark(*u)
	return ${version.silent ? "marked, ctx.Err()" : "LogOf(ctx).Told(ctx, 7, &marked)"}
}
func (demo) Stream(_ context.Context, users iter.Seq2[User, error]) iter.Seq2[User, error] {
	return func(yield func(User, error) bool) {
		for u, err := range users {
			if !yield(mark(u), err) {
				return
			}
		}
	}
}

func main() { ts2go.Main(ServeDemo(demo{notes: make(chan User, 1)})) }
`;
}

const folder = suiteFolder();
// biome-ignore lint/suspicious/noExplicitAny: the clients of several versions of one interface.
type Any = any;

/** Generates a version; `flags` for both ends. */
async function generate(name: string, version: Version, flags: readonly string[]): Promise<string> {
  const project = join(folder, name);
  writeModule(project);
  writeFiles(project, {
    "package.json": JSON.stringify({ name, type: "module" }),
    "tsconfig.json": JSON.stringify({
      extends: join(ROOT, "tsconfig.base.json"),
      compilerOptions: { paths: { "@x/ts2go": [join(ROOT, "bridge/src/types.ts")] }, types: [] },
    }),
    "src/demo.ts": source(version),
    "main.go": program(version),
  });
  mkdirSync(join(project, "node_modules/@x"), { recursive: true });
  symlinkSync(join(ROOT, "bridge"), join(project, "node_modules/@x/ts2go"));
  const run = await ts2go(project, ["gen", "src/demo.ts", "--out", "src/gen", "--go", "gen", ...flags]);
  if (run.code !== 0) throw new Error(run.err);
  return project;
}

/** The descriptors of a generated client. */
const load = (project: string): Promise<Any> => import(join(project, "src/gen/demo.ts"));

async function clientOf(version: Version, name: string, flags: readonly string[] = ["--compat"]): Promise<Any> {
  return load(await generate(name, version, flags));
}

/** A Go program of a version; gives the client of the same version, too. */
async function build(version: Version, name: string, flags: readonly string[] = ["--compat"]) {
  const project = await generate(name, version, flags);
  go(project, ["go", "build", "-o", "demo", "."]);
  return { binary: join(project, "demo"), module: await load(project) };
}

const open: Client<Any>[] = [];
/** Connects; `answer` is what Go is told when it calls. */
async function connected(module: Any, binary: string, answer = (user: unknown) => user): Promise<Any> {
  const told: unknown[] = [];
  const log = {
    other: (n: number) => n,
    told: (n: number, user: unknown) => {
      told.push([n, user]);
      return answer(user);
    },
  };
  const client = await connect(module.Demo as Any, { binary, provide: [module.Log.with(log)], stderr: "ignore" });
  open.push(client as Client<Any>);
  return Object.assign(client, { told });
}

/** The error of connecting this client to that program. */
const refusal = (module: Any, binary: string): Promise<SchemaMismatchError> =>
  connect(module.Demo as Any, { binary, stderr: "ignore" }).then(
    () => expect.fail("it connected"),
    (error: SchemaMismatchError) => error,
  );

const collect = async (items: AsyncIterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const ada = { name: "Ada", age: 36 };
const bob = { name: "Bob", age: 7 };

let older: Awaited<ReturnType<typeof build>>;
let newer: Awaited<ReturnType<typeof build>>;
beforeAll(async () => {
  older = await build({}, "older");
  // With a method that shifts the numbers of all others.
  newer = await build({ ...MORE, methods: "extra(n: u8): Promise<u8>;" }, "newer");
});
afterAll(() => Promise.all(open.map((client) => client[Symbol.asyncDispose]())));

describe.each(["old client, new Go", "new client, old Go"] as const)("%s", (pairing) => {
  const isOld = pairing === "old client, new Go";
  /** What comes back of a user: what Go has and this side has not is dropped, what Go has not is absent. */
  const back = (user: object) => (isOld ? user : { ...user, score: null });
  let client: Any;
  beforeAll(async () => {
    client = isOld
      ? await connected(older.module, newer.binary)
      : await connected(await clientOf(MORE, "fields"), older.binary);
  });

  test("as the only parameter and the result, also of a blocking call", async () => {
    expect(await client.one(ada)).toStrictEqual(back(ada));
    expect(client.sync.one(bob)).toStrictEqual(back(bob));
  });
  test("among parameters, and inside another struct", async () => {
    expect(await client.two("<", ada, 9)).toStrictEqual({ before: "<", user: back(ada), after: 9 });
  });
  test("behind a pointer", async () => {
    expect(await client.optional(ada)).toStrictEqual(back(ada));
    expect(await client.optional(null)).toBe(null);
  });
  test("in lists, maps and records", async () => {
    expect(await client.list([ada, bob, ada])).toStrictEqual([ada, bob, ada].map(back));
    const users = new Map([
      ["a", ada],
      ["b", bob],
    ]);
    expect(await client.map(users)).toStrictEqual(
      new Map([
        ["a", back(ada)],
        ["b", back(bob)],
      ]),
    );
    expect(await client.record({ a: ada, b: bob })).toStrictEqual({ a: back(ada), b: back(bob) });
  });
  test("as a union's member, and in one", async () => {
    expect(await client.union({ kind: "circle", radius: 2 })).toStrictEqual({ kind: "circle", radius: 2 });
    expect(await client.union({ kind: "holder", user: ada })).toStrictEqual({ kind: "holder", user: back(ada) });
  });
  test("in tuples and in types that hold themselves", async () => {
    expect(await client.tuple([ada, 3, bob])).toStrictEqual([back(ada), 3, back(bob)]);
    const tree = (user: object, ...children: object[]) => ({ user, children });
    expect(await client.tree(tree(ada, tree(bob), tree(ada, tree(bob))))).toStrictEqual(
      tree(back(ada), tree(back(bob)), tree(back(ada), tree(back(bob)))),
    );
    // What is counted is how deep it is, not how much.
    const wide = await client.tree(tree(ada, ...Array.from({ length: 1000 }, () => tree(bob))));
    expect(wide.children).toHaveLength(1000);
    const cycle = { user: ada, children: [] as object[] };
    cycle.children.push(cycle);
    await expect(client.tree(cycle)).rejects.toThrow("tree.children[0]: expected Tree, got a cycle");
  });
  test("as a struct that has no other fields", async () => {
    expect(await client.empty({})).toStrictEqual(back({}));
  });
  test("beside leases, which come without a copy and are given back", async () => {
    const bytes = client.alloc(3);
    bytes.set([1, 2, 3]);
    const packet = await client.lend({ bytes, user: ada });
    expect({ ...packet, bytes: [...packet.bytes] }).toStrictEqual({ bytes: [1, 2, 3], user: back(ada) });
    expect(inspect(client).leases).toBe(1);
    packet.bytes.release();
    expect(inspect(client).leases).toBe(0);
  });
  test("borrowed, and one-way", async () => {
    expect(await client.borrowed(ada)).toBe("Ada is 36");
    client.note(bob);
    expect(await client.noted()).toStrictEqual(back(bob));
  });
  test("in streams both ways", async () => {
    const users = Array.from({ length: 1000 }, (_, i) => ({ name: `user ${i}`, age: i % 256 }));
    expect(await collect(client.stream(users))).toStrictEqual(users.map(back));
  });
  test("in calls from Go", async () => {
    expect(await client.ask(ada)).toStrictEqual(back(ada));
    expect(client.told).toStrictEqual([[7, back(ada)]]);
  });
  test("calls after a crash, to the next worker", async () => {
    process.kill(inspect(client).pid as number, "SIGKILL");
    await expect.poll(() => client.one(ada).catch(() => undefined), { timeout: 20_000 }).toStrictEqual(back(ada));
  });

  test.runIf(!isOld)("a value for a field that Go does not have is refused with the way to it", async () => {
    const nick = { ...ada, score: null, nick: "Countess" };
    const expected = "nothing (the Go program's version of User has no field nick)";
    const cases: [() => Promise<unknown>, string][] = [
      [() => client.one(nick), "user.nick"],
      [() => client.two("", nick, 1), "user.nick"],
      [() => client.list([ada, nick]), "users[1].nick"],
      [() => client.map(new Map([["a", nick]])), 'users.get("a").nick'],
      [() => client.record({ a: ada, b: nick }), "users.b.nick"],
      [() => client.union({ kind: "holder", user: nick }), "shape.user.nick"],
      [() => client.tuple([ada, 1, nick]), "pair[2].nick"],
      [() => client.tree({ user: ada, children: [{ user: nick, children: [] }] }), "tree.children[0].user.nick"],
    ];
    for (const [call, path] of cases) {
      const error = await call().catch((thrown) => thrown);
      expect(error).toMatchObject({ name: "EncodeError", code: "ERR_ENCODE", path, expected, received: "a string" });
    }
    // Where in a batch an item stands is for the channel to say.
    await expect(collect(client.stream([ada, nick]))).rejects.toThrow(/users\[[01]\]\.nick: expected nothing/);
    // A callback's result, which Go is told of.
    const answering = await connected(await load(join(folder, "fields")), older.binary, () => nick);
    await expect(answering.ask(ada)).rejects.toThrow(`Log.told: result.nick: expected ${expected}`);
    // What does not fit at all is told of as ever.
    await expect(client.list([{ ...ada, age: 300 }])).rejects.toThrow("users[0].age: expected u8 (0 to 255), got 300");
  });
});

test("only the client knows that Go may call: whether it does shapes the rings", async () => {
  const silent = await build({ silent: true }, "silent");
  const client = await connected(await load(join(folder, "fields")), silent.binary);
  const users = Array.from({ length: 3000 }, (_, i) => ({ name: `user ${i}`, age: i % 256, score: null }));
  expect(await Promise.all(users.map((user) => client.one(user)))).toStrictEqual(users);
  expect((await refusal(silent.module, older.binary)).differences).toEqual([
    "callback Log.other exists only in Go",
    "callback Log.told exists only in Go",
  ]);
});

test("both of one version: nothing is adapted", async () => {
  const client = await connected(newer.module, newer.binary);
  expect(await client.one({ ...ada, score: 2 })).toStrictEqual({
    ...ada,
    nick: "from Go",
    friends: [{ name: "a friend", age: 0, score: null }],
    score: 2,
  });
});

describe("what cannot go together is named at the handshake", () => {
  test.each<[string, Version, string[]]>([
    ["a required field", { user: "nick: string;" }, ["field User.nick does not exist in Go, and is not optional"]],
    [
      "a field in the middle",
      { middle: "nick?: string;" },
      ["field User.nick does not exist in Go, and does not follow after all fields of the other version (name, age)"],
    ],
    ["another type", { age: "u16" }, ["User.age is u16 here, u8 in Go"]],
    ["another type beside a field that could be added", { ...MORE, age: "u16" }, ["User.age is u16 here, u8 in Go"]],
    [
      "a method that Go does not have",
      { methods: "extra(): Promise<u8>;" },
      ["method Demo.extra does not exist in Go"],
    ],
  ])("%s", async (name, version, differences) => {
    const error = await refusal(await clientOf(version, name.replaceAll(" ", "-")), older.binary);
    expect(error).toMatchObject({ name: "SchemaMismatchError", code: "ERR_SCHEMA_MISMATCH" });
    expect(error.differences.filter((text) => !text.includes("Empty"))).toEqual(differences);
    expect(error.message).toMatch(/Run `ts2go build`\.$/);
  });

  test("a field that would go together, where one end does not allow it", async () => {
    const strictClient = await refusal(await clientOf({}, "strict-client", []), newer.binary);
    expect(strictClient.differences).toContain("field User.nick exists only in Go");
    expect(strictClient.message).toContain("but this client was generated without `--compat`");
    const strict = await build({}, "strict", []);
    const strictGo = await refusal(await load(join(folder, "fields")), strict.binary);
    expect(strictGo.differences).toContain("field User.nick does not exist in Go");
    expect(strictGo.message).toContain("but the Go program was generated without `--compat`");
  });
});
