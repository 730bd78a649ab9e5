import type { Borrow, GoService, Lease, NodeService } from "@x/ts2go";

export interface Picture {
  pixels: Lease<Uint8Array>;
}
export interface Album {
  pictures: Picture[];
}

export interface Demo extends GoService {
  a(numbers: Lease<Float64Array>): Promise<Lease<string>>;
  b(album: Borrow<Album>, bytes: Borrow<Lease<Uint8Array>>): Promise<void>;
  c(pictures: AsyncIterable<Picture>): AsyncIterable<Lease<Uint8Array>>;
  d(index: Map<string, Album>): Promise<Lease<Uint8Array>>;
  alloc(n: number): Promise<void>;
}

export interface Viewer extends NodeService {
  show(album: Album): Promise<void>;
  fetch(): Promise<Lease<Uint8Array>>;
}
