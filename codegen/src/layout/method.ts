import type { ModelMethod, ModelParam } from "../schema/index.js";
import type { Layout, Layouts } from "./layout.js";

/** What travels in an entry itself, if it holds no ref. */
export const INLINE_MAX = 40;

/** A parameter and its place in the request's root. */
export interface ParamLayout {
  readonly param: ModelParam;
  readonly offset: number;
}

export interface MethodLayout {
  /** The size of the request's root. */
  readonly size: number;
  /** The request fits the entry. */
  readonly inline: boolean;
  /** Whether there is a pointer in the request's root. */
  readonly refs: boolean;
  readonly params: readonly ParamLayout[];
  /** Whether there are leases in the request, and in the result. */
  readonly lends: boolean;
  readonly leases: boolean;
  /** Absent where nothing comes back. */
  readonly result?: Layout & { readonly inline: boolean };
}

/** Lays out a method's request and result. One parameter is the root itself; several are a struct of them. */
export function methodLayout(layouts: Layouts, method: ModelMethod): MethodLayout {
  const root = layouts.sequence(method.params);
  const result = method.result === undefined ? undefined : layouts.of(method.result);
  return {
    size: root.size,
    inline: fits(root),
    refs: root.refs,
    params: method.params.map((param, index) => ({ param, offset: root.offsets[index] as number })),
    lends: method.params.some((param) => layouts.leases(param.type)),
    leases: method.result !== undefined && layouts.leases(method.result),
    ...(result === undefined ? {} : { result: { ...result, inline: fits(result) } }),
  };
}

function fits(layout: Layout): boolean {
  return !layout.refs && layout.size <= INLINE_MAX;
}
