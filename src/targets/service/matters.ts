import { ServiceConfig } from '../../config/service.ts';
import { canonicalJson } from '../../model/digest.ts';

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

/** What older versions did not know of, and so did not write down: as it is where nobody says otherwise. */
const defaults: Config = ServiceConfig.parse({
  kind: 'service',
  run: ['-'],
  ports: { blue: 1, green: 2 },
  proxy: { listen: 0 },
});

/** Keys that need a slot of their own, sorted. */
export function differingPrograms(held: Config, wanted: Config): readonly string[] {
  return differing(ofTheProgram, held, wanted);
}

/** Keys that need the proxy only, sorted. */
export function differingRoutes(held: Config, wanted: Config): readonly string[] {
  return differing(ofTheRoute, held, wanted);
}

function differing(keys: readonly string[], held: Config, wanted: Config): readonly string[] {
  return keys.filter((key) => valueOf(held, key) !== valueOf(wanted, key)).toSorted();
}

/** In canonical form, with what is left out filled in. */
function valueOf(config: Config, key: string): string {
  const value = config[key] ?? defaults[key] ?? null;
  const filled =
    isRecord(value) && isRecord(defaults[key]) ? { ...defaults[key], ...value } : value;
  return canonicalJson(key === 'ports' && isRecord(filled) ? slotPorts(filled) : filled);
}

function slotPorts({ blue, green }: Config): Config {
  return { blue, green };
}

function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
