import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../../model/errors.ts';
import { InTurn } from '../../../model/in-turn.ts';
import type { Proxy, ProxyRoute, ProxyStatus } from '../../../ports/proxy.ts';
import { endCanary, setCanary } from '../canary.ts';
import { certificateFact } from '../certificate-fact.ts';
import { choosePort } from '../choose-port.ts';
import { awaitQuiet, keepMaintenance, offerSlot, readTraffic } from '../link-traffic.ts';
import { makePassage, placeFor, pointTo, targetOf, type SlotTarget } from '../links.ts';
import { readText } from '../route-folder.ts';
import { routeMissing } from '../route-missing.ts';
import { applySnippet, withdrawSnippet } from './apply-snippet.ts';
import { askNginx, isNginx } from './ask-nginx.ts';
import { checkHost } from './check-host.ts';
import { routeFiles, type NginxOptions } from './layout.ts';
import { listWorkers } from './nginx-workers.ts';
import { allHeads, readHead, type SnippetHead } from './snippet-head.ts';
import { writeSnippet } from './snippet.ts';

/** nginx is reloaded as a whole: routes of several drivers in this process wait for one another. */
const changes = new InTurn();

/**
 * The Proxy port on the host's own nginx. A file of ours tells it, once, to follow a symbolic link for
 * every request; a switch renames that link, and nothing is reloaded. So the link is the truth, it
 * outlives the agent and nginx, and it is there again after a boot.
 */
export function nginxProxy(options: NginxOptions): Proxy {
  const { address, mode } = options;
  const filesOf = (name: string) => routeFiles(options, name);

  /** The route as nginx has it in force. */
  async function loaded(name: string): Promise<SnippetHead | null> {
    const head = await readHead(filesOf(name).snippet);
    if (!head) return null;
    const answer = await askNginx(head, address);
    // An nginx that runs without listening there has not loaded our file: it forgot.
    if (answer === 'silent' && (await listWorkers()).length === 0) return silent(head);
    return answer === 'loaded' ? head : null;
  }

  async function loadedOrMissing(name: string): Promise<SnippetHead> {
    return (await loaded(name)) ?? routeMissing('nginx', name);
  }

  async function status(head: SnippetHead): Promise<ProxyStatus> {
    const files = filesOf(head.route.name);
    return {
      name: head.route.name,
      port: head.port,
      ...(await readTraffic(files)),
    };
  }

  async function textFor(route: ProxyRoute, port: number, target: SlotTarget | null) {
    return writeSnippet({
      route,
      port,
      files: filesOf(route.name),
      address,
      ipv6: (await readFile('/proc/net/if_inet6', 'utf8').catch(() => '')) !== '',
      certificate: await certificateFact(route),
      target,
      mode,
    });
  }

  async function ensure(route: ProxyRoute): Promise<ProxyStatus> {
    const files = filesOf(route.name);
    const before = await readHead(files.snippet);
    const port = await choosePort({
      route,
      before,
      placed: await allHeads(options.folder),
      address,
      byName: true,
      shares: (port) => isNginx(port, address),
    });
    await makePassage(join(options.state, 'nginx'), files.known);
    const target = mode === 'reload' ? await targetOf(files.current) : null;
    if ((await targetOf(files.current)) === null) await pointTo(files.current, files.known);
    const { text } = await textFor(route, port, target);
    if ((await readText(files.snippet)) !== text || !(await isLoaded(before))) {
      await applySnippet(options, files.snippet, text);
    }
    return await status((await readHead(files.snippet))!);
  }

  async function isLoaded(head: SnippetHead | null): Promise<boolean> {
    return head !== null && (await askNginx(head, address)) === 'loaded';
  }

  async function switchTo(name: string, target: SlotTarget): Promise<void> {
    const files = filesOf(name);
    const head = await loadedOrMissing(name);
    const place = await placeFor(files, target);
    await pointTo(join(files.known, target.slot), place);
    await endCanary(files);
    if (mode === 'reload') await rewrite(head, target);
    await pointTo(files.current, place);
  }

  async function clear(name: string): Promise<void> {
    const files = filesOf(name);
    const head = await loadedOrMissing(name);
    await endCanary(files);
    if (mode === 'reload') await rewrite(head, null);
    await pointTo(files.current, files.known);
  }

  /** In the mode `reload` the file says where the traffic goes, and nothing else of it changes. */
  async function rewrite(head: SnippetHead, target: SlotTarget | null): Promise<void> {
    const files = filesOf(head.route.name);
    const { text } = await textFor(head.route, head.port, target);
    if ((await readText(files.snippet)) !== text) await applySnippet(options, files.snippet, text);
  }

  return {
    ensure: (route) => changes.run(() => ensure(route)),
    async current(name) {
      const head = await loaded(name);
      return head && (await status(head));
    },
    switch: (name, slot, upstream) => changes.run(() => switchTo(name, { slot, upstream })),
    clear: (name) => changes.run(() => clear(name)),
    async drain(name, slot, timeoutMs, signal) {
      await awaitQuiet(filesOf(name), slot, timeoutMs, signal);
      return 0;
    },
    weights: (name, canary) =>
      changes.run(async () => {
        if (mode === 'reload') notSupported('a canary in the mode `reload`');
        await loadedOrMissing(name);
        await (canary ? setCanary(filesOf(name), canary) : endCanary(filesOf(name)));
      }),
    offer: (name, slot, upstream) => offerSlot(filesOf(name), slot, upstream),
    maintenance: (name, text) =>
      changes.run(async () => {
        await loadedOrMissing(name);
        await keepMaintenance(filesOf(name), text);
      }),
    counters: () => Promise.resolve(null),
    check: () => checkHost(options),
    remove: (name) =>
      changes.run(async () => {
        const files = filesOf(name);
        await withdrawSnippet(options, files.snippet);
        await rm(files.folder, { recursive: true, force: true });
      }),
  };
}

function silent({ port }: SnippetHead): never {
  throw new SallyportError({
    code: 'proxy_not_answering',
    message: `nginx does not run: nothing answers on port ${port}`,
    hint: 'systemctl start nginx; journalctl -u nginx -n 20',
    next: 'retry',
  });
}

function notSupported(what: string): never {
  throw new SallyportError({
    code: 'not_supported',
    message: `nginx cannot do ${what}`,
    hint: 'set proxy.mode to socket',
  });
}
