import type { Buffer as Bytes } from "node:buffer";
import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  a(data: Buffer): Promise<Bytes>;
  b(data: ArrayBuffer): Promise<SharedArrayBuffer>;
  c(data: DataView, pixels: Uint8ClampedArray): Promise<void>;
  d(data: Uint8Array<ArrayBuffer>): Promise<void>;
}
