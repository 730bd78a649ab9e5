/** Code that stands in data as it is: a function's name, `import.meta.url`. */
export class Raw {
  constructor(readonly code: string) {}
}

/** Data that is printed as a TypeScript literal; a property that is undefined is left away. */
export type Data = string | number | boolean | Raw | readonly Data[] | { readonly [key: string]: Data | undefined };

const WIDTH = 120;

/** Prints data as TypeScript, on one line where it fits, with `column` characters in front and `after` behind. */
export function printData(data: Data, indent: number, column: number, after = 1): string {
  const flat = printFlat(data);
  if (column + flat.length + after <= WIDTH) return flat;
  const pad = " ".repeat(indent + 2);
  if (Array.isArray(data)) {
    const items = (data as readonly Data[]).map((item) => `${pad}${printData(item, indent + 2, indent + 2)},\n`);
    return `[\n${items.join("")}${" ".repeat(indent)}]`;
  }
  if (isObject(data)) {
    const items = entries(data).map(([key, value]) => {
      const name = `${pad}${propertyKey(key)}: `;
      return `${name}${printData(value, indent + 2, name.length)},\n`;
    });
    return `{\n${items.join("")}${" ".repeat(indent)}}`;
  }
  return flat;
}

function printFlat(data: Data): string {
  if (data instanceof Raw) return data.code;
  if (Array.isArray(data)) return `[${(data as readonly Data[]).map(printFlat).join(", ")}]`;
  if (isObject(data)) {
    const items = entries(data).map(([key, value]) => `${propertyKey(key)}: ${printFlat(value)}`);
    return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
  }
  return typeof data === "string" ? quote(data) : String(data);
}

function isObject(data: Data): data is { readonly [key: string]: Data | undefined } {
  return typeof data === "object" && !Array.isArray(data) && !(data instanceof Raw);
}

function entries(data: { readonly [key: string]: Data | undefined }): [string, Data][] {
  return Object.entries(data).filter((entry): entry is [string, Data] => entry[1] !== undefined);
}

/** A string as a TypeScript literal; the two line separators that JSON leaves alone are escaped too. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

/** A property's name where it is declared. */
export function propertyKey(name: string): string {
  return isIdentifier(name) ? name : quote(name);
}

/** Access to a property. */
export function propertyOf(object: string, name: string): string {
  return isIdentifier(name) ? `${object}.${name}` : `${object}[${quote(name)}]`;
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
