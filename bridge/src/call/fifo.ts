/** What waits, first in, first out. */
export class Fifo<T> {
  private items: (T | undefined)[] = [];
  private from = 0;

  get length(): number {
    return this.items.length - this.from;
  }

  get first(): T | undefined {
    return this.items[this.from];
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): void {
    this.items[this.from++] = undefined;
    // Moving what is left costs less than one step for each that has gone.
    if (this.from >= 1024 && this.from * 2 >= this.items.length) {
      this.items = this.items.slice(this.from);
      this.from = 0;
    } else if (this.from === this.items.length) {
      this.items = [];
      this.from = 0;
    }
  }

  /** Takes it out, wherever it stands; says whether it was there. */
  remove(item: T): boolean {
    const at = this.items.indexOf(item);
    if (at >= 0) this.items.splice(at, 1);
    return at >= 0;
  }

  find(is: (item: T) => boolean): T | undefined {
    return this.items.find((item) => item !== undefined && is(item));
  }

  /** From the last to the first, for as long as `each` says so. */
  backwards(each: (item: T) => boolean): void {
    for (let i = this.items.length - 1; i >= this.from && each(this.items[i] as T); i--);
  }

  all(): T[] {
    return this.items.slice(this.from) as T[];
  }
}
