import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/acceptance/wait.ts';
import { KilledHost } from '../support/kills/host.ts';
import { processesIn } from '../support/kills/processes.ts';
import { visitBothWays } from '../support/kills/visits.ts';

/** For traffic to be back after the program that carries it was killed; CI machines are slow. */
const withinMs = 15_000;

let host: KilledHost;

beforeAll(async () => {
  host = await KilledHost.open();
  await deploy();
  await deploy();
}, 60_000);
afterAll(() => host?.remove());

test('a proxy that is killed in the middle of a deployment comes back on the right slot, and the deployment ends', async () => {
  const visits = visitBothWays(host.port);
  const { sha, version } = host.release('good');
  const deployment = host.type('deploy', 'production', '--ref', sha, '--wait', '--timeout', '60s');
  const isStarting = () =>
    processesIn(host.state).some(({ command }) => command.includes('server'));
  await until('it has begun', isStarting);
  process.kill((await host.proxyPid())!, 'SIGKILL');
  expect((await deployment).text).toContain('completed');
  await until('the new release answers', async () => (await answer()) === version, { withinMs });
  await visits.stop();
}, 90_000);

test('a proxy that is killed between deployments is back within seconds, on the same slot', async () => {
  const [slot, version] = [await host.liveSlot(), await host.version()];
  const visits = visitBothWays(host.port);
  const killed = performance.now();
  process.kill((await host.proxyPid())!, 'SIGKILL');
  await until('it answers again', async () => (await answer()) === version, { withinMs });
  const downMs = Math.round(performance.now() - killed);
  process.stderr.write(`the proxy was back ${downMs} ms after it was killed\n`);
  expect(await host.liveSlot()).toBe(slot);
  await visits.stop();
}, 60_000);

test('a service that is killed loses its traffic to the warm slot within seconds, and runs again', async () => {
  const slot = await host.liveSlot();
  const program = processesIn(host.state).find(({ unit }) => unit === `production.web.${slot}`);
  process.kill(program!.pid, 'SIGKILL');
  const killed = performance.now();
  await until('it is served again', async () => /^1\.0\.\d+$/.test(await answer()), { withinMs });
  const downMs = Math.round(performance.now() - killed);
  process.stderr.write(`the service was back ${downMs} ms after it was killed\n`);
  const isWhole = () =>
    ['blue', 'green'].every((name) =>
      processesIn(host.state).some(({ unit }) => unit === `production.web.${name}`),
    );
  await until('both slots run', isWhole, { withinMs });
  await deploy();
}, 90_000);

async function deploy(): Promise<void> {
  const { sha, version } = host.release('good');
  const { text } = await host.type('deploy', 'production', '--ref', sha, '--wait');
  expect(text).toContain('completed');
  expect(await host.version()).toBe(version);
}

function answer(): Promise<string> {
  return host.version().catch(() => 'none');
}
