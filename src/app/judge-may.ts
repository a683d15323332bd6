import type { Environment } from '../config/environment.ts';
import type { May } from '../config/people.ts';
import type { GateDecision } from '../policy/gate.ts';
import { judgeMay, keptTo } from '../policy/may.ts';
import type { Person, TeamReader } from './ports.ts';
import { teamsOf } from './teams-of.ts';

/** Whether the environment lets this person type the command; no gate where it keeps it to nobody. */
export async function judgeMayOf(
  person: Person,
  command: keyof May,
  environment: string,
  { may }: Environment,
  github: TeamReader,
): Promise<readonly GateDecision[]> {
  const kept = keptTo(may, command);
  if (kept === null) return [];
  const teams = await teamsOf(person, kept, github);
  const named = { login: person.login, teamsOf: teams };
  return [judgeMay({ command, environment, person: named, kept })];
}
