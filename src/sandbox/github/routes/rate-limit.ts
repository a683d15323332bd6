import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { ok } from './answers.ts';

/** What is left of the hour; asking counts here, as every answer says it in its headers anyway. */
export const rateLimitRoutes: readonly Route[] = [
  route('GET /rate_limit', { kind: 'anyone' }, (call) => {
    const { limit, used, remaining, reset } = call.world.limits.show(call.actor, call.world.now());
    const core = { limit, used, remaining, reset };
    return ok({ resources: { core, search: core }, rate: core });
  }),
];
