import { signRecord } from '../../deploy/record-codec.ts';
import { shortDigest } from '../../deploy/record-codec.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import { githubStates } from '../../model/deployment.ts';
import type { ActAnswer, ActRequest } from './act-request.ts';
import type { ActsWorld } from './acts-world.ts';
import { answerOf } from './answer-of.ts';
import { wordsOf } from './asker.ts';

/** Gives a host back to the deployments of everybody, in each environment in which it is held. */
export async function releaseHost(
  { host, caller }: Extract<ActRequest, { verb: 'release' }>,
  world: ActsWorld,
  signal: AbortSignal,
): Promise<ActAnswer> {
  if (host !== world.host) throw notThisHost(host, world.host);
  const reader = await world.reader();
  const { environments, log, now } = await reader.refresh(signal);
  const released: string[] = [];
  for (const name of world.environments) {
    const view = environments.get(name);
    if (!view?.facts.held.some((each) => each.host === host)) continue;
    const newest = view.deployments.findLast(({ job }) =>
      job.roster.some((one) => one.name === host),
    );
    if (!newest) continue;
    const { deployment, job, digest, state } = newest;
    const said = log.records.filter(
      ({ record, signer }) =>
        record.kind === 'host' && signer.kind === 'host' && signer.host === host,
    );
    const number = 1 + Math.max(0, ...said.map(({ record }) => numberOf(record)));
    const token = signRecord(
      {
        kind: 'host',
        state: 'released',
        reason: 'operator',
        job: shortDigest(digest),
        host: job.roster.findIndex((one) => one.name === host),
        number,
        plan: null,
        at: now,
      },
      world.key,
    );
    const description = wordsOf(caller, `released ${host}`);
    reader.note(
      await world.ledger.append(
        { deployment, token, state: githubStates[state], environment: name, description },
        signal,
      ),
    );
    released.push(name);
  }
  const where = released.join(', ');
  const message = where === '' ? `${host} is not held.` : `${host} is released in ${where}.`;
  return answerOf({ verb: 'release', environment: where, deployment: null, message });
}

function numberOf(record: { readonly kind: string; readonly number?: number }): number {
  return record.number ?? 0;
}

function notThisHost(asked: string, own: string): SallyportError {
  return new SallyportError({
    code: 'other_host',
    message: `This host is ${own}; ${asked} speaks for itself.`,
    hint: `On ${asked}: sallyport release ${asked}`,
    exit: exitCodes.notFound,
  });
}
