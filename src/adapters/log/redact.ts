const stars = '***';
/** Shorter ones would blot out ordinary words. */
const shortest = 6;

/**
 * Takes secrets out of any text that leaves the process: each as it is, and in the forms in
 * which programs print it (JSON, URL, base64).
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(
    secrets.filter((secret) => secret.length >= shortest).flatMap((secret) => formsOf(secret)),
  );
  const longestFirst = [...forms].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, form) => clean.replaceAll(form, stars), text);
}

function formsOf(secret: string): string[] {
  // Where a secret has lines, a program prints them one at a time.
  const lines = secret.split(/\r?\n/u).filter((line) => line.trim().length >= shortest);
  return [secret, ...lines].flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64url'),
  ]);
}
