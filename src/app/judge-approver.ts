import type { Environment } from '../config/environment.ts';
import type { Job } from '../model/job.ts';
import { judgeApprover } from '../policy/approvers.ts';
import { closedGate, type GateDecision } from '../policy/gate.ts';
import { judgeReviewer, reviewerInWords } from '../policy/reviewers.ts';
import { readGithubRules, unreadGate } from './github-rules.ts';
import type { EnvironmentReader, Person, TeamReader } from './ports.ts';
import { teamsOf } from './teams-of.ts';

type ApprovedJob = Pick<Job, 'environment' | 'authors' | 'actor' | 'flags'>;

/**
 * Whether this person's approval counts: for the policy, and for the environment of the same name on
 * GitHub. Both have to say yes; teams and rules are asked of GitHub at this moment.
 */
export async function judgeApproverOf(
  person: Person,
  rules: Environment,
  job: ApprovedJob,
  github: TeamReader & EnvironmentReader,
): Promise<readonly GateDecision[]> {
  const { require } = rules;
  const { authors, actor } = job;
  const [teams, byGithub] = await Promise.all([
    teamsOf(person, require.approvers, github),
    judgeByGithub(person, rules, job, github),
  ]);
  return [judgeApprover(require, { person, authors, actor, teamsOf: teams }), ...byGithub];
}

async function judgeByGithub(
  person: Person,
  rules: Environment,
  { environment, actor, flags }: ApprovedJob,
  github: TeamReader & EnvironmentReader,
): Promise<readonly GateDecision[]> {
  const found = await readGithubRules(environment, rules, github);
  if (found === null) return [];
  if (found === 'unread') {
    // The job itself says that GitHub had reviewers when it was issued: they are not forgotten.
    return flags['approvals'] === undefined
      ? [unreadGate(environment, rules)]
      : [reviewersUnread()];
  }
  const names = found.reviewers
    .filter(({ kind }) => kind === 'team')
    .map((reviewer) => reviewerInWords(reviewer));
  const teams = await teamsOf(person, names, github);
  return [judgeReviewer(found, { person, actor, teamsOf: teams })];
}

function reviewersUnread(): GateDecision {
  return closedGate(
    'reviewers',
    'github_unread',
    'GitHub does not tell who the required reviewers are',
    'Give the App `actions: read`, then approve again.',
  );
}
