import { isNamed } from '../policy/people.ts';
import type { Person, TeamReader } from './ports.ts';
import { teamsOf } from './teams-of.ts';

/** Whether a list of logins and teams names this person; GitHub is asked of the teams that it names. */
export async function isNamedIn(
  list: readonly string[],
  person: Person,
  github: TeamReader,
): Promise<boolean> {
  return isNamed(list, { login: person.login, teamsOf: await teamsOf(person, list, github) });
}
