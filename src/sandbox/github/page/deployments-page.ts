import type { Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { deploymentPart } from './deployments-part.ts';
import { markup } from './html.ts';
import type { PageContent } from './layout.ts';
import { pathOf } from './parts.ts';

/** Every deployment of a repository, newest first; or those of one environment. */
export function deploymentsPage(
  world: World,
  repository: Repository,
  environment: string | null,
): PageContent {
  const path = `${pathOf(repository)}/deployments`;
  const shown = repository.deployments
    .filter((deployment) => environment === null || deployment.environment === environment)
    .toReversed()
    .map((deployment) => deploymentPart(repository, deployment, world.url));
  const tab = (name: string | null) =>
    markup`<a class="${name === environment ? 'here' : ''}" href="${name === null ? path : `${path}/${encodeURIComponent(name)}`}">${name ?? 'All'}</a>`;
  return {
    title: `Deployments · ${repository.name}`,
    repository,
    head: markup`<h1>Deployments</h1>`,
    live: markup`<nav class="tabs">
        ${[null, ...repository.environments.map(({ name }) => name)].map(tab)}
      </nav>
      ${shown.length > 0 ? markup`<div class="wide">${shown}</div>` : markup`<p class="quiet">None yet.</p>`}`,
    foot: markup``,
  };
}
