import type { NodeService } from "@x/ts2go";

export interface Log extends NodeService {
  write(line: string): Promise<void>;
}
