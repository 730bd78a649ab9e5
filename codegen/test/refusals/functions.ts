import type { GoService } from "@x/ts2go";

export interface Task {
  run: () => void;
  make: new () => Task;
  any: Function;
}

export interface Demo extends GoService {
  start(task: Task, done: (error: string) => void): Promise<void>;
}
