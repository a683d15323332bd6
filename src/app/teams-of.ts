import type { Person, TeamReader } from './ports.ts';

/** Those of the named teams, as `@org/team`, that the person is in: asked of GitHub at this moment. */
export async function teamsOf(
  person: Person,
  names: readonly string[],
  github: TeamReader,
): Promise<readonly string[]> {
  const teams = names.filter((name) => name.includes('/'));
  const isMember = await Promise.all(teams.map((team) => isIn(person, team, github)));
  return teams.filter((_, at) => isMember[at]);
}

async function isIn(person: Person, team: string, github: TeamReader): Promise<boolean> {
  const [, organization, slug] = /^@?([^/]+)\/([^/]+)$/.exec(team) ?? [];
  return organization !== undefined && slug !== undefined
    ? github.isInTeam(person, organization, slug)
    : false;
}
