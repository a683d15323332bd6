import { isNamed } from '../policy/people.ts';
import type { Person, TeamReader } from './ports.ts';

/** Whether a list of logins and teams names this person; GitHub is asked of the teams that it names. */
export async function isNamedIn(
  list: readonly string[],
  person: Person,
  github: TeamReader,
): Promise<boolean> {
  const teams = list.flatMap((name) => {
    const [, organization, slug] = /^@?([^/]+)\/([^/]+)$/.exec(name) ?? [];
    return organization && slug ? [{ name, organization, slug }] : [];
  });
  const isMember = await Promise.all(
    teams.map(({ organization, slug }) => github.isInTeam(person, organization, slug)),
  );
  const teamsOf = teams.filter((_, at) => isMember[at]).map(({ name }) => name);
  return isNamed(list, { login: person.login, teamsOf });
}
