/** Works on items, so many at once; gives each with what it came to, in the items' order. */
export async function atOnce<Item, Result>(
  many: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<(readonly [Item, Result])[]> {
  const results: (readonly [Item, Result])[] = [];
  const queue = [...items.entries()];
  const drain = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, item] = next;
      results[index] = [item, await work(item)];
    }
  };
  await Promise.all(Array.from({ length: many }, drain));
  return results;
}
