// Memory with a bound: of what strangers make up, no more is kept than was decided.

/** Sets `key` as the newest of a map that holds at most `most`; the one not set for longest is forgotten first. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  // To the end of the line, also when it is there already.
  map.delete(key)
  map.set(key, value)
  if (map.size <= most) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}
