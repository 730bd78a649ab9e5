import { type Client, type ConnectOptions, connect, intercept, provide } from "@x/ts2go";
import { Conformance, conformance, Guarded, guarded, Host } from "../gen/conformance.js";
import { host, type Source } from "../kit/ground.js";

/** Something that cases share, made when the first asks for it. */
class Shared<T extends { close(): Promise<void> }> {
  private one: Promise<T> | undefined;

  constructor(private readonly make: () => Promise<T>) {}

  get(): Promise<T> {
    this.one ??= this.make();
    return this.one;
  }

  async end(): Promise<void> {
    const ending = this.one;
    this.one = undefined;
    await (await ending)?.close();
  }
}

/** Clients that `connect` makes, with these options unless a case has its own. */
export function connecting(defaults: ConnectOptions): Source {
  const open = (options: ConnectOptions = {}): Promise<Client<Conformance>> =>
    connect(Conformance, { stderr: "ignore", provide: [Host.with(host)], ...defaults, ...options });
  const shared = new Shared(open);
  const guarded = new Shared(() => connect(Guarded, { stderr: "ignore", regionSize: 8 << 20, ...defaults }));
  return {
    spent: false,
    shared: () => shared.get(),
    fresh: open,
    intercepted: async ({ client: interceptors = [], host: around = [] }) => {
      const client = await open({ interceptors, provide: [Host.with(host, { interceptors: around })] });
      return { client, end: () => client.close() };
    },
    guarded: () => guarded.get(),
    spoil: () => {
      for (const each of [shared, guarded]) each.end().catch(() => {});
    },
    end: async () => {
      await Promise.all([shared.end(), guarded.end()]);
    },
  };
}

/** The clients that the generated module exports. There is one a thread: a case that has closed it was the last there. */
export function importing(): Source {
  provide(Host, host);
  const source = {
    spent: false,
    shared: async () => conformance,
    fresh: async () => {
      source.spent = true;
      return conformance;
    },
    intercepted: async ({ client = [], host: around = [] }: Parameters<Source["intercepted"]>[0]) => {
      intercept(Conformance, ...client);
      provide(Host, host, { interceptors: around });
      const end = async () => {
        intercept(Conformance);
        provide(Host, host);
      };
      return { client: conformance, end };
    },
    guarded: async () => guarded,
    spoil: () => {
      source.spent = true;
    },
    end: () => conformance.close(),
  };
  return source;
}

/** Those that a worker_thread can be told to take, by name. */
export const SOURCES = { connecting: () => connecting({}), importing };
