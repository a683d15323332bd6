import { passLock } from '../../journal/file/lock.ts';
import { SallyportError } from '../../../model/errors.ts';
import type { HandOverRequest } from './control-messages.ts';
import type { Follow } from './follow.ts';
import { Heir } from './heir.ts';
import type { RouteTable } from './route-table.ts';
import { tellMainPid } from './service-manager.ts';

/** What is handed over. */
export interface Estate {
  readonly state: string;
  readonly lock: string;
  readonly routes: RouteTable;
  /** Ends this process, and with it what is not handed over yet. */
  readonly stop: AbortSignal;
  /** Answers the agent again, where somebody else may have begun to. */
  readonly answerAgain: () => Promise<void>;
  follow(asked: Follow): Promise<unknown>;
}

/**
 * Starts the program that shall serve from now on, and gives it sockets, state, lock and the agent's
 * ear. Resolves when it serves. Until then it is this process that does: rejects with
 * `proxy_not_handed_over`, and nothing has changed.
 */
export async function handOver(asked: HandOverRequest, estate: Estate): Promise<Heir> {
  const { state, routes, stop } = estate;
  if (routes.paused !== null) throw failed(`requests are held for ${routes.paused}`);
  const heir = new Heir(asked.node, [...asked.entry, '--state', state, '--heir'], stop);
  heir.onTell = (told) => estate.follow(told);
  try {
    await heir.says('up');
    const release = await routes.hold();
    try {
      await giveAll(heir, estate);
    } catch (error) {
      release(false);
      throw error;
    }
    release(true);
  } catch (error) {
    await heir.end();
    throw error instanceof SallyportError ? error : failed((error as Error).message);
  }
  heir.release();
  return heir;
}

async function giveAll(heir: Heir, { lock, routes, answerAgain }: Estate): Promise<void> {
  const { doors, proven } = routes.inheritance;
  for (const [name, handle] of doors) await heir.send({ kind: 'door', name }, handle);
  await heir.send({ kind: 'take', proven: copyOf(proven) });
  await heir.says('ready');
  await tellMainPid(heir.pid);
  try {
    // From here on it goes on where this process is killed, and before this line it does not.
    await passLock(lock, heir.pid);
    await heir.send({ kind: 'go' });
    await heir.says('serving');
  } catch (error) {
    // Never two: it has ended when this one takes back what it gave.
    await heir.end();
    await passLock(lock, process.pid);
    await tellMainPid(process.pid);
    await answerAgain();
    throw error;
  }
}

function copyOf(proven: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(proven).map(([name, slots]) => [name, [...slots]]));
}

function failed(why: string): SallyportError {
  return new SallyportError({
    code: 'proxy_not_handed_over',
    message: `the proxy goes on as it is: its successor did not begin: ${why}`,
    hint: 'nothing is lost; the next start of the agent tries again: sallyport agent restart',
  });
}
