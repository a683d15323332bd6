import { codeSpan, prose } from './escape.ts';
import type { EnvironmentJson } from './status-json.ts';
import { shortSha } from './words.ts';

type Host = EnvironmentJson['hosts'][number];

/** Where each host of an environment stands; nothing where it has no more than one. */
export function hostsMarkdown({ name, hosts, held }: EnvironmentJson): readonly string[] {
  if (hosts.length < 2) return [];
  // A column of nothing is width that a phone has not.
  const isWaiting = hosts.some(({ waits }) => waits);
  const wait = isWaiting ? [' waits for |', '---|'] : ['', ''];
  const rows = hosts.map((host) => {
    const state = held.includes(host.name) ? 'held' : host.state;
    const waits = isWaiting ? ` ${host.waits ? prose(host.waits) : ''} |` : '';
    return `| ${codeSpan(host.name)} | ${prose(state)} | ${commitOf(host)} | ${sinceOf(host)} |${waits}`;
  });
  const head = `| ${codeSpan(name)} | state | runs | since |`;
  return ['', `${head}${wait[0]}`, `|---|---|---|---|${wait[1]}`, ...rows];
}

function commitOf({ commit }: Host): string {
  return commit === null ? '–' : `\`${shortSha(commit)}\``;
}

function sinceOf({ since }: Host): string {
  return since === null ? '–' : `${since.slice(0, 16).replace('T', ' ')}Z`;
}
