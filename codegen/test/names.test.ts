import { describe, expect, test } from "vitest";
import { exported, goFileBase, literalPart, local, packageName } from "../src/emit/go/identifiers.js";
import { pascal, stem } from "../src/schema/index.js";

describe("Go names", () => {
  test.each([
    ["name", "Name"],
    ["userId", "UserID"],
    ["user_id", "UserID"],
    ["UserId", "UserID"],
    ["userIds", "UserIDs"],
    ["ids", "IDs"],
    ["id", "ID"],
    ["HTTPServer", "HTTPServer"],
    ["httpServer", "HTTPServer"],
    ["http-server", "HTTPServer"],
    ["parseUrl", "ParseURL"],
    ["xmlHttpRequest", "XMLHTTPRequest"],
    ["JSONData", "JSONData"],
    ["idea", "Idea"],
    ["is", "Is"],
    ["utf8", "UTF8"],
    ["apiV2Key", "APIV2Key"],
    ["2fa", "X2fa"],
    ["$ref", "Ref"],
    ["_private", "Private"],
    ["_", "X"],
    ["with space", "WithSpace"],
    ["größe", "Größe"],
    ["имя", "Имя"],
    ["名前", "X名前"],
    ["ßtraße", "Xßtraße"],
    ["\u{1f600}", "X"],
    ["𝒳y", "Y"],
  ])("a field %s is %s", (name, expected) => {
    expect(exported(name)).toBe(expected);
  });

  test.each([
    ["userId", "userID"],
    ["ID", "id"],
    ["URL", "url"],
    ["URLPath", "urlPath"],
    ["HTTPServer", "httpServer"],
    ["_x", "x"],
    ["$", "arg"],
    ["名前", "名前"],
    ["İd", "İd"],
  ])("a parameter %s is %s", (name, expected) => {
    expect(local(name)).toBe(expected);
  });

  test.each([
    ["red", 0, "Red"],
    ["dark-blue", 0, "DarkBlue"],
    ["", 2, "Empty"],
    ["1st", 0, "1st"],
    ["+", 4, "Value5"],
    ["text/html", 0, "TextHTML"],
  ])("the literal %j is %s", (value, index, expected) => {
    expect(literalPart(value, index)).toBe(expected);
  });

  test("packages and files", () => {
    expect(["gen", "my-gen", "2go", "Gen_v2", "--"].map(packageName)).toEqual([
      "gen",
      "mygen",
      "gen2go",
      "genv2",
      "gen",
    ]);
    expect(["demo", "my.service", "a_test", "a_linux", "linux", "x-arm64", "Übung"].map(goFileBase)).toEqual([
      "demo",
      "my_service",
      "a_test_ts2go",
      "a_linux_ts2go",
      "linux",
      "x_arm64_ts2go",
      "bung",
    ]);
  });
});

describe("names of the interface file", () => {
  test("files", () => {
    expect(["demo.ts", "demo.d.ts", "demo.mts", "a.b.ts"].map(stem)).toEqual(["demo", "demo", "demo", "a.b"]);
  });

  test("inline types", () => {
    expect(["options", "http-server", "a.b", "2nd"].map(pascal)).toEqual(["Options", "HttpServer", "AB", "2nd"]);
  });
});
