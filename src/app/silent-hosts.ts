import type { Environment } from '../config/environment.ts';
import { writeAct } from '../deploy/act.ts';
import { mayBeStopped } from '../deploy/fold-deployment.ts';
import type { EnvironmentView } from '../deploy/fold-environment.ts';
import type { Reading } from '../deploy/reader.ts';
import { hostsAtWork, mayBeSilent, silentHosts } from '../deploy/silent-hosts.ts';
import { asSallyportError } from '../model/errors.ts';
import { lostHosts } from '../notify/lost-hosts.ts';
import { approvalsWanted } from '../policy/approvals.ts';
import { actWorld } from './act-world.ts';
import { readPolicy } from './configuration.ts';
import { placeOf } from './notify.ts';
import { showDeployment } from './show-deployment.ts';
import type { AppWorld } from './world.ts';

/** Tells of hosts that deployments wait for in vain, once each, and does what the policy says of them. Never rejects. */
export async function tellLost(world: AppWorld): Promise<void> {
  const { reader, github, repository, log } = world;
  try {
    const reading = await reader.refresh();
    const { now } = reading;
    const suspects = [...reading.environments.values()].filter((each) => mayBeSilent(each, now));
    if (suspects.length === 0) return;
    const atWork = hostsAtWork(reading.environments.values());
    const { config } = await readPolicy(github, repository.defaultBranch);
    for (const environment of suspects) {
      const policy = config.environments[environment.name];
      const notes = policy ? lostHosts(environment, policy, now, placeOf(repository), atWork) : [];
      for (const note of notes) await world.tell(note);
      if (policy) await answerSilence(environment, policy, reading, world);
    }
  } catch (error) {
    const { code, message } = asSallyportError(error);
    log.warn('silent hosts could not be looked for', { code, message });
  }
}

/**
 * Does what the job says of hosts that are down at their turn: leaves them out, or ends what has not
 * begun. Hosts go by this word, never by the silence itself. Where they are waited for: nothing.
 */
async function answerSilence(
  environment: EnvironmentView,
  policy: Environment,
  reading: Reading,
  world: AppWorld,
): Promise<void> {
  const { running: view } = environment;
  const down = view?.job.rollout?.down ?? 'wait';
  if (!view || down === 'wait') return;
  const planFirst = view.job.operation === 'deploy' && approvalsWanted(policy, view.job.flags) > 0;
  const atWork = hostsAtWork(reading.environments.values());
  const silent = silentHosts(environment, planFirst, reading.now, atWork);
  const { log } = world;
  for (const { host } of silent) {
    const person = view.job.roster.findIndex(({ name }) => name === host);
    const about = { view, plan: null };
    if (down === 'skip') {
      const words = `${host} is down and left out; it catches up when it returns`;
      const act = { ...about, person, state: 'skipped', reason: 'host_skipped', words } as const;
      await writeAct(act, actWorld(world, reading));
      log.info('a silent host was left out', { deployment: view.deployment, host });
    } else if (mayBeStopped(view)) {
      const words = `${host} has not been heard of, so nothing was begun`;
      const act = {
        ...about,
        person: 0,
        state: 'cancelled',
        reason: 'host_unknown',
        words,
      } as const;
      await writeAct(act, actWorld(world, reading));
      log.info('a deployment was not begun: a host is silent', {
        deployment: view.deployment,
        host,
      });
      break;
    }
  }
  if (silent.length > 0) await showDeployment(view.deployment, world);
}
