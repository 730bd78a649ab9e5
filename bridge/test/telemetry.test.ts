import { createRequire } from "node:module";
import { afterEach, expect, test } from "vitest";
import { extracted, hasTelemetry, injected } from "../dist/call/telemetry.js";

const registered = Symbol.for("opentelemetry.js.api.1");
const register = () => Object.defineProperty(globalThis, registered, { value: {}, configurable: true });
afterEach(() => Reflect.deleteProperty(globalThis, registered));

const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes("@opentelemetry"));

test("OpenTelemetry is there when the program has registered something, and has the package", () => {
  expect(hasTelemetry(import.meta.url)).toBe(false);
  expect(loaded()).toBe(false);
  register();
  // Somebody else's copy, which this program cannot reach.
  expect(hasTelemetry("file:///nowhere/at/all.js")).toBe(false);
  expect(injected()).toBeUndefined();
  expect(extracted({ traceparent: "x" }, () => 7)).toBe(7);
  expect(hasTelemetry(import.meta.url)).toBe(true);
  expect(loaded()).toBe(true);
  // Nothing is active.
  expect(injected()).toBeUndefined();
});
