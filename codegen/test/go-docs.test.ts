import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commented, goDoc } from "../src/emit/go/docs.js";
import type { Doc } from "../src/schema/index.js";
import { go } from "./go-module.js";
import { temporaryFolder } from "./support.js";

const doc = (text: string, ...tags: Doc["tags"]): Doc => ({ source: "", text, tags });

describe("Go doc comments", () => {
  test.each<[Doc | undefined, string | undefined, string[]]>([
    [undefined, "User", []],
    [doc(""), "User", []],
    [doc("Somebody."), "User", ["User: Somebody."]],
    [doc("User is somebody."), "User", ["User is somebody."]],
    [doc("Two\nlines.\n\nAnd a paragraph."), undefined, ["Two", "lines.", "", "And a paragraph."]],
    [doc("Has:\n- one\n- two\n  lines"), undefined, ["Has:", "", "  - one", "  - two", "    lines"]],
    [doc("```ts\nlet a = 1;\n\n  a++;\n```\nDone."), undefined, ["\tlet a = 1;", "", "\t  a++;", "", "Done."]],
    [doc("- one"), "User", ["User:", "", "  - one"]],
    [doc("Old.", { name: "deprecated", text: "Use\nnew." }), undefined, ["Old.", "", "Deprecated: Use new."]],
    [doc("", { name: "deprecated", text: "" }), "User", ["User:", "", "Deprecated: do not use."]],
    [doc("See {@link User.name} and {@link User | the user}."), undefined, ["See User.name and the user."]],
    [doc("Takes it.", { name: "param", text: "id the user" }), undefined, ["Takes it."]],
  ])("%#", (given, name, expected) => {
    expect(goDoc(given, name)).toEqual(expected);
  });

  test("a name of the interface file is replaced by Go's", () => {
    expect(goDoc(doc("UserId is a number."), "UserID", "UserId")).toEqual(["UserID is a number."]);
  });

  test("gofmt leaves any of them as it is", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "",
        "- item",
        "* item",
        "  - deep",
        "1. first",
        "# Heading",
        "#",
        "\tcode",
        "    code",
        "```",
        "[x]: http://a",
        "``quoted''",
        "{",
        "}",
        "text",
        "Text that goes on",
        "//go:build x",
        "+build x",
        "---",
        "a\tb",
        "Deprecated: no",
        "foo:",
        "{@link A | - b}",
        "{@link # x}",
        "\\",
      ),
      fc.string({ maxLength: 12 }),
    );
    const docs = fc.sample(fc.array(piece, { minLength: 1, maxLength: 8 }), 2000).map((lines) => doc(lines.join("\n")));
    const types = docs.map((one, i) => {
      const onType = commented(goDoc(one, `T${i}`));
      const onField = commented(goDoc(one)).map((line) => `\t${line}`.trimEnd());
      return [...onType, `type T${i} struct {`, ...onField, "\tA int", "}", ""].join("\n");
    });
    const source = `package p\n\n${types.join("\n")}`.trimEnd();
    expect(go(temporaryFolder(), ["gofmt", "-d"], `${source}\n`)).toBe("");
  });
});
