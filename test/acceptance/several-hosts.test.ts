import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StatusJson } from '../../src/report/status-json.ts';
import { hasNamespaces } from '../support/acceptance/network.ts';
import { openHosts, servicePort, type Hosts } from '../support/acceptance/hosts.ts';
import { release } from '../support/acceptance/repository.ts';
import { endOf } from '../support/acceptance/talk.ts';
import { until } from '../support/acceptance/wait.ts';

const names = ['web-1', 'web-2', 'web-3'] as const;

describe.skipIf(!hasNamespaces())('three hosts, each with its own address', () => {
  let place: Hosts | null = null;

  beforeAll(async () => {
    place = await openHosts(names, '{ canary: 1, batch: 2, max_unavailable: 2, down: wait }');
  }, 60_000);
  afterAll(async () => {
    await place?.close();
    const left = readdirSync('/run/netns').filter((name) => name.startsWith(`sp-${process.pid}-`));
    expect(left).toEqual([]);
  });

  test('the canary, then two at once; one that is cut off ends right when it returns', async () => {
    const { talk, hosts, network } = place!;
    const [first, second, third] = names.map((name) => hosts.get(name)!);
    const pull = await talk.openPull('greet', release('1.1.0'));
    const deployment = await talk.begin(pull, '/deploy production');
    const { id } = deployment;

    await first!.stepBegins(id, 'build');
    expect([second!.stepsBegun(id), third!.stepsBegun(id)]).toEqual([[], []]);
    await Promise.all([second!.stepBegins(id, 'build'), third!.stepBegins(id, 'build')]);
    expect(first!.log(id)).toContain('hook-after done in');
    expect([second!.log(id), third!.log(id)].join()).not.toContain('build done in');

    await network.cut('web-3');
    await second!.settled(id);
    await third!.settled(id);
    expect(await network.ask('web-3', version)).toBe('200 1.1.0');
    expect(endOf(deployment)).toBeNull();
    const { environments } = await until('web-2 tells of web-1', () => statusOf(place!, 'web-2'));
    expect(environments[0]!.hosts).toMatchObject([
      { name: 'web-1', state: 'done', batch: 'canary', waits: null },
      { name: 'web-2', state: 'done', batch: 'batch 1', waits: null },
      { name: 'web-3', state: 'applying', batch: 'batch 1', waits: null },
    ]);

    await network.mend('web-3');
    await talk.ended(deployment);
    expect(endOf(deployment)).toBe('success');
    const answer = await talk.answerSays(deployment, '**completed**');
    expect(answer.body).toContain('| `web-3` | batch 1 | done |  |');
    // Each host writes that it begins and that it ends, and no more.
    for (const name of names) {
      const own = deployment.statuses.filter((status) =>
        status.description?.startsWith(`${name} `),
      );
      expect(
        own.map(({ description }) => description),
        name,
      ).toHaveLength(2);
    }
    for (const name of names) expect(await network.ask(name, version)).toBe('200 1.1.0');
  }, 60_000);
});

const version = `http://127.0.0.1:${servicePort}/version`;

/** What a host knows, once it has read that the others are done. */
async function statusOf({ hosts }: Hosts, name: string): Promise<StatusJson | null> {
  const { stdout } = await hosts.get(name)!.ask('status', 'production', '--json');
  const status = JSON.parse(stdout) as StatusJson;
  const isRead = status.environments[0]!.hosts.filter(({ state }) => state === 'done').length === 2;
  return isRead ? status : null;
}
