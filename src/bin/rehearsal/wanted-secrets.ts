import { parseRepositoryConfig } from '../../config/parse.ts';
import { resolveTargets } from '../../config/permit.ts';
import type { TargetConfig } from '../../config/repository.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';

/**
 * The secrets that the targets of an environment ask the host for, from the environment of whoever
 * rehearses. Throws `secret_missing` with the names of those that are not there.
 */
export function wantedSecrets(
  config: string,
  environment: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const names = secretNames(config, environment);
  const missing = names.filter((name) => env[name] === undefined);
  if (missing.length === 0) return Object.fromEntries(names.map((name) => [name, env[name]!]));
  throw new SallyportError({
    code: 'secret_missing',
    message: `The host is asked for ${missing.join(', ')}, and this terminal has no such variable`,
    hint: `Set what will do for a rehearsal: ${missing.map((name) => `${name}=…`).join(' ')} sallyport try …`,
    exit: exitCodes.usage,
  });
}

function secretNames(text: string, environment: string): readonly string[] {
  const parsed = parseRepositoryConfig(text, '');
  if (!parsed.ok) return [];
  const { config } = parsed;
  const resolution = resolveTargets({ policy: config, commit: config, environment });
  if (!resolution.ok) return [];
  return [...new Set(resolution.targets.flatMap(({ config: own }) => secretsOf(own)))];
}

function secretsOf(config: TargetConfig): readonly string[] {
  return 'env' in config ? config.env.secret : [];
}
