import type { Bell } from "../raw/index.js";
import { native } from "./native.js";

/** An eventfd, by its number. Whoever made it closes it. */
export class Doorbell implements Bell {
  constructor(readonly fd: number) {}

  /** Wakes the side that sleeps on it. */
  ring(): void {
    native.ringDoorbell(this.fd);
  }
}
