import { emptyEnvironment, type EnvironmentView } from '../../deploy/fold-environment.ts';
import type { ActsWorld } from './acts-world.ts';
import { unknownEnvironment } from './issue-errors.ts';

/** An environment that this host serves, as the ledger has it now. */
export async function viewOf(
  environment: string,
  { reader, environments, beside }: Pick<ActsWorld, 'reader' | 'environments' | 'beside'>,
  signal: AbortSignal,
): Promise<EnvironmentView> {
  if (!environments.includes(environment)) throw unknownEnvironment(environment, environments);
  const reading = await (await reader()).refresh(signal);
  const view = reading.environments.get(environment);
  if (beside) return beside.of(environment, view);
  return view ?? emptyEnvironment(environment);
}
