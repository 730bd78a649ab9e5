/**
 * Splits a name of any style into its words: `userId`, `user-id` and `user_id` are `user` and `Id`/`id`. What is no
 * letter or digit separates words; so does what lies beyond U+FFFF, where Go's tables and JavaScript's differ.
 */
export function words(name: string): string[] {
  return (
    name
      // fooBar | HTTPServer: a new word begins where a capital follows a small letter, or is followed by one.
      .replace(/([\p{Ll}\p{Lo}\p{Nd}])(\p{Lu})/gu, "$1 $2")
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
      .split(/(?:[^\p{L}\p{Nd}]|[\u{10000}-\u{10ffff}])+/u)
      .filter((word) => word !== "")
  );
}

/** `userId` -> `UserId`; what is no letter or digit goes. */
export function pascal(name: string): string {
  return words(name).map(capital).join("");
}

/** The word with a capital first letter, where there is one that is a letter by itself: `ß` has none. */
export function capital(word: string): string {
  return letter(word.slice(0, 1).toUpperCase(), word.slice(0, 1)) + word.slice(1);
}

/** The word in small letters. */
export function small(word: string): string {
  return [...word].map((char) => letter(char.toLowerCase(), char)).join("");
}

function letter(changed: string, original: string): string {
  return /^\p{L}$/u.test(changed) ? changed : original;
}

/** A file's base name without its extension: `demo.ts`, `demo.d.ts` and `demo.mts` are `demo`. */
export function stem(base: string): string {
  return base.replace(/(\.d)?\.[cm]?tsx?$/, "");
}
