import type { Everything } from "./gen/trust.js";

/** A value of every type, with the extremes of each. */
export const everything: Everything = {
  yes: true,
  text: "grüße, 世界 🌍",
  numbers: {
    a: 255,
    b: -128,
    c: 65535,
    d: -32768,
    e: 4294967295,
    f: -2147483648,
    g: 1.5,
    h: Math.PI,
    i: 2n ** 64n - 1n,
    j: -(2n ** 63n),
    k: -9007199254740991,
  },
  arrays: {
    u8: Uint8Array.of(1, 2, 255),
    i8: Int8Array.of(-1, 0, 127),
    u16: Uint16Array.of(1, 65535),
    i16: Int16Array.of(-32768),
    u32: Uint32Array.of(4294967295),
    i32: Int32Array.of(-2147483648, 7),
    f32: Float32Array.of(0.5, -0.25),
    f64: Float64Array.of(Number.NaN, Number.NEGATIVE_INFINITY, 1e300),
    u64: BigUint64Array.of(2n ** 64n - 1n),
    i64: BigInt64Array.of(-1n, 5n),
  },
  list: ["", "a", "b".repeat(1000), "\0"],
  nested: [[], [1], [2, 3]],
  color: "green",
  colors: ["red", "blue"],
  maybe: "here",
  orNull: null,
  chain: { value: 1, next: { value: 2, next: { value: 3 } } },
};
