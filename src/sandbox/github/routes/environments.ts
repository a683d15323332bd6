import { reads } from '../auth/access.ts';
import type { Call } from '../http/call.ts';
import { notFound } from '../http/errors.ts';
import { paged } from '../http/paging.ts';
import type { Route } from '../http/router.ts';
import { route } from '../http/router.ts';
import { environmentJson, refPolicyJson } from '../json/environment.ts';
import type { Environment } from '../state/types.ts';
import { ok } from './answers.ts';

const see = reads('actions');
const all = '/repos/{owner}/{repo}/environments';
const one = `${all}/{environment_name}`;

export const environmentRoutes: readonly Route[] = [
  route(`GET ${all}`, see, (call) => {
    const visible = call.visible(call.repository.environments);
    return paged(
      call,
      visible,
      (environment) => environmentJson(call.world, call.repository, environment),
      (environments) => ({ total_count: visible.length, environments }),
    );
  }),
  route(`GET ${one}`, see, (call) =>
    ok(environmentJson(call.world, call.repository, environmentOf(call))),
  ),
  route(`GET ${one}/deployment-branch-policies`, see, (call) => {
    const { refs } = environmentOf(call).protection;
    if (typeof refs === 'string') throw notFound();
    return paged(call, refs, refPolicyJson, (branch_policies) => ({
      total_count: refs.length,
      branch_policies,
    }));
  }),
];

/** Names are compared without regard to case. */
function environmentOf(call: Call): Environment {
  const name = call.param('environment_name').toLowerCase();
  const found = call.repository.environments.find((each) => each.name.toLowerCase() === name);
  if (!found) throw notFound();
  return found;
}
