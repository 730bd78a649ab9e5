import type { Answering } from "../call/callbacks/index.js";
import type { NodeMethodSpec, Provided, Providers } from "../client/node-service.js";
import type { Method, Schema } from "../schema/index.js";
import type { AdaptedMethods } from "./methods.js";

/** Who answers the calls of a Go program of another version: found by its numbers, with methods as it takes them. */
export class AdaptedProviders implements Pick<Providers, "find"> {
  /** What the program calls, as this side describes it and in the program's order. */
  readonly schema: Schema;
  private readonly indexHere: readonly number[];

  constructor(
    here: Schema,
    there: Schema,
    private readonly methods: AdaptedMethods,
    private readonly providers: Answering["providers"],
  ) {
    const all = here.callbacks ?? [];
    const called = (there.callbacks ?? []).map(({ name }) => all.findIndex((method) => method.name === name));
    this.indexHere = called;
    const { callbacks: _, ...rest } = here;
    this.schema = called.length === 0 ? rest : { ...rest, callbacks: called.map((index) => all[index] as Method) };
  }

  find(index: number): Provided | undefined {
    const provided = this.providers.find(this.indexHere[index] as number);
    if (provided === undefined) return undefined;
    const method: NodeMethodSpec = this.methods.callback(provided.method);
    return { ...provided, method };
  }
}
