/** The names of one scope of generated code. Whoever comes first gets the name; the order of asking decides. */
export class Scope {
  private readonly taken: Set<string>;

  constructor(reserved: Iterable<string>) {
    this.taken = new Set(reserved);
  }

  /** Takes the first of the candidates that is free, or the last one with a number behind. */
  claim(...candidates: [string, ...string[]]): string {
    const last = candidates.at(-1) as string;
    let name = candidates.find((candidate) => !this.taken.has(candidate));
    for (let i = 2; name === undefined; i++) if (!this.taken.has(`${last}${i}`)) name = `${last}${i}`;
    this.taken.add(name);
    return name;
  }

  /** A scope inside this one: it may not shadow what this one has. */
  inner(): Scope {
    return new Scope(this.taken);
  }
}
