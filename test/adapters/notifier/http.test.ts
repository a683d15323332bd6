import { describe, expect, onTestFinished, test } from 'vitest';
import { createNotifier } from '../../../src/adapters/notifier/open-notifier.ts';
import { notifierContract } from '../../contract/notifier.ts';
import { openReceiver } from '../../support/http-receiver.ts';
import {
  pagerduty,
  signedHook,
  slackApi,
  slackWebhook,
  teams,
} from '../../support/notifier-services.ts';
import { notifierWorld } from '../../support/notifier-world.ts';
import { noteOf, receivers } from '../../support/notes.ts';

const key = '0123456789abcdef0123456789abcdef';

const services = {
  slack: {
    take: () => slackWebhook,
    env: (url: string) => ({ SLACK: `${url}/services/T0/B0/secret` }),
  },
  slack_token: { take: () => slackApi('xoxb-secret'), env: () => ({ SLACK_TOKEN: 'xoxb-secret' }) },
  webhook: {
    take: () => signedHook('hook-secret'),
    env: (url: string) => ({ HOOK: `${url}/secret`, HOOK_SECRET: 'hook-secret' }),
  },
  pagerduty: { take: () => pagerduty, env: () => ({ PAGERDUTY: key }) },
  teams: { take: () => teams, env: (url: string) => ({ TEAMS: `${url}/workflows/secret?sig=x` }) },
};

async function placeOf(kind: keyof typeof services) {
  const { take, env } = services[kind];
  const server = await openReceiver(take());
  const world = notifierWorld(env(server.url), server.url);
  const notifier = createNotifier(receivers[kind], world);
  return { ...server, notifier, world, tellsTime: true, secrets: ['secret', key] };
}

for (const kind of Object.keys(services) as (keyof typeof services)[]) {
  notifierContract(kind, () => placeOf(kind));
}

describe('Slack, by a bot', () => {
  async function bench() {
    const place = await placeOf('slack_token');
    onTestFinished(() => place.close());
    const places = () =>
      place.taken.map((body) => {
        const { thread_ts, reply_broadcast } = JSON.parse(body) as Record<string, unknown>;
        return [thread_ts, reply_broadcast];
      });
    return { ...place, places };
  }

  test('a deployment has one thread; what matters is shown in the channel too', async () => {
    const { notifier, places } = await bench();
    await notifier.send(noteOf({ event: 'started' }));
    await notifier.send(noteOf({ event: 'completed' }));
    await notifier.send(noteOf({ event: 'rolled-back' }));
    await notifier.send(noteOf({ deployment: 13 }));
    const thread = '1767225600.000001';
    expect(places()).toEqual([
      [undefined, undefined],
      [thread, false],
      [thread, true],
      [undefined, undefined],
    ]);
  });

  test('a restart goes on in the same thread', async () => {
    const { notifier, world, places } = await bench();
    await notifier.send(noteOf({ event: 'started' }));
    await createNotifier(receivers.slack_token, world).send(noteOf());
    expect(places()[1]).toEqual(['1767225600.000001', true]);
  });

  test('what Slack refuses with a status of 200 is refused', async () => {
    const place = await placeOf('slack_token');
    onTestFinished(() => place.close());
    const stranger = notifierWorld({ SLACK_TOKEN: 'xoxb-other' }, place.url);
    const sent = createNotifier(receivers.slack_token, stranger).send(noteOf());
    await expect(sent).rejects.toMatchObject({ next: 'user', message: /invalid_auth/ });
  });
});

test('a webhook’s delivery has the same id at every try', async () => {
  const ids: unknown[] = [];
  const server = await openReceiver(({ headers }) => {
    ids.push(headers['x-sallyport-delivery']);
    return { status: 200 };
  });
  onTestFinished(() => server.close());
  const env = { HOOK: server.url, HOOK_SECRET: 'x' };
  const notifier = createNotifier(receivers.webhook, notifierWorld(env, server.url));
  for (const id of ['a', 'a', 'b']) await notifier.send(noteOf({ id }));
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[1]);
});

test('PagerDuty: a failure that is told after its end opens no incident', async () => {
  const place = await placeOf('pagerduty');
  onTestFinished(() => place.close());
  const at = noteOf().at;
  await place.notifier.send(noteOf({ event: 'completed', at: at + 1 }));
  await place.notifier.send(noteOf({ event: 'failed', at }));
  await place.notifier.send(noteOf({ event: 'failed', at: at + 2 }));
  expect(
    place.taken.map((body) => (JSON.parse(body) as Record<string, unknown>)['event_action']),
  ).toEqual(['resolve', 'trigger']);
});
