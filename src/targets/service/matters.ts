import type { ServiceConfig } from '../../config/service.ts';
import { canonicalJson } from '../../model/digest.ts';
import { isRecord, valueOf } from './with-defaults.ts';

type Config = Readonly<Record<string, unknown>>;

/** What decides how the program runs: with any other value it is another slot. */
const ofTheProgram = [
  'path',
  'build',
  'test',
  'run',
  'env',
  'ports',
  'health',
  'init',
  'socket',
  'notify',
  'limits',
  'sandbox',
  'writable',
] as const satisfies readonly (keyof ServiceConfig)[];

/** What decides how the proxy sends people to it: changed in place, the program runs on. */
const ofTheRoute = ['proxy', 'preview'] as const satisfies readonly (keyof ServiceConfig)[];

/** Keys that need a slot of their own, sorted. */
export function differingPrograms(held: Config, wanted: Config): readonly string[] {
  return differing(ofTheProgram, held, wanted);
}

/** Keys that need the proxy only, sorted. */
export function differingRoutes(held: Config, wanted: Config): readonly string[] {
  return differing(ofTheRoute, held, wanted);
}

function differing(keys: readonly string[], held: Config, wanted: Config): readonly string[] {
  return keys.filter((key) => textOf(held, key) !== textOf(wanted, key)).toSorted();
}

/** In canonical form, with what is left out filled in. */
function textOf(config: Config, key: string): string {
  const value = valueOf(config, key) ?? null;
  return canonicalJson(key === 'ports' && isRecord(value) ? slotPorts(value) : value);
}

function slotPorts({ blue, green }: Config): Config {
  return { blue, green };
}
