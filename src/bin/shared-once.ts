/** The same for everybody; asked for anew where it failed. */
export function sharedOnce<Value>(make: () => Promise<Value>): () => Promise<Value> {
  const shared = sharedBy(() => make());
  return () => shared('');
}

/** One for each key, the same for everybody; asked for anew where it failed. */
export function sharedBy<Key, Value>(
  make: (key: Key) => Promise<Value>,
): (key: Key) => Promise<Value> {
  const made = new Map<Key, Promise<Value>>();
  return (key) => {
    const known = made.get(key);
    if (known) return known;
    const making = make(key).catch((error: unknown) => {
      made.delete(key);
      throw error;
    });
    made.set(key, making);
    return making;
  };
}
