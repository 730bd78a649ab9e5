import { LeasedBytes } from "../../image/leased-bytes.js";
import type { Reader } from "../../image/reader.js";
import type { Views } from "../../image/views.js";

/** The leases of results: bytes of the response arena that Go keeps for us until we say that they are released. */
export class ResultLeases {
  /** Numbers of results all of whose leases are released, and of which Go was not told yet. */
  private readonly released: number[] = [];
  /** Results of which some bytes are lent. */
  private open = 0;

  constructor(
    private readonly views: Views,
    private readonly reader: Reader,
    /** Asks for {@link next} to be sent. */
    private readonly tell: () => void,
  ) {}

  private readonly release = (number: number): void => {
    this.open--;
    this.drop(number);
  };

  /** How many results have leases that are not released. */
  get held(): number {
    return this.open;
  }

  /**
   * Decodes a result with leases, by `decode`. `number` is theirs: Go is told when the last one is released, or at once
   * where there are none or nobody gets them.
   */
  read(number: number, decode: () => unknown): unknown {
    const all: LeasedBytes[] = [];
    const result = new OneResult(this.release, number);
    this.reader.lend = (at, n) => {
      result.left++;
      const bytes = LeasedBytes.lend(this.views, at, n, result.giveBack);
      all.push(bytes);
      return bytes;
    };
    this.open++;
    let complete = false;
    try {
      const value = decode();
      complete = true;
      return value;
    } finally {
      this.reader.lend = undefined;
      if (!complete) for (const bytes of all) bytes.end();
      if (!complete || all.length === 0) this.release(number);
    }
  }

  /** Has leases given back that nobody gets: their call was given up. */
  drop(number: number): void {
    this.released.push(number);
    this.tell();
  }

  /** The number of the next result that Go has to be told of. */
  get next(): number | undefined {
    return this.released[0];
  }

  /** It was told. */
  told(): void {
    this.released.shift();
  }
}

/** Tells when all leases of a result are released. A class, so that it holds nothing of the bytes: see {@link GiveBack}. */
class OneResult {
  left = 0;

  constructor(
    private readonly release: (number: number) => void,
    private readonly number: number,
  ) {}

  readonly giveBack = (): void => {
    if (--this.left === 0) this.release(this.number);
  };
}
