/** A Go string literal in quotes. JSON's escapes are Go's, but for the few that Go's source may not hold as they are. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u007f\u2028\u2029\ufeff]/g, (c) => {
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** A Go string literal of text that is already free of control characters: in back quotes where it can be. */
export function rawQuote(text: string): string {
  return /[`\r\ufeff]/.test(text) ? quote(text) : `\`${text}\``;
}
