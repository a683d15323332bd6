import type { Answer } from '../hooks.ts';
import type { Call } from './call.ts';

/**
 * One page of a list, with `Link`. `wrap` puts the page into an object where GitHub does.
 * `items` is what the faults leave to see; only those on the page are rendered.
 */
export async function paged<T>(
  call: Call,
  items: readonly T[],
  render: (item: T) => unknown,
  wrap: (page: readonly unknown[]) => unknown = (page) => page,
): Promise<Answer> {
  const size = between(call.query('per_page'), 30, 100);
  const page = between(call.query('page'), 1, Number.MAX_SAFE_INTEGER);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((page - 1) * size, page * size);
  const body = wrap(await Promise.all(shown.map(render)));
  const link = linkHeader(call, page, last);
  return { status: 200, body, headers: link === '' ? {} : { link } };
}

function between(text: string | undefined, otherwise: number, most: number): number {
  const wanted = Number(text ?? otherwise);
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, most) : otherwise;
}

function linkHeader(call: Call, page: number, last: number): string {
  const links: string[] = [];
  const add = (rel: string, target: number): void => {
    links.push(`<${pageUrl(call, target)}>; rel="${rel}"`);
  };
  if (page > 1) add('prev', Math.min(page - 1, last));
  if (page < last) add('next', page + 1);
  if (page < last) add('last', last);
  if (page > 1) add('first', 1);
  return links.join(', ');
}

function pageUrl(call: Call, page: number): string {
  const query = new URLSearchParams({ ...call.context.query, page: String(page) });
  return `${call.world.url}/api/v3${linkPath(call)}?${query.toString()}`;
}

/** GitHub's links name a repository by its id, so a client must follow them as they are. */
function linkPath(call: Call): string {
  const named = /^\/repos\/[^/]+\/[^/]+(.*)$/.exec(call.context.path);
  return named ? `/repositories/${call.repository.id}${named[1] ?? ''}` : call.context.path;
}
