import type { Environment } from './environment.ts';
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
  const checked = TargetConfig.safeParse(merge(TargetConfig.encode(target), override));
  if (checked.success) return { ok: true, config: checked.data };
  const [issue] = checked.error.issues;
  return { ok: false, why: `${issue?.path.join('.')} ${issue?.message}` };
}

function merge(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    if (value !== undefined) merged.set(key, merge(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
