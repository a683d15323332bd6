import type { Deployment, DeploymentStatus, Repository } from '../state/types.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import { author, commitLink, linkOrNothing, moment, pill } from './parts.ts';

/** A deployment with all that was said of it, newest first. */
export function deploymentPart(repository: Repository, deployment: Deployment, base: string): Html {
  const last = deployment.statuses.at(-1);
  const told = deployment.statuses.toReversed().map((status) => statusPart(status, base));
  return markup`<article class="deployment" id="deployment-${deployment.id}">
    <header>
      ${pill(last?.state ?? 'queued')} <strong>${deployment.environment}</strong>
      <span class="quiet">
        #${deployment.id} · ${commitLink(repository, deployment.sha)}
        ${deployment.ref === deployment.sha ? null : deployment.ref}
      </span>
    </header>
    <p class="quiet">
      ${author(deployment.creator)} ·
      ${moment(deployment.createdAt)}${deployment.description ? markup` · ${deployment.description}` : null}
    </p>
    ${told.length > 0 && markup`<ol class="track">${told}</ol>`}
  </article>`;
}

function statusPart(status: DeploymentStatus, base: string): Html {
  return markup`<li class="${status.state.replaceAll(/[^a-z_]/g, '')}">
    <span>${status.description || status.state.replaceAll('_', ' ')}</span>
    <span class="quiet">
      ${moment(status.createdAt)} · ${author(status.creator)}
      ${linkOrNothing(status.logUrl, 'log', base)}
      ${linkOrNothing(status.environmentUrl, 'open', base)}
    </span>
  </li>`;
}
