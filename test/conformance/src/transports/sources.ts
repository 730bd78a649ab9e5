import { type Client, type ConnectOptions, connect, provide } from "@x/ts2go";
import { Conformance, conformance, Host } from "../gen/conformance.js";
import { host, type Source } from "../kit/ground.js";

/** Clients that `connect` makes, with these options unless a case has its own. */
export function connecting(defaults: ConnectOptions): Source {
  const open = (options: ConnectOptions = {}) =>
    connect(Conformance, { stderr: "ignore", provide: [Host.with(host)], ...defaults, ...options });
  let shared: Promise<Client<Conformance>> | undefined;
  return {
    spent: false,
    shared: () => {
      shared ??= open();
      return shared;
    },
    fresh: open,
    spoil: () => {
      shared?.then((client) => client.close()).catch(() => {});
      shared = undefined;
    },
  };
}

/** The client that the generated module exports. There is one a thread: a case that has closed it was the last there. */
export function importing(): Source {
  provide(Host, host);
  const source = {
    spent: false,
    shared: async () => conformance,
    fresh: async () => {
      source.spent = true;
      return conformance;
    },
    spoil: () => {
      source.spent = true;
    },
  };
  return source;
}

/** Those that a worker_thread can be told to take, by name. */
export const SOURCES = { connecting: () => connecting({}), importing };
