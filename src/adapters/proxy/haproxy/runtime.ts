import { SallyportError } from '../../../model/errors.ts';
import { askHaproxy } from './ask-haproxy.ts';
import { changeMap, readShown, type Choices } from './choices.ts';
import type { RouteFiles } from './layout.ts';
import { serverWords, type Server } from './servers.ts';
import { readStat, type ServerStat } from './stat.ts';

/** The map as HAProxy has it in its memory. */
export async function shownChoices(socket: string, { map }: RouteFiles): Promise<Choices> {
  return readShown(await askHaproxy(socket, [`show map ${map}`]));
}

export async function shownStat(
  socket: string,
  { backend }: RouteFiles,
): Promise<readonly ServerStat[]> {
  return readStat(await askHaproxy(socket, [`show stat ${backend} 4 -1`]));
}

/** Makes servers that HAProxy does not have yet, and deletes those that nothing leads to and nobody uses. */
export async function keepServers(
  socket: string,
  { backend }: RouteFiles,
  servers: readonly Server[],
  stats: readonly ServerStat[],
): Promise<void> {
  const there = new Set(stats.map(({ server }) => server));
  const missing = servers.filter(({ name }) => !there.has(name));
  const making = missing.flatMap((server) => [
    `add server ${backend}/${server.name} ${serverWords(server)}`,
    `enable server ${backend}/${server.name}`,
  ]);
  await command(socket, making);
  const wanted = new Set(servers.map(({ name }) => name));
  const idle = stats.filter(({ server, active }) => !wanted.has(server) && active === 0);
  const dropping = idle.flatMap(({ server }) => [
    `disable server ${backend}/${server}`,
    `del server ${backend}/${server}`,
  ]);
  // One that still has a kept connection stays until the next time.
  if (dropping.length > 0) await askHaproxy(socket, dropping);
}

export async function changeChoices(
  socket: string,
  { map }: RouteFiles,
  from: Choices,
  to: Choices,
): Promise<void> {
  await command(socket, changeMap(map, from, to));
}

/** Ends what the servers have under way. */
export async function cutOff(
  socket: string,
  { backend }: RouteFiles,
  servers: readonly string[],
): Promise<void> {
  await command(
    socket,
    servers.map((server) => `shutdown sessions server ${backend}/${server}`),
  );
}

async function command(socket: string, commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  const said = await askHaproxy(socket, commands);
  const words = said.split('\n').filter((line) => !/^(?:New server registered\.)?\s*$/.test(line));
  if (words.length === 0) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `HAProxy refuses a change: ${words.join('; ')}`,
    hint: 'see that it is HAProxy 2.6 or newer: haproxy -v',
  });
}
