import { foldEnvironment, type EnvironmentView } from '../../deploy/fold-environment.ts';
import type { ActsWorld } from './acts-world.ts';
import { unknownEnvironment } from './issue-errors.ts';

/** An environment that this host serves, as the ledger has it now. */
export async function viewOf(
  environment: string,
  { reader, environments }: Pick<ActsWorld, 'reader' | 'environments'>,
  signal: AbortSignal,
): Promise<EnvironmentView> {
  if (!environments.includes(environment)) throw unknownEnvironment(environment, environments);
  const reading = await (await reader()).refresh(signal);
  return reading.environments.get(environment) ?? foldEnvironment(environment, nothing);
}

const nothing = { jobs: [], records: [] };
