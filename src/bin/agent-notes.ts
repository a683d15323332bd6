import { join } from 'node:path';
import { openFileOutbox } from '../adapters/outbox/file-outbox.ts';
import { readingTeller, type OnReading } from '../agent/notify.ts';
import type { PolicyNow } from '../agent/policy-now.ts';
import type { AgentConfig } from '../config/agent.ts';
import { asSallyportError } from '../model/errors.ts';
import { Sender } from '../notify/sender.ts';
import { createTeller } from '../notify/teller.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { AgentSource } from './agent-source.ts';
import { sharedOnce } from './shared-once.ts';

export interface AgentNotesWorld {
  readonly config: AgentConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly source: Pick<AgentSource, 'linkOf' | 'label'>;
  readonly policyNow: PolicyNow;
}

export interface AgentNotes {
  readonly onReading: OnReading;
  /** What is being sent then is sent again after the next start. */
  stop(): Promise<void>;
}

/** Tells people of this host's deployments. `null` where its outbox cannot be read: that holds up nothing else. */
export async function openAgentNotes(world: AgentNotesWorld): Promise<AgentNotes | null> {
  const { config, env, clock, log, source, policyNow } = world;
  const path = join(config.state, 'outbox.json');
  const outbox = await openFileOutbox(path, clock).catch((error: unknown) => {
    const { code, message, hint } = asSallyportError(error);
    log.error('nobody will be told of deployments', { code, message, hint });
    return null;
  });
  if (!outbox) return null;
  // Most hosts tell nobody: what it takes is loaded for the first note.
  const opener = sharedOnce(async () => {
    const { openNotifiers } = await import('./notifiers.ts');
    return openNotifiers(env, outbox);
  });
  const sender = new Sender({
    outbox,
    open: (receiver) => ({
      send: async (note, signal) => (await opener())(receiver).send(note, signal),
    }),
    clock,
    log,
  });
  const leaving = new AbortController();
  const tell = createTeller({
    outbox,
    receiversOf: async (environment) =>
      (await policyNow(environment, leaving.signal)).environment.notify,
    log,
    wake: () => sender.wake(),
    now: () => clock.now(),
  });
  const running = sender.run(leaving.signal);
  return {
    onReading: readingTeller(config.environments, placeOf(config, source), tell),
    async stop() {
      leaving.abort();
      await running;
    },
  };
}

function placeOf({ source }: AgentConfig, { linkOf, label }: AgentNotesWorld['source']) {
  const { github, url } = source;
  const isOnGithub = github !== undefined;
  return {
    repository: isOnGithub
      ? { name: github, url: `${url}/${github}` }
      : { name: label.replace(/, branch .*$/u, '').slice(-300), url: null },
    linkOf,
  };
}
