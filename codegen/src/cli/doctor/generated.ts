import type { CanonicalSchema } from "../../schema/index.js";
import { generateSafely, outdated } from "../gen.js";
import { type Io, Refusal, shown } from "../io.js";
import type { Settings } from "../options.js";
import { type Finding, fromRefusal, ok, problem } from "./finding.js";
import { BUILD } from "./program.js";

/** Whether the interface file can be read, and whether what was generated is what it says; its schema, if so. */
export function generatedFindings(io: Io, settings: Settings): { findings: Finding[]; canonical?: CanonicalSchema } {
  const file = shown(io, settings.file);
  try {
    const generation = generateSafely(io, settings);
    if ("diagnostics" in generation) {
      const [first] = generation.diagnostics;
      const at = first === undefined ? "" : `:${first.line}:${first.column}: ${first.message}`;
      return {
        findings: [problem("interface", `${file}${at}`, "npx ts2go gen shows every fault with what to write instead")],
      };
    }
    const { canonical, files } = generation;
    const stale = outdated(io, files);
    const n = canonical.schema.methods.length;
    return {
      canonical,
      findings: [
        ok("interface", `${file}: ${n} method${n === 1 ? "" : "s"}`),
        stale.length === 0
          ? ok("generated", "up to date")
          : problem("generated", stale.join("\n"), settings.main === undefined ? "npx ts2go gen" : BUILD),
      ],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { findings: [fromRefusal("interface", error)] };
  }
}
