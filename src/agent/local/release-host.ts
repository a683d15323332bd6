import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';

/** Gives a host back to the deployments of everybody, in each environment in which it is held. */
export async function releaseHost(
  { host, caller }: Extract<ActRequest, { verb: 'release' }>,
  world: ActsWorld,
): Promise<ActAnswer> {
  if (host !== world.host) throw notThisHost(host, world.host);
  const released: string[] = [];
  for (const name of world.environments) {
    if (await world.release(name, caller.name)) released.push(name);
  }
  const where = released.join(', ');
  const message = where === '' ? `${host} is not held.` : `${host} is released in ${where}.`;
  return answerOf({ verb: 'release', environment: where, deployment: null, message });
}

function notThisHost(asked: string, own: string): SallyportError {
  return new SallyportError({
    code: 'other_host',
    message: `This host is ${own}; ${asked} speaks for itself.`,
    hint: `On ${asked}: sallyport release ${asked}`,
    exit: exitCodes.notFound,
  });
}
