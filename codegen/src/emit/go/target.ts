/** A Go expression that names a variable: what is read into, or written from. */
export class Target {
  constructor(readonly text: string) {}

  /** `&v.Name`; the pointer itself where the target is what it points to. */
  get address(): string {
    return this.text.startsWith("*") ? this.text.slice(1) : `&${this.text}`;
  }

  at(index: string): Target {
    return new Target(this.text.startsWith("*") ? `(${this.text})[${index}]` : `${this.text}[${index}]`);
  }

  get pointee(): Target {
    return new Target(this.text.startsWith("*") ? `*(${this.text})` : `*${this.text}`);
  }
}

/** Names of the locals of one generated function: `at0`, `s0`, `at1`, ... each used once. */
export class Locals {
  private readonly next = new Map<string, number>();

  name(prefix: string): string {
    const n = this.next.get(prefix) ?? 0;
    this.next.set(prefix, n + 1);
    return `${prefix}${n}`;
  }
}

/** The loop variable at a depth of nesting. */
export function loopName(depth: number): string {
  return depth === 0 ? "i" : `i${depth}`;
}

/** An offset in the body behind another one. */
export function plus(at: string, offset: number): string {
  return /^\d+$/.test(at) ? String(Number(at) + offset) : offset === 0 ? at : `${at}+${offset}`;
}

/** The offset of an element. */
export function element(first: string, index: string, size: number): string {
  return size === 1 ? `${first}+uint32(${index})` : `${first}+uint32(${index})*${size}`;
}

/** An offset that is a call's only argument: there gofmt puts blanks around the sum, beside others it does not. */
export function alone(at: string): string {
  return at.replaceAll("+", " + ");
}
