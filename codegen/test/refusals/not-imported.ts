import type { GoService } from "@x/ts2go";

export interface Demo extends GoService {
  a(id: u64, share: f32): Promise<Lease<Uint8Array>>;
  b(colour: Colour): Promise<void>;
}
