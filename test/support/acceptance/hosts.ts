import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentPermissions } from '../../../src/sandbox/tour/app-registration.ts';
import { isIdle } from './app-store.ts';
import { openGithub, type Github } from './github.ts';
import { Host } from './host.ts';
import { mona, repository } from './names.ts';
import { Network } from './network.ts';
import { makeKey, openApp, writeAgentConfig } from './place.ts';
import { configPath, release } from './repository.ts';
import { Talk } from './talk.ts';

/** Where every host's service is reached, on that host. */
export const servicePort = 8080;

export interface Hosts {
  readonly github: Github;
  readonly network: Network;
  readonly talk: Talk;
  readonly hosts: ReadonlyMap<string, Host>;
  close(): Promise<void>;
}

/** The whole system with several hosts, each with its own address: GitHub and the App here, the agents there. */
export async function openHosts(names: readonly string[], rollout: string): Promise<Hosts> {
  const folder = await mkdtemp(join(tmpdir(), 'sp-hosts-'));
  const github = await openGithub();
  const { standIn } = github;
  const network = await Network.open(folder, names, Number(new URL(standIn.url).port));
  const folders = names.map((name) => join(folder, name));
  await Promise.all(folders.map((path) => mkdir(path)));
  const [appKey, ...keys] = await Promise.all([
    makeKey(['app', 'keygen', '--out', join(folder, 'app.key')]),
    ...folders.map((path) => makeKey(['agent', 'keygen', '--state', join(path, 'state')])),
  ]);
  standIn.createUser(mona);
  const files = { ...release('1.0.0'), [configPath]: policyFor(names, keys, rollout) };
  await standIn.createRepository({ owner: 'acme', name: 'shop', files });
  standIn.collaborator(repository, mona, 'write');
  const appState = join(folder, 'app-state');
  const { app } = openApp(github, folder, appState);
  const { url } = await app.start();
  standIn.world.state.apps[0]!.webhookUrl = `${url}/api/github/webhooks`;
  const token = standIn.tokenForAgent(repository, agentPermissions);
  const hosts = new Map<string, Host>();
  for (const [place, name] of names.entries()) {
    const state = join(folders[place]!, 'state');
    const facts = { url: standIn.url, state, token, appKey, origins: 'app', name };
    const config = await writeAgentConfig(folders[place]!, facts);
    hosts.set(name, new Host(state, config, network.within(name)));
  }
  const agents = [...hosts.values()].map(({ agent }) => agent);
  await Promise.all(agents.map((agent) => agent.start()));
  const facts = () => [app, ...agents].map(({ output }) => output).join('\n');
  return {
    github,
    network,
    hosts,
    talk: new Talk(github, facts, () => isIdle(appState)),
    async close() {
      await Promise.all([app.end('SIGTERM'), ...[...hosts.values()].map((host) => host.remove())]);
      await network.close();
      await standIn.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function policyFor(names: readonly string[], keys: readonly string[], rollout: string): string {
  const agents = names.map(
    (name, place) => `  ${name}: { key: "${keys[place]}", environments: [production] }`,
  );
  return `version: 1

targets:
  web:
    kind: service
    build: [node, -e, "setTimeout(() => {}, 1500)"]
    run: [node, server.js]
    ports: { blue: 8001, green: 8002 }
    health: { path: /ping, interval: 50ms, timeout: 5s, deadline: 10s }
    drain: 1s
    proxy: { driver: builtin, listen: ${servicePort} }
    hooks: { after: [node, SMOKE.js] }

agents:
${agents.join('\n')}

environments:
  production:
    hosts: [${names.join(', ')}]
    require: { refs: [main, pull] }
    rollout: ${rollout}
`;
}
