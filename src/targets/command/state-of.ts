import { join } from 'node:path';
import { routeOf } from '../route.ts';
import type { StateFile } from '../state-file.ts';
import { openState, type State } from './state-file.ts';

/** What Sallyport knows of a target of this kind, in the agent's state folder. */
export function stateOf(folder: string, environment: string, target: string): StateFile<State> {
  return openState(join(folder, 'commands', `${routeOf(environment, target)}.json`));
}
