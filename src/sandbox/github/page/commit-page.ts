import { peel, readCommit } from '../git/read-commit.ts';
import { changes } from '../git/read-tree.ts';
import type { Repository } from '../state/types.ts';
import type { World } from '../world.ts';
import { checksPart } from './checks-part.ts';
import { markup } from './html.ts';
import type { PageContent } from './layout.ts';
import { commitLink, moment } from './parts.ts';

/** One commit: message, files, checks. Null where the repository has no such commit. */
export async function commitPage(
  world: World,
  repository: Repository,
  name: string,
): Promise<PageContent | null> {
  const sha = await peel(repository.directory, name);
  if (sha === undefined) return null;
  const { message, author, committer, parents } = await readCommit(repository.directory, sha);
  const [subject = '', ...body] = message.split('\n');
  const files = await changes(repository.directory, parents[0] ?? null, sha);
  return {
    title: `${subject} · ${sha.slice(0, 7)}`,
    repository,
    head: markup`<h1>${subject}</h1>`,
    live: markup`<p class="quiet">
        ${author.name} · ${moment(committer.at)} · ${commitLink(repository, sha)}
      </p>
      ${body.length > 0 && markup`<pre>${body.join('\n').trim()}</pre>`}
      <section>
        <h2>Files</h2>
        <ul class="plain">
          ${files.map((file) => markup`<li><span class="label">${file.status}</span> <code>${file.path}</code></li>`)}
        </ul>
      </section>
      <section>
        <h2>Checks</h2>
        ${checksPart(world, repository, sha)}
      </section>`,
    foot: markup``,
  };
}
