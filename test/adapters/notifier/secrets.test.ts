import { expect, test } from 'vitest';
import { createNotifier } from '../../../src/adapters/notifier/open-notifier.ts';
import { secretsFrom } from '../../../src/adapters/notifier/secrets.ts';
import { notifierWorld } from '../../support/notifier-world.ts';
import { receivers } from '../../support/notes.ts';

test.each(Object.entries(receivers))('%s: a variable that is missing is named', (_, receiver) => {
  expect(() => createNotifier(receiver, notifierWorld({}, 'http://x'))).toThrow(
    / is not set where/,
  );
});

test.each(['slack', 'webhook', 'mail', 'teams'] as const)(
  '%s: a value that is no address is not shown',
  (kind) => {
    const wrong = 'file:///etc/passwd?s3cret';
    const env = { SLACK: wrong, HOOK: wrong, HOOK_SECRET: 'x', SMTP: wrong, TEAMS: wrong };
    const make = () => createNotifier(receivers[kind], notifierWorld(env, 'http://x'));
    expect(make).toThrow(/is no address/);
    expect(make).not.toThrow(/s3cret/);
  },
);

test.each([
  'PRIVATE_KEY',
  'WEBHOOK_SECRET',
  'DATABASE_URL',
  'PGPASSWORD',
  'POSTGRES_PASSWORD',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'SALLYPORT_SIGNING_KEY',
])('what the sender lives by is given to nobody: %s', (name) => {
  const read = secretsFrom({ [name]: 's3cret' });
  expect(() => read(`$${name}`)).toThrow(/not for notifications/);
});
