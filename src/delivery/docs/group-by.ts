// Values that share a key, in order of first appearance.
export const groupBy = <T>(values: readonly T[], keyOf: (value: T) => string): readonly T[][] => {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return [...groups.values()];
};
