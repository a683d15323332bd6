import type { CheckRun, CommitStatus, Repository } from '../state/types.ts';
import type { Html } from './html.ts';
import { markup } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { linkOrNothing, pill } from './parts.ts';

/** Check runs and statuses of a commit, the newest of each name. */
export function checksPart(repository: Repository, sha: string, base: string): Html {
  const runs = newest(repository.checkRuns, sha, ({ name }) => name);
  const statuses = newest(repository.statuses, sha, ({ context }) => context);
  if (runs.length + statuses.length === 0) return markup`<p class="quiet">None yet.</p>`;
  return markup`<ul class="plain">
    ${runs.map((run) => runPart(run, base))}${statuses.map((status) => statusPart(status, base))}
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

function runPart({ name, status, conclusion, detailsUrl, output }: CheckRun, base: string): Html {
  return markup`<li>
    ${pill(conclusion ?? status)}
    <strong>${name}</strong> ${linkOrNothing(detailsUrl, 'details', base)}
    ${output.title && markup`<div>${output.title}</div>`}
    ${output.summary && markup`<div class="markdown summary">${renderMarkdown(output.summary, base)}</div>`}
  </li>`;
}

function statusPart({ context, state, description, targetUrl }: CommitStatus, base: string): Html {
  return markup`<li>
    ${pill(state)} <strong>${context}</strong> ${linkOrNothing(targetUrl, 'details', base)}
    ${description && markup`<div class="quiet">${description}</div>`}
  </li>`;
}
