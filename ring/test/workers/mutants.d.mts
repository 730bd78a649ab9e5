import type { Producer } from "@x/mem-ring";

export const producers: Record<string, typeof Producer>;
