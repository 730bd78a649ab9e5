/**
 * Gives out memory for bodies. Its book-keeping is private to this thread: nothing in the region is trusted to allocate
 * by. Positions are bytes from the region's start. The mirror is go/ts2go/arena.go; the shape is the segregated storage
 * of slab allocators (Bonwick 1994) in its simplest form.
 *
 * The arena is a row of spans of 64 KiB. A span holds blocks of one size class, powers of two from 128 bytes to 32 KiB;
 * anything larger takes a run of whole spans. Free blocks of a class are a stack, so that the one freed last, still in
 * the cache, is used next. Spans that have become empty are found only when a run is wanted and none is free.
 */
export class Arena {
  private readonly kinds: Uint8Array;
  /** Blocks in use; in the first span of a run, the run's length. */
  private readonly counts: Uint32Array;
  private readonly free: Stack[] = [];
  private readonly bumpNext = new Float64Array(CLASSES);
  private readonly bumpEnd = new Float64Array(CLASSES);
  private rover = 0;
  /** Blocks and runs given out. */
  used = 0;
  /** One past the highest span ever given out. */
  private touchedSpans = 0;

  constructor(
    private readonly start: number,
    size: number,
  ) {
    const spans = size >>> SPAN_BITS;
    this.kinds = new Uint8Array(spans);
    this.counts = new Uint32Array(spans);
    for (let i = 0; i < CLASSES; i++) this.free.push(new Stack());
  }

  /** The size of the largest body that can ever fit, in bytes. */
  get max(): number {
    return this.kinds.length * SPAN_SIZE;
  }

  /** Bytes of the longest run of free spans; to be asked after {@link alloc} has found no room. */
  get left(): number {
    let longest = 0;
    let run = 0;
    for (const kind of this.kinds) {
      run = kind === FREE ? run + 1 : 0;
      if (run > longest) longest = run;
    }
    return longest * SPAN_SIZE;
  }

  /** How many bytes from the start have ever been given out: what can be given back to the system. */
  get touched(): number {
    return this.touchedSpans * SPAN_SIZE;
  }

  /** Whether a position lies in the arena. */
  has(at: number): boolean {
    return at >= this.start && at < this.start + this.max;
  }

  /** The position of `size` bytes, aligned to 128, or -1 if there is no room at the moment. */
  alloc(size: number): number {
    if (size > LARGEST_BLOCK) return this.allocRun(Math.ceil(size / SPAN_SIZE));
    const c = size <= MIN_BLOCK ? 0 : 32 - Math.clz32(size - 1) - MIN_BITS;
    const stack = this.free[c] as Stack;
    let at: number;
    if (stack.length > 0) {
      at = stack.pop();
    } else {
      at = this.bumpNext[c] as number;
      if (at === this.bumpEnd[c]) {
        const i = this.findRun(1);
        if (i < 0) return -1;
        this.kinds[i] = 1 + c;
        this.counts[i] = 0;
        at = this.start + i * SPAN_SIZE;
        this.bumpEnd[c] = at + SPAN_SIZE;
      }
      this.bumpNext[c] = at + (1 << (MIN_BITS + c));
    }
    const i = (at - this.start) >>> SPAN_BITS;
    this.counts[i] = (this.counts[i] as number) + 1;
    this.used++;
    return at;
  }

  private allocRun(n: number): number {
    const i = this.findRun(n);
    if (i < 0) return -1;
    this.kinds[i] = RUN;
    this.counts[i] = n;
    this.kinds.fill(TAIL, i + 1, i + n);
    this.used++;
    return this.start + i * SPAN_SIZE;
  }

  /** Gives back what {@link alloc} returned. */
  release(at: number): void {
    const i = (at - this.start) >>> SPAN_BITS;
    const kind = this.kinds[i] as number;
    this.used--;
    if (kind === RUN) {
      this.kinds.fill(FREE, i, i + (this.counts[i] as number));
      if (i < this.rover) this.rover = i;
      return;
    }
    this.counts[i] = (this.counts[i] as number) - 1;
    (this.free[kind - 1] as Stack).push(at);
  }

  /** Forgets what was touched, after its pages were given back. Only while nothing is in use. */
  reset(): void {
    this.sweep();
    this.touchedSpans = 0;
  }

  private findRun(n: number): number {
    const i = this.scan(n);
    return i >= 0 || !this.sweep() ? i : this.scan(n);
  }

  private scan(n: number): number {
    const kinds = this.kinds;
    while (this.rover < kinds.length && kinds[this.rover] !== FREE) this.rover++;
    for (let i = this.rover, run = 0; i < kinds.length; i++) {
      run = kinds[i] === FREE ? run + 1 : 0;
      if (run === n) {
        if (i + 1 > this.touchedSpans) this.touchedSpans = i + 1;
        return i - n + 1;
      }
    }
    return -1;
  }

  /** Frees the spans of which no block is in use; says whether there were any. */
  private sweep(): boolean {
    const empty = (at: number) => this.counts[(at - this.start) >>> SPAN_BITS] === 0;
    let found = false;
    for (let c = 0; c < CLASSES; c++) {
      if ((this.free[c] as Stack).dropWhere(empty)) found = true;
      if (this.bumpNext[c] !== this.bumpEnd[c] && empty(this.bumpNext[c] as number)) {
        this.bumpNext[c] = this.bumpEnd[c] = 0;
        found = true;
      }
    }
    for (let i = 0; i < this.kinds.length; i++) {
      if ((this.kinds[i] as number) < RUN && this.counts[i] === 0) this.kinds[i] = FREE;
    }
    this.rover = 0;
    return found;
  }
}

const SPAN_BITS = 16;
const SPAN_SIZE = 1 << SPAN_BITS;
const MIN_BITS = 7;
const MIN_BLOCK = 1 << MIN_BITS;
const LARGEST_BLOCK = SPAN_SIZE / 2;
const CLASSES = SPAN_BITS - MIN_BITS;
/** Kinds of spans: free, 1 + size class, the first of a run, the rest of a run. */
const FREE = 0;
const RUN = 254;
const TAIL = 255;

/** A stack of positions that makes no garbage once it has grown. */
class Stack {
  private items = new Uint32Array(64);
  length = 0;

  push(at: number): void {
    if (this.length === this.items.length) {
      const larger = new Uint32Array(this.items.length * 2);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[this.length++] = at;
  }

  pop(): number {
    return this.items[--this.length] as number;
  }

  dropWhere(drop: (at: number) => boolean): boolean {
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      const at = this.items[i] as number;
      if (!drop(at)) this.items[kept++] = at;
    }
    const dropped = kept < this.length;
    this.length = kept;
    return dropped;
  }
}
