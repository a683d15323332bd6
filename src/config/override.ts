import type { Environment } from './environment.ts';
import { check } from './issues.ts';
import { TargetConfig } from './repository.ts';

type Override = Environment['override'][string];

/**
 * A target with the parts that an environment has different: maps are merged at every depth,
 * anything else is replaced. What comes out is checked as if it stood in the file.
 */
export function applyOverride(
  target: TargetConfig,
  override: Override | undefined,
): { ok: true; config: TargetConfig } | { ok: false; why: string } {
  if (override === undefined) return { ok: true, config: target };
  const checked = check(TargetConfig, merge(TargetConfig.encode(target), override));
  return checked.ok
    ? { ok: true, config: checked.value }
    : { ok: false, why: checked.problems.map(({ message }) => message).join(' ') };
}

function merge(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    if (value !== undefined) merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** A map of YAML, as opposed to a list or a word. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
