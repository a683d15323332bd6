import { z } from 'zod';
import { CommandConfig } from './command.ts';
import { FilesConfig } from './files.ts';
import { check, type ValueProblem } from './issues.ts';
import { isMap } from './override.ts';
import { deepPartial } from './partial.ts';
import { ServiceConfig } from './service.ts';

/** Any part of a target, by kind. */
export const targetParts = {
  service: deepPartial(ServiceConfig),
  files: deepPartial(FilesConfig),
  command: deepPartial(CommandConfig),
} as const;

/**
 * What is wrong with overrides of targets that the same file declares: only there the kind is
 * known. `file` is whatever stood in the file.
 */
export function overrideProblems(file: unknown): readonly ValueProblem[] {
  const targets = mapAt(file, 'targets');
  const environments = Object.entries(mapAt(file, 'environments')).flatMap(
    ([name, environment]) => {
      const parts = partsOf(mapAt(environment, 'override'), targets);
      return parts.length === 0 ? [] : [[name, within('override', parts)] as const];
    },
  );
  if (environments.length === 0) return [];
  const checked = check(within('environments', environments), file);
  return checked.ok ? [] : checked.problems;
}

function partsOf(override: Maps, targets: Maps): readonly (readonly [string, z.ZodType])[] {
  return Object.keys(override).flatMap((target) => {
    const kind = mapAt(targets, target)['kind'];
    const schema = Object.entries(targetParts).find(([name]) => name === kind)?.[1];
    return schema && isMap(override[target]) ? [[target, schema] as const] : [];
  });
}

/** A map in which these entries of the map under `key` are looked at, and nothing else. */
function within(key: string, entries: readonly (readonly [string, z.ZodType])[]): z.ZodType {
  return z.looseObject({ [key]: z.looseObject(Object.fromEntries(entries)) });
}

type Maps = Readonly<Record<string, unknown>>;

function mapAt(value: unknown, key: string): Maps {
  const inner = isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return isMap(inner) ? inner : {};
}
