import type { Comment, Repository, User } from '../state/types.ts';
import type { Html } from './html.ts';
import { markup, safeLink } from './html.ts';

/** Small pieces that several pages show. */

const hues = ['#0969da', '#8250df', '#bf3989', '#bc4c00', '#1a7f37', '#9a6700', '#57606a'];

export function avatar(user: User): Html {
  const square = user.type !== 'User';
  return markup`<svg class="avatar" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="${square ? 7 : 16}" fill="${hues[user.id % hues.length]!}"/>
    <text x="16" y="21.5" text-anchor="middle">${user.login.charAt(0).toUpperCase()}</text>
  </svg>`;
}

export function author(user: User): Html {
  const name = user.login.replace(/\[bot\]$/, '');
  const bot = user.type === 'Bot' ? markup` <span class="label">bot</span>` : null;
  return markup`<strong>${name}</strong>${bot}`;
}

/** The browser turns it into its own time; without scripts it is UTC. */
export function moment(at: number): Html {
  const iso = new Date(at).toISOString();
  return markup`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

export function pill(state: string): Html {
  return markup`<span class="pill ${state.replaceAll(/[^a-z_]/g, '')}">${state.replaceAll('_', ' ')}</span>`;
}

export function commitLink(repository: Repository, sha: string): Html {
  return markup`<a href="${pathOf(repository)}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a>`;
}

export function pathOf({ owner, name }: Repository): string {
  return `/${encodeURIComponent(owner.login)}/${encodeURIComponent(name)}`;
}

export function linkOrNothing(link: string | null, label: string, base: string): Html | null {
  const safe = link === null || link === '' ? null : safeLink(link, base);
  return safe === null ? null : markup`<a href="${safe}" rel="noreferrer">${label}</a>`;
}

const emoji: Readonly<Record<string, string>> = {
  '+1': '👍',
  '-1': '👎',
  laugh: '😄',
  hooray: '🎉',
  confused: '😕',
  heart: '❤️',
  rocket: '🚀',
  eyes: '👀',
};

export function reactions({ reactions: given }: Comment): Html | null {
  if (given.length === 0) return null;
  const counts = Map.groupBy(given, ({ content }) => content);
  const shown = [...counts].map(([content, some]) => {
    const who = some.map(({ user }) => user.login).join(', ');
    return markup`<span class="reaction" title="${who}">${emoji[content] ?? content} ${some.length}</span>`;
  });
  return markup`<p class="reactions">${shown}</p>`;
}
