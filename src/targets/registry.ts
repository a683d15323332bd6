import type { TargetContext } from './context.ts';
import { createServiceTarget } from './service/create-target.ts';
import type { Target } from './target.ts';

/** Every kind of target, by the name that `kind:` has in a configuration; one folder each. */
export const targetKinds: ReadonlyMap<string, (context: TargetContext) => Target> = new Map([
  ['service', createServiceTarget],
]);
