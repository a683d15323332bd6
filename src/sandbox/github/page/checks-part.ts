import type { CheckRun, CommitStatus, Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { linkOrNothing, pathOf, pill } from './parts.ts';

/** Check runs and statuses of a commit, the newest of each name. */
export function checksPart(world: World, repository: Repository, sha: string): Html {
  const base = world.url;
  const runs = newest(repository.checkRuns, sha, ({ name }) => name);
  const statuses = newest(repository.statuses, sha, ({ context }) => context);
  if (runs.length + statuses.length === 0) return markup`<p class="quiet">None yet.</p>`;
  return markup`<ul class="plain">
    ${runs.map((run) => runPart(world, repository, run))}${statuses.map((status) => statusPart(status, base))}
  </ul>`;
}

function newest<Each extends { readonly sha: string }>(
  list: readonly Each[],
  sha: string,
  nameOf: (each: Each) => string,
): readonly Each[] {
  return [
    ...new Map(
      list.filter((each) => each.sha === sha).map((each) => [nameOf(each), each]),
    ).values(),
  ];
}

function runPart(world: World, repository: Repository, run: CheckRun): Html {
  const { name, status, conclusion, detailsUrl, output, actions } = run;
  const base = world.url;
  return markup`<li>
    ${pill(conclusion ?? status)}
    <strong>${name}</strong> ${linkOrNothing(detailsUrl, 'details', base)}
    ${output.title && markup`<div>${output.title}</div>`}
    ${output.summary && markup`<div class="markdown summary">${renderMarkdown(output.summary, base)}</div>`}
    ${output.text && markup`<details><summary>More</summary><div class="markdown summary">${renderMarkdown(output.text, base)}</div></details>`}
    ${actions.length > 0 && buttons(world, repository, run)}
  </li>`;
}

/** GitHub shows them once the check run is completed; here they stand as soon as there are any. */
function buttons(world: World, repository: Repository, { id, actions }: CheckRun): Html {
  const people = [...world.state.users.values()].filter(({ type }) => type === 'User');
  return markup`<form class="press" method="post" action="${pathOf(repository)}/runs/${id}/actions">
    ${actions.map(
      ({ label, description, identifier }) =>
        markup`<button name="identifier" value="${identifier}" title="${description}">${label}</button>`,
    )}
    <label>as <select name="login">${people.map(({ login }) => markup`<option>${login}</option>`)}</select></label>
  </form>`;
}

function statusPart({ context, state, description, targetUrl }: CommitStatus, base: string): Html {
  return markup`<li>
    ${pill(state)} <strong>${context}</strong> ${linkOrNothing(targetUrl, 'details', base)}
    ${description && markup`<div class="quiet">${description}</div>`}
  </li>`;
}
