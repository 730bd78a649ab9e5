import type { RawProducer } from "@x/mem-ring/channel";

export const producers: Record<string, typeof RawProducer>;
