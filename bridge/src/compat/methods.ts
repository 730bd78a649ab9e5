import type { NodeMethodSpec } from "../client/node-service.js";
import type { ItemsSpec, MethodSpec } from "../client/service.js";
import type { Method, Schema, Type } from "../schema/index.js";
import { Decoders } from "./decoders.js";
import { Encoders, type Write } from "./encoders.js";
import { isInline } from "./layout.js";
import { told } from "./unknown-field.js";
import { Versions } from "./versions.js";

/** The methods of this side's version as a Go program of another one takes them: its numbers, its layouts. */
export class AdaptedMethods {
  private readonly versions: Versions;
  private readonly encoders: Encoders;
  private readonly decoders: Decoders;
  private readonly methods = new Map<MethodSpec, MethodSpec>();
  private readonly callbacks = new Map<NodeMethodSpec, NodeMethodSpec>();

  /** Of two schemas without obstacles. */
  constructor(here: Schema, there: Schema) {
    this.versions = new Versions(here, there);
    this.encoders = new Encoders(this.versions);
    this.decoders = new Decoders(this.versions);
  }

  /** A method that TypeScript calls. Each is adapted once, when it is called first. */
  of(method: MethodSpec): MethodSpec {
    let adapted = this.methods.get(method);
    if (adapted === undefined) {
      adapted = this.adapt(method);
      this.methods.set(method, adapted);
    }
    return adapted;
  }

  /** A method that Go calls. */
  callback(method: NodeMethodSpec): NodeMethodSpec {
    let adapted = this.callbacks.get(method);
    if (adapted === undefined) {
      adapted = this.adaptCallback(method);
      this.callbacks.set(method, adapted);
    }
    return adapted;
  }

  private adapt(method: MethodSpec): MethodSpec {
    const { here, there, layouts } = this.versions;
    const description = here.methods[method.index] as Method;
    const index = there.methods.findIndex(({ name }) => name === description.name);
    const params = description.params.filter((param) => param.stream !== true);
    const root = layouts.sequence(params);
    const result = resultOf(description);
    return {
      ...method,
      index,
      size: root.size,
      inline: isInline(root),
      ...(params.length === 0 ? {} : { write: this.writeArgs(description.name, params, root.offsets) }),
      ...(result === undefined ? {} : { resultSize: layouts.of(result).size, read: this.decoders.of(result) }),
      ...(method.items === undefined ? {} : { items: this.adaptItems(description, index, method.items) }),
    };
  }

  private adaptItems(description: Method, index: number, items: ItemsSpec): ItemsSpec {
    const param = description.params.find(({ stream }) => stream === true) as Method["params"][number];
    const list = { kind: "list", element: param.type } as const;
    const write = this.telling(this.encoders.of(list), description.name, param.name);
    return { ...items, index, size: this.versions.layouts.of(list).size, write };
  }

  private adaptCallback(method: NodeMethodSpec): NodeMethodSpec {
    const { here, there, layouts } = this.versions;
    const description = here.callbacks?.[method.index] as Method;
    const root = layouts.sequence(description.params);
    const reads = description.params.map(({ type }, i) => {
      return { offset: root.offsets[i] as number, read: this.decoders.of(type) };
    });
    const { result } = description;
    const resultLayout = layouts.sequence(result === undefined ? [] : [{ type: result }]);
    return {
      ...method,
      index: there.callbacks?.findIndex(({ name }) => name === description.name) ?? -1,
      requestSize: root.size,
      ...(reads.length === 0 ? {} : { read: (r, p) => reads.map(({ offset, read }) => read(r, p + offset)) }),
      size: resultLayout.size,
      inline: isInline(resultLayout),
      ...(result === undefined ? {} : { write: this.telling(this.encoders.of(result), description.name, "result") }),
    };
  }

  private writeArgs(method: string, params: Method["params"], offsets: readonly number[]): Write {
    const writes = params.map(({ name, type }) => this.telling(this.encoders.of(type), method, name));
    const [only] = writes;
    if (writes.length === 1 && only !== undefined) return only;
    return (w, p, args: readonly unknown[]) => {
      for (let i = 0; i < writes.length; i++) (writes[i] as Write)(w, p + (offsets[i] as number), args[i]);
    };
  }

  /** Says where the value for a field that Go does not have was met. */
  private telling(write: Write, method: string, root: string): Write {
    return (w, p, v) => {
      try {
        write(w, p, v);
      } catch (thrown) {
        throw told(thrown, method, root);
      }
    };
  }
}

/** What is read of a method's result: of a stream, a batch of its items. */
function resultOf({ kind, result }: Method): Type | undefined {
  return result !== undefined && kind === "stream" ? { kind: "list", element: result } : result;
}
