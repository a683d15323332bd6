import { parse } from 'yaml';

/**
 * The secrets that the targets of a config ask the host for, as far as whoever rehearses has them
 * in the environment. One that is missing fails its deployment with its name, as on a real host.
 */
export function wantedSecrets(
  config: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const { targets = {} } = parse(config) as {
    targets?: Record<string, { env?: { secret?: unknown } }>;
  };
  const names = Object.values(targets).flatMap(({ env: wanted }) =>
    Array.isArray(wanted?.secret) ? (wanted.secret as unknown[]) : [],
  );
  const known = names.map((name) => [String(name), env[String(name)]] as const);
  return Object.fromEntries(
    known.filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
