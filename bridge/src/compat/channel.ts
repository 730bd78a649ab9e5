import { Channel } from "../call/channel.js";
import type { MethodSpec } from "../client/service.js";
import type { AdaptedMethods } from "./methods.js";

type Submit = Channel["submit"];
type Rest = Parameters<Submit> extends [MethodSpec, ...infer R] ? R : never;

/** A channel to a Go program of another version of the interface. */
export class AdaptedChannel extends Channel {
  constructor(
    private readonly adapted: AdaptedMethods,
    ...args: ConstructorParameters<typeof Channel>
  ) {
    super(...args);
  }

  override submit(method: MethodSpec, ...rest: Rest): boolean {
    return super.submit(this.adapted.of(method), ...rest);
  }
}
