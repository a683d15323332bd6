import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/acceptance/wait.ts';
import { InstalledHost } from '../support/kills/installed-host.ts';
import { canBootHosts } from '../support/kills/nspawn-host.ts';

/** From the start of the boot to traffic on the last good slot; CI machines are slow. */
const withinMs = 15_000;

describe.skipIf(!canBootHosts())('a whole host on which root ran `agent install`', () => {
  let host: InstalledHost;

  beforeAll(async () => {
    host = await InstalledHost.open();
  }, 60_000);
  afterAll(() => host?.remove());

  test('that reboots in the middle of a deployment serves the last good release right after the boot, and ends the deployment', async () => {
    const good = host.release();
    await must(
      'agent',
      'install',
      '--scope',
      'system',
      '--user',
      'root',
      '--init',
      'systemd',
      '--yes',
    );
    await must('deploy', 'production', '--ref', good.sha, '--wait');
    await host.untilServes(good, 1000);

    const slow = host.release(3000);
    await must('deploy', 'production', '--ref', slow.sha);
    await until('it probes the new slot', () => host.log(2).includes(' probe …'));
    const asked = Date.now();
    await host.reboot();
    const wentDownMs = host.bootedAt - asked;
    const downMs = (await host.untilServes(good, withinMs)) - host.bootedAt;
    process.stderr.write(
      `traffic was back ${downMs} ms after the host began to boot, which was ${wentDownMs} ms after the word\n`,
    );
    expect(downMs).toBeLessThan(withinMs);
    await host.untilServes(slow, 30_000);
    await until('the deployment ends', () => host.log(2).includes('recorded: web-1 done'));
    await must('history', 'verify');
  }, 120_000);

  test('leaves nothing on the machine that it ran on', async () => {
    expect(host.traces()).not.toEqual([]);
    await host.remove();
    expect(host.traces()).toEqual([]);
  });

  async function must(...words: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await host.type(...words);
    expect(code, `${words.join(' ')}: ${stdout}${stderr}`).toBe(0);
  }
});
