import type { Environment } from '../config/environment.ts';
import type { RepositoryConfig } from '../config/repository.ts';
import { SallyportError, asSallyportError, exitCodes } from '../model/errors.ts';
import type { Sha } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git, GitRef } from '../ports/git.ts';
import type { Log } from '../ports/log.ts';
import { configPath, readConfig } from './read-config.ts';

/** An environment's rules as the default branch has them now. */
export interface CurrentPolicy {
  /** The commit that they were read from. */
  readonly sha: Sha;
  readonly environment: Environment;
  readonly config: RepositoryConfig;
}

/**
 * The rules of now. Rejects with `policy_unreadable` where there are none that could ever be read,
 * and with `environment_unknown`.
 */
export type PolicyNow = (environment: string, signal: AbortSignal) => Promise<CurrentPolicy>;

export interface PolicyWorld {
  readonly git: () => Promise<Pick<Git, 'fetch' | 'refs' | 'readFile'>>;
  /** The short name of the branch that the policy is read from. */
  readonly branch: (signal: AbortSignal) => Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** How old what was fetched may be, in ms. */
  readonly maxAgeMs: number;
}

type Read = Omit<CurrentPolicy, 'environment'>;

/**
 * Reads the policy at the head of its branch, fetching at most once in `maxAgeMs`. Where the head
 * cannot be read or fetched, the last policy that could be is what holds: said once, with file and line.
 */
export function readPolicyNow(world: PolicyWorld): PolicyNow {
  const { log } = world;
  const headOf = headReader(world);
  let good: Read | null = null;
  let refused = '';
  let reading: Promise<Read> | null = null;

  const read = async (signal: AbortSignal): Promise<Read> => {
    try {
      const sha = await headOf(signal);
      if (good?.sha !== sha) good = { sha, config: await configAt(await world.git(), sha) };
      refused = '';
      return good;
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = asSallyportError(error);
      if (message !== refused) {
        log.warn('the policy cannot be read', { code, message, goes_on_with: good?.sha ?? null });
      }
      refused = message;
      if (good) return good;
      throw error;
    }
  };

  return async (name, signal) => {
    // Whoever asks at the same time gets the same answer.
    reading ??= read(signal).finally(() => {
      reading = null;
    });
    const { sha, config } = await reading;
    const environment = config.environments[name];
    if (!environment) throw unknownEnvironment(name, sha);
    return { sha, environment, config };
  };
}

/** The branch's head as of the last fetch; where nothing can be fetched now, what is in the cache. */
function headReader({ git, branch, clock, log, maxAgeMs }: PolicyWorld) {
  let fetchedAt: number | null = null;
  let isCutOff = false;
  const refsOf = async (signal: AbortSignal): Promise<readonly GitRef[]> => {
    const cache = await git();
    if (fetchedAt !== null && clock.now() - fetchedAt < maxAgeMs) return await cache.refs();
    fetchedAt = clock.now();
    try {
      const refs = await cache.fetch(signal);
      isCutOff = false;
      return refs;
    } catch (error) {
      signal.throwIfAborted();
      const { code, message } = asSallyportError(error);
      if (!isCutOff) log.warn('the policy could not be fetched', { code, message });
      isCutOff = true;
      return await cache.refs();
    }
  };
  return async (signal: AbortSignal): Promise<Sha> => {
    const [refs, name] = await Promise.all([refsOf(signal), branch(signal)]);
    const head = refs.find((ref) => ref.name === `refs/heads/${name}`);
    if (!head) throw unreadable(`There is no branch ${name} to read the policy from.`);
    return head.sha;
  };
}

async function configAt(git: Pick<Git, 'readFile'>, sha: Sha): Promise<RepositoryConfig> {
  const read = await readConfig(git, sha);
  if (read.ok) return read.config;
  const missing = `There is no ${configPath} at ${sha.slice(0, 7)}.`;
  throw unreadable(read.isMissing ? missing : read.why);
}

function unreadable(message: string): SallyportError {
  return new SallyportError({
    code: 'policy_unreadable',
    message,
    hint: `Correct ${configPath} on the default branch: sallyport validate`,
    next: 'retry',
  });
}

function unknownEnvironment(name: string, sha: Sha): SallyportError {
  return new SallyportError({
    code: 'environment_unknown',
    message: `The policy at ${sha.slice(0, 7)} has no environment ${name}.`,
    hint: `Add it to \`environments\` in ${configPath} on the default branch.`,
    next: 'retry',
    exit: exitCodes.notFound,
  });
}
