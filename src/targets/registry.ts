import type { TargetConfig } from '../config/repository.ts';
import { createCommandTarget } from './command/create-target.ts';
import type { TargetContext } from './context.ts';
import { createFilesTarget } from './files/create-target.ts';
import { createServiceTarget } from './service/create-target.ts';
import type { Target } from './target.ts';
import { withHooks } from './with-hooks.ts';

/** Every kind of target, by the name that `kind:` has in a configuration; one folder each. */
const targetKinds: {
  readonly [Kind in TargetConfig['kind']]?: (
    context: TargetContext<Extract<TargetConfig, { kind: Kind }>>,
  ) => Target;
} = {
  service: createServiceTarget,
  files: createFilesTarget,
  command: createCommandTarget,
};

/** The names of all kinds. */
export const kindNames = Object.keys(targetKinds) as readonly TargetConfig['kind'][];

/** A target of whatever kind its configuration says, with its hooks around it. */
export function createTarget(context: TargetContext): Target {
  const make = targetKinds[context.config.kind] as (context: TargetContext) => Target;
  return withHooks(make(context), context);
}
