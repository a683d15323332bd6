import { readFile, rm } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { writeAtomically } from '../../../disk/write-atomically.ts';
import { SallyportError } from '../../../model/errors.ts';
import { InTurn } from '../../../model/in-turn.ts';
import type { Upstream } from '../../../model/upstream.ts';
import type { Proxy, ProxyRoute, ProxyStatus } from '../../../ports/proxy.ts';
import { choosePort } from '../choose-port.ts';
import { putBack, writeConfigFile } from '../config-file.ts';
import { assertUsable, letConnect, type SlotTarget } from '../links.ts';
import { readText } from '../route-folder.ts';
import { routeMissing } from '../route-missing.ts';
import { applySnippet, proofOf, withdrawSnippet } from './apply-snippet.ts';
import { askHaproxy } from './ask-haproxy.ts';
import { canaryIn } from './canary-in.ts';
import { checkHost } from './check-host.ts';
import {
  keys,
  maintenanceOf,
  serversIn,
  slotWithTraffic,
  withCanary,
  withMaintenance,
  withoutCanary,
  withoutTraffic,
  writeChoices,
  type Choices,
} from './choices.ts';
import { combinedPem, pemDigest } from './combined-pem.ts';
import { findChroot } from './find-chroot.ts';
import { routeFiles, type HaproxyOptions, type RouteFiles } from './layout.ts';
import { changeChoices, cutOff, keepServers, shownChoices, shownStat } from './runtime.ts';
import { serverFor, slotOf, type Server } from './servers.ts';
import { allHeads, readHead, type SnippetHead } from './snippet-head.ts';
import { writeSnippet } from './snippet.ts';
import { activeBySlot, countersBySlot } from './stat.ts';

/** HAProxy is reloaded as a whole: routes of several drivers in this process wait for one another. */
const changes = new InTurn();
/** Between two counts of a slot that drains. */
const drainPauseMs = 25;
/** A text travels to HAProxy in one line of 16 KiB, and to people in one buffer. */
const maxTextBytes = 8_000;

/**
 * The Proxy port on the host's own HAProxy. A file of ours gives each route a frontend that looks into
 * a map for every request. A switch changes that map in HAProxy's memory, by its runtime API, and in
 * its file, which it reads at a start: nothing is reloaded, and it comes back as it was.
 */
export function haproxyProxy(options: HaproxyOptions): Proxy {
  const { address, socket } = options;
  const filesOf = (name: string) => routeFiles(options, name);

  /** The route as HAProxy has it in force. */
  async function loaded(name: string): Promise<SnippetHead | null> {
    const head = await readHead(filesOf(name).snippet);
    return head && (await proofOf(options, filesOf(name))) === head.proof ? head : null;
  }

  async function loadedOrMissing(name: string): Promise<SnippetHead> {
    return (await loaded(name)) ?? routeMissing('HAProxy', name);
  }

  async function status(head: SnippetHead): Promise<ProxyStatus> {
    const { name } = head.route;
    const choices = await shownChoices(socket, filesOf(name));
    const to = head.servers.find((server) => server.name === choices.get(keys.to));
    // A program that was started again has made its socket anew.
    if (to) await letConnect(to);
    return {
      name,
      port: head.port,
      slot: slotWithTraffic(choices),
      upstream: to?.upstream ?? null,
      active: activeBySlot(await shownStat(socket, filesOf(name))),
      canary: canaryIn(choices, head.servers),
      maintenance: maintenanceOf(choices),
    };
  }

  async function textFor(
    route: ProxyRoute,
    port: number,
    certificate: string,
    servers: readonly Server[],
  ) {
    const ipv6 = (await readFile('/proc/net/if_inet6', 'utf8').catch(() => '')) !== '';
    return writeSnippet({
      route,
      port,
      files: filesOf(route.name),
      address,
      ipv6,
      certificate,
      servers,
    });
  }

  async function ensure(route: ProxyRoute): Promise<ProxyStatus> {
    await askHaproxy(socket, ['show version']);
    const files = filesOf(route.name);
    const before = await readHead(files.snippet);
    const placed = await allHeads(options.folder);
    const port = await choosePort({ route, before, placed, address, byName: false });
    const pem = await combinedPem(route);
    const snippet = await textFor(route, port, pemDigest(pem), before?.servers ?? []);
    const isNew = (await readText(files.map)) === null;
    if ((await readText(files.snippet)) !== snippet.text || isNew || !(await loaded(route.name))) {
      await prepare(files, pem, isNew);
      try {
        await applySnippet(options, files, snippet);
      } catch (error) {
        if (before === null) await forgetFiles(files);
        throw error;
      }
    }
    return await status((await readHead(files.snippet))!);
  }

  /** Puts the choices on the disk and into HAProxy's memory, with the servers that they lead to. */
  async function choose(
    head: SnippetHead,
    change: (choices: Choices) => Choices,
    target?: SlotTarget,
  ): Promise<void> {
    const files = filesOf(head.route.name);
    const before = await shownChoices(socket, files);
    const next = change(before);
    const wanted = serversIn(next);
    const known = [...(target ? [serverFor(target)] : []), ...head.servers];
    const servers = [...new Map(known.map((server) => [server.name, server])).values()]
      .filter(({ name }) => wanted.has(name))
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const was = await readText(files.map);
    await remember(head, files, servers);
    if (was !== writeChoices(next)) await writeAtomically(files.map, writeChoices(next), 0o644);
    try {
      await keepServers(socket, files, servers, await shownStat(socket, files));
      await changeChoices(socket, files, before, next);
    } catch (error) {
      await putBack(files.map, was);
      throw error;
    }
  }

  /** The file tells the next start of HAProxy which servers there are. */
  async function remember(
    head: SnippetHead,
    files: RouteFiles,
    servers: readonly Server[],
  ): Promise<void> {
    if (JSON.stringify(servers) === JSON.stringify(head.servers)) return;
    const pem = head.route.tls ? await readText(files.pem) : null;
    const { text } = await textFor(head.route, head.port, pemDigest(pem), servers);
    await writeConfigFile(files.snippet, text);
  }

  async function assertReachable(target: SlotTarget): Promise<void> {
    assertUsable(target);
    await letConnect(target);
    const problem = 'socket' in target.upstream ? await findChroot(options) : null;
    if (problem) throw new SallyportError({ code: 'proxy_refused', ...problem });
  }

  async function switchTo(name: string, slot: string, upstream: Upstream): Promise<void> {
    const target = { slot, upstream };
    await assertReachable(target);
    const server = serverFor(target).name;
    await choose(
      await loadedOrMissing(name),
      (choices) => new Map([...withoutCanary(choices), [slot, server], [keys.to, server]]),
      target,
    );
  }

  async function activeServers(name: string, slot: string) {
    const stats = await shownStat(socket, filesOf(name));
    return stats.filter(({ server, active }) => slotOf(server) === slot && active > 0);
  }

  return {
    ensure: (route) => changes.run(() => ensure(route)),
    async current(name) {
      const head = await loaded(name);
      return head && (await status(head));
    },
    switch: (name, slot, upstream) => changes.run(() => switchTo(name, slot, upstream)),
    clear: (name) =>
      changes.run(async () => await choose(await loadedOrMissing(name), withoutTraffic)),
    async drain(name, slot, timeoutMs, signal) {
      if (!(await loaded(name))) return 0;
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const busy = await activeServers(name, slot);
        if (busy.length === 0) return 0;
        if (Date.now() >= deadline) {
          const left = busy.map(({ server }) => server);
          await cutOff(socket, filesOf(name), left);
          return busy.reduce((sum, { active }) => sum + active, 0);
        }
        await setTimeout(drainPauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
      }
    },
    weights: (name, canary) =>
      changes.run(async () => {
        if (canary) await assertReachable(canary);
        const change = (choices: Choices) =>
          canary ? withCanary(choices, canary) : withoutCanary(choices);
        await choose(await loadedOrMissing(name), change, canary ?? undefined);
      }),
    offer: (name, slot, upstream) =>
      changes.run(async () => {
        const target = upstream && { slot, upstream };
        if (target) await assertReachable(target);
        const change = (choices: Choices): Choices => {
          if (target) return new Map([...choices, [slot, serverFor(target).name]]);
          if (slotWithTraffic(choices) === slot) return choices;
          return new Map([...choices].filter(([key]) => key !== slot));
        };
        await choose(await loadedOrMissing(name), change, target ?? undefined);
      }),
    maintenance: (name, text) =>
      changes.run(async () => {
        if (text !== null) assertShort(text);
        await choose(await loadedOrMissing(name), (choices) => withMaintenance(choices, text));
      }),
    async counters(name) {
      if (!(await loaded(name))) return null;
      return countersBySlot(await shownStat(socket, filesOf(name)));
    },
    check: () => checkHost(options),
    remove: (name) =>
      changes.run(async () => {
        await withdrawSnippet(options, filesOf(name));
        await forgetFiles(filesOf(name));
      }),
  };
}

/** What HAProxy reads beside the snippet must be there before it is asked to. */
async function prepare(files: RouteFiles, pem: string | null, isNew: boolean): Promise<void> {
  if (isNew) await writeConfigFile(files.map, '');
  if (pem !== null) await writeConfigFile(files.pem, pem, 0o600);
}

async function forgetFiles({ map, pem }: RouteFiles): Promise<void> {
  await rm(map, { force: true });
  await rm(pem, { force: true });
}

function assertShort(text: string): void {
  if (Buffer.byteLength(text) <= maxTextBytes) return;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `HAProxy can tell people ${maxTextBytes} bytes at the most`,
    hint: 'use a shorter text',
  });
}
