/** Whether one version comes before another (Semantic Versioning 2.0.0, 11). */
export function isOlder(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  for (const [at, number] of a.numbers.entries()) {
    const difference = number - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  if (a.pre === b.pre) return false;
  // A version comes after all that led to it.
  if (a.pre === '' || b.pre === '') return b.pre === '';
  return comparePre(a.pre.split('.'), b.pre.split('.')) < 0;
}

function parse(version: string): { readonly numbers: readonly number[]; readonly pre: string } {
  const [numbers = '', ...pre] = version.split('-');
  return { numbers: numbers.split('.').map(Number), pre: pre.join('-') };
}

function comparePre(a: readonly string[], b: readonly string[]): number {
  for (const [at, word] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (word === other) continue;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(word), /^\d+$/.test(other)];
    if (isNumber && isOtherNumber) return Number(word) - Number(other);
    // Numbers come before words.
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return word < other ? -1 : 1;
  }
  return a.length - b.length;
}
