import { Duration } from '../config/duration.ts';
import { SallyportError, exitCodes } from '../model/errors.ts';
import type { Args } from './verb.ts';

/** The text of an option; `null` where it was not given. */
export function textOption({ options }: Args, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}

/** A length of time in ms; `otherwise` where it was not given. Throws `usage`. */
export function durationOption<Otherwise extends number | null>(
  args: Args,
  name: string,
  otherwise: Otherwise,
): number | Otherwise {
  const text = textOption(args, name);
  if (text === null) return otherwise;
  const { data } = Duration.safeParse(text);
  if (data !== undefined) return data;
  throw usage(`--${name} ${text} is not a duration.`, `--${name} 30s, 10m, 2h or 1d`);
}

/** What was given with `--param name=value`, by name. Throws `usage`. */
export function paramsOption(args: Args): Readonly<Record<string, string>> {
  const params = new Map<string, string>();
  for (const given of textOption(args, 'param')?.split('\n') ?? []) {
    const [, name, value] = /^([a-z][a-z0-9_]{0,39})=(.{0,1024})$/u.exec(given) ?? [];
    if (name === undefined || value === undefined || name in Object.prototype) {
      throw usage(`--param ${given} is no parameter.`, '--param replicas=3');
    }
    if (params.has(name)) throw usage(`--param ${name} is given twice.`, `--param ${name}=…`);
    params.set(name, value);
  }
  return Object.fromEntries(params);
}

/** The number of a deployment, as `sallyport history` shows it. Throws `usage`. */
export function deploymentOf(word: string): number {
  const digits = /^#?(\d{1,15})$/.exec(word)?.[1];
  if (digits !== undefined && Number(digits) > 0) return Number(digits);
  throw usage(
    `${word} is not the number of a deployment.`,
    'See the numbers: sallyport history <env>',
  );
}

/** What was typed cannot be meant. */
export function usage(message: string, hint: string): SallyportError {
  return new SallyportError({ code: 'usage', message, hint, exit: exitCodes.usage });
}
