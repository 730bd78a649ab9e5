/** Streams to arrays, and back. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

export async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
