import { ServiceConfig } from '../../config/service.ts';

type Config = Readonly<Record<string, unknown>>;

/** Of every key that a configuration may leave out. */
const defaults: Config = ServiceConfig.parse({
  kind: 'service',
  run: ['-'],
  ports: { blue: 1, green: 2 },
  proxy: { listen: 0 },
});

/** What older versions did not know of, and so did not write down, as it is where nobody says otherwise. */
export function withDefaults<Given extends Config>(config: Given): Given {
  const missing = Object.keys(defaults).filter((key) => config[key] === undefined);
  const entries = [...Object.keys(config), ...missing].map((key) => [key, valueOf(config, key)]);
  return Object.fromEntries(entries) as Given;
}

/** One key of it, filled in. */
export function valueOf(config: Config, key: string): unknown {
  const value = config[key] ?? defaults[key];
  const usual = defaults[key];
  return isRecord(value) && isRecord(usual) ? { ...usual, ...value } : value;
}

export function isRecord(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
