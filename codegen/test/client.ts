import { ts } from "ts-morph";
import type { MethodSpec, ServiceSpec } from "../../bridge/src/client/service.js";
import { Reader } from "../../bridge/src/image/reader.js";
import { Views } from "../../bridge/src/image/views.js";
import { BODY_FULL, Writer } from "../../bridge/src/image/writer.js";

const RUNTIME =
  "data:text/javascript,export const defineService = (spec) => spec; export const lazyClient = () => ({});";

/** Compiles a generated client and gives the descriptor of one of its services. */
export async function loadService(source: string, service: string): Promise<ServiceSpec> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  });
  const code = outputText.replace('"@x/ts2go/v1"', JSON.stringify(RUNTIME));
  const module = await import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);
  return module[service] as ServiceSpec;
}

/** Where the region would lie in Go: the upper half of every address. */
export const HIGH = 0x7f10;
const START = 64;
/** What lies in a body where nothing was written. */
const PATTERN = 0xaa;

/** A body in memory of its own, with the writer and the reader of generated code on it. */
export class Body {
  private readonly views: Views;
  private readonly writer: Writer;
  private readonly reader: Reader;
  /** What was written before ends here. */
  private used = START;

  constructor(size = 1 << 20) {
    this.views = new Views(new ArrayBuffer(size));
    this.views.u8.fill(PATTERN);
    this.writer = new Writer(this.views, HIGH);
    this.reader = new Reader(this.views, HIGH, 0, size);
  }

  /** Encodes arguments and gives the image, or `refused` with what was thrown. */
  encode(method: MethodSpec, args: readonly unknown[]): { image: Uint8Array } | { refused: unknown } {
    // Nobody writes padding, and images are to be compared.
    this.views.u8.fill(PATTERN, START, this.used);
    try {
      this.writer.begin(START, method.size, this.views.u8.length);
      method.write?.(this.writer, START, method.params === 1 ? args[0] : args);
    } catch (thrown) {
      if (thrown === BODY_FULL) throw new Error("the test's body is too small");
      return { refused: thrown };
    } finally {
      this.used = START + this.writer.length;
    }
    return { image: this.views.u8.slice(START, START + this.writer.length) };
  }

  /** Decodes a result image that was written for this body's place. */
  decode(method: MethodSpec, image: Uint8Array): unknown {
    this.views.u8.set(image, START);
    this.used = Math.max(this.used, START + image.length);
    this.reader.begin(START, method.resultSize ?? 0, START + image.length);
    return method.read?.(this.reader, START);
  }

  /** The address of an image's first byte, as pointers in it have it. */
  static readonly base = (BigInt(HIGH) << 32n) + BigInt(START);
}
