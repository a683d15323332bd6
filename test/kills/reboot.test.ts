import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/acceptance/wait.ts';
import { BootingHost } from '../support/kills/booting-host.ts';
import { hasUserManager } from '../support/systemd/user-manager.ts';

/** From the loss of power to traffic on the last good slot; CI machines are slow. */
const withinMs = 15_000;

describe.skipIf(!hasUserManager())('a host whose units are those of `agent install`', () => {
  let host: BootingHost;

  beforeAll(async () => {
    host = await BootingHost.open();
  }, 60_000);
  afterAll(() => host?.remove());

  test('that loses its power in the middle of a deployment serves the last good release right after it booted, and ends the deployment', async () => {
    const good = host.release();
    await deploy(good.sha);
    expect(await host.version()).toBe(good.version);

    const slow = host.release(3000);
    const asked = await host.type('deploy', 'production', '--ref', slow.sha);
    expect(asked.code, asked.stderr).toBe(0);
    await until('it probes the new slot', () => host.log(2).includes(' probe …'));
    await host.loseThePower();
    const lost = performance.now();
    await until('the old release answers', async () => (await host.version()) === good.version, {
      withinMs,
    });
    const downMs = Math.round(performance.now() - lost);
    process.stderr.write(`traffic was back ${downMs} ms after the power went\n`);
    await until('the deployment ends', async () => (await host.version()) === slow.version);
    await deploy(host.release().sha);
  }, 120_000);

  async function deploy(sha: string): Promise<void> {
    const words = ['deploy', 'production', '--ref', sha, '--wait'];
    const isUp = async () => (await host.type('status')).code === 0;
    await until('the agent answers', isUp);
    const { code, stdout, stderr } = await host.type(...words);
    expect(code, `${stdout}${stderr}`).toBe(0);
  }
});
