import type { Answer } from '../hooks.ts';
import type { Call } from './call.ts';

/** One page of a list that GitHub pages by an opaque cursor, given in the query as `name`. */
export function cursorPage<T extends { readonly id: number }>(
  call: Call,
  items: readonly T[],
  name: 'cursor' | 'after',
  render: (item: T) => unknown,
): Answer {
  const size = Math.min(Number(call.query('per_page') ?? 30) || 30, 100);
  const cursor = call.query(name);
  const start = cursor === undefined ? 0 : items.findIndex((item) => cursorOf(item) === cursor) + 1;
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const more = last !== undefined && start + size < items.length;
  const headers = more ? { link: nextLink(call, name, cursorOf(last)) } : {};
  return { status: 200, body: page.map(render), headers };
}

function cursorOf(item: { readonly id: number }): string {
  return Buffer.from(`v1:${item.id}`).toString('base64url');
}

function nextLink(call: Call, name: string, cursor: string): string {
  const query = new URLSearchParams({ ...call.context.query, [name]: cursor });
  return `<${call.world.url}/api/v3${call.context.path}?${query.toString()}>; rel="next"`;
}
