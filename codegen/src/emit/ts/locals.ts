/** Names of the locals of one generated function: `a0`, `q0`, `a1`, ... each used once. */
export class Locals {
  private readonly next = new Map<string, number>();

  name(prefix: string): string {
    const n = this.next.get(prefix) ?? 0;
    this.next.set(prefix, n + 1);
    return `${prefix}${n}`;
  }
}

/** A position behind another one. */
export function plus(position: string, offset: number): string {
  return offset === 0 ? position : `${position} + ${offset}`;
}

/** The position of an element. */
export function element(first: string, index: string, size: number): string {
  return size === 1 ? `${first} + ${index}` : `${first} + ${index} * ${size}`;
}
