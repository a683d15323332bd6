import { fullName } from '../state/memory.ts';
import type { Issue, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import type { PageContent } from './layout.ts';
import { author, moment, pathOf, pill } from './parts.ts';

/** Repositories with their pull requests and issues: all, or the one that was asked for. */
export function overviewPage(world: World, repository: Repository | null): PageContent {
  const shown = repository ? [repository] : world.state.repositories;
  return {
    title: repository ? fullName(repository) : 'Repositories',
    repository,
    head: repository ? markup`<h1>${repository.name}</h1>` : markup`<h1>Repositories</h1>`,
    live:
      shown.length > 0
        ? markup`${shown.map(repositoryPart)}`
        : markup`<p class="quiet">None yet.</p>`,
    foot: markup``,
  };
}

function repositoryPart(repository: Repository): Html {
  const { private: isPrivate, issues, deployments, environments } = repository;
  const rows = issues.toReversed().map((issue) => issueRow(repository, issue));
  return markup`<section class="repository">
    <header>
      <h2><a href="${pathOf(repository)}">${fullName(repository)}</a></h2>
      <span class="label">${isPrivate ? 'private' : 'public'}</span>
      <a class="right" href="${pathOf(repository)}/deployments">
        ${deployments.length} deployments, ${environments.length} environments
      </a>
    </header>
    ${rows.length > 0 ? markup`<ul class="plain">${rows}</ul>` : markup`<p class="quiet">No pull requests yet.</p>`}
  </section>`;
}

function issueRow(repository: Repository, issue: Issue): Html {
  const kind = issue.pull ? 'pull' : 'issues';
  const count = repository.comments.filter((comment) => comment.issue === issue).length;
  return markup`<li>
    ${pill(issue.pull?.merged ? 'merged' : issue.state)}
    <a href="${pathOf(repository)}/${kind}/${issue.number}"><strong>${issue.title}</strong></a>
    <div class="quiet">
      #${issue.number} by ${author(issue.author)} · ${moment(issue.createdAt)} · ${count} comments
    </div>
  </li>`;
}
