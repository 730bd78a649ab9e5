/** Longer paths are shortened in the middle: they only come from values that are nested hundreds of times. */
const SEGMENTS_MAX = 24;
const HEAD = 12;
const TAIL = 4;

/** The way to a value, in the words of JavaScript: `req.users[3]["first-name"]`. */
export class Path {
  private constructor(
    private readonly parent: Path | undefined,
    private readonly segment: string,
    /** How many closing brackets in it belong to a spread that opens in front of the whole path. */
    private readonly spreads = 0,
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

  /** To the value that a map has for a key. */
  get(key: unknown): Path {
    return new Path(this, `.get(${typeof key === "bigint" ? `${key}n` : JSON.stringify(key)})`);
  }

  /** To a map's key, counted from 0. */
  key(i: number): Path {
    return new Path(this, `.keys()][${i}]`, 1);
  }

  /** To an element of a set, counted from 0. */
  element(i: number): Path {
    return new Path(this, `][${i}]`, 1);
  }

  get text(): string {
    const segments: string[] = [];
    let spreads = 0;
    for (let path: Path | undefined = this; path !== undefined; path = path.parent) {
      segments.push(path.segment);
      spreads += path.spreads;
    }
    segments.reverse();
    // What has no index of its own is spread into an array: `[...req.tags][2]`.
    const spread = "[...".repeat(spreads);
    if (segments.length <= SEGMENTS_MAX) return spread + segments.join("");
    return `${spread}${segments.slice(0, HEAD).join("")} ... ${segments.slice(-TAIL).join("")}`;
  }
}
