import type { Github, Repository } from '../ports.ts';
import { writeCheckRuns } from './check-runs.ts';
import { readChecks } from './checks.ts';
import { converse } from './conversation.ts';
import { readEnvironments } from './environments.ts';
import { readFiles } from './files.ts';
import { writeLabels } from './labels.ts';
import { readPermissions, readTeams } from './people.ts';
import { answerProtection } from './protection.ts';
import { readPulls } from './pulls.ts';
import { readRefs } from './refs.ts';
import { askAbout, type GithubRequest } from './request.ts';

/** Everything that the App asks of GitHub about a repository, through any Octokit. */
export function githubThrough(request: GithubRequest, repository: Repository): Github {
  const ask = askAbout(repository, request);
  return {
    ...readPermissions(ask),
    ...readTeams(ask),
    ...readChecks(ask),
    ...readPulls(ask),
    ...readEnvironments(ask, repository),
    ...readRefs(ask),
    ...readFiles(ask),
    ...converse(ask),
    ...writeCheckRuns(ask),
    ...writeLabels(ask),
    ...answerProtection(ask),
  };
}
