import type { Environment } from '../config/environment.ts';
import type { Job } from '../model/job.ts';
import { judgeApprover } from '../policy/approvers.ts';
import type { GateDecision } from '../policy/gate.ts';
import type { Person, TeamReader } from './ports.ts';

/** Whether this person's approval counts; teams are asked of GitHub at this moment. */
export async function judgeApproverOf(
  person: Person,
  { require }: Environment,
  { authors, actor }: Pick<Job, 'authors' | 'actor'>,
  github: TeamReader,
): Promise<GateDecision> {
  const teams = require.approvers.filter((approver) => approver.includes('/'));
  const isMember = await Promise.all(teams.map((team) => isIn(person, team, github)));
  const teamsOf = teams.filter((_, at) => isMember[at]);
  return judgeApprover(require, { person, authors, actor, teamsOf });
}

async function isIn(person: Person, team: string, github: TeamReader): Promise<boolean> {
  const [, organization, slug] = /^@?([^/]+)\/([^/]+)$/.exec(team) ?? [];
  return organization !== undefined && slug !== undefined
    ? github.isInTeam(person, organization, slug)
    : false;
}
