/** Longer paths are shortened in the middle: they only come from values that are nested hundreds of times. */
const SEGMENTS_MAX = 24;
const HEAD = 12;
const TAIL = 4;

/** The way to a value, in the words of JavaScript: `req.users[3]["first-name"]`. */
export class Path {
  private constructor(
    private readonly parent: Path | undefined,
    private readonly segment: string,
  ) {}

  static root(name: string): Path {
    return new Path(undefined, name);
  }

  property(name: string): Path {
    const plain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
    return new Path(this, plain ? `.${name}` : `[${JSON.stringify(name)}]`);
  }

  index(i: number): Path {
    return new Path(this, `[${i}]`);
  }

  get text(): string {
    const segments: string[] = [];
    for (let path: Path | undefined = this; path !== undefined; path = path.parent) segments.push(path.segment);
    segments.reverse();
    if (segments.length <= SEGMENTS_MAX) return segments.join("");
    return `${segments.slice(0, HEAD).join("")} ... ${segments.slice(-TAIL).join("")}`;
  }
}
