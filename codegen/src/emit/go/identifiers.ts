import { capital, small, words } from "../../schema/index.js";
import { INITIALISMS } from "./initialisms.js";

/** A name that other packages see: `userId` -> `UserID`, `http-server` -> `HTTPServer`. */
export function exported(name: string): string {
  const text = words(name).map(goWord).join("");
  // What does not begin with a capital letter is private in Go; digits and scripts without capitals need one.
  return /^\p{Lu}/u.test(text) ? text : `X${text}`;
}

/** A name inside a function: `userID`, `httpServer`. */
export function local(name: string): string {
  const [first = "arg", ...rest] = words(name);
  const text = small(first) + rest.map(goWord).join("");
  return /^[\p{L}_]/u.test(text) ? text : `x${text}`;
}

/** The part of a constant's name that stands for a literal; what has no letters at all is named by its number. */
export function literalPart(value: string | number, index: number): string {
  if (value === "") return "Empty";
  if (typeof value === "number") return value < 0 ? `Minus${-value}` : String(value);
  const text = words(value).map(goWord).join("");
  return text === "" ? `Value${index + 1}` : text;
}

function goWord(word: string): string {
  const upper = word.toUpperCase();
  if (INITIALISMS.has(upper)) return upper;
  // Plurals of initialisms: `userIds` -> `UserIDs`.
  const singular = upper.endsWith("S") ? upper.slice(0, -1) : "";
  return INITIALISMS.has(singular) && singular.length > 1 ? `${singular}s` : capital(word);
}

/** A package name out of a folder's name. */
export function packageName(folder: string): string {
  const text = folder.toLowerCase().replace(/[^a-z0-9]/g, "");
  return /^[a-z]/.test(text) ? text : `gen${text}`;
}

const SYSTEMS =
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos unix 386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm test".split(
    " ",
  );

/** The base name of a Go file: `_test`, `_linux` and their like at the end would make Go leave it out. */
export function goFileBase(name: string): string {
  const text =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "") || "service";
  const last = text.split("_").at(-1) as string;
  return text.includes("_") && SYSTEMS.includes(last) ? `${text}_ts2go` : text;
}
