import { expect, onTestFinished, test } from 'vitest';
import { createNotifier } from '../../../src/adapters/notifier/open-notifier.ts';
import { notifierContract } from '../../contract/notifier.ts';
import { makeCertificate, openMailServer } from '../../support/mail-server.ts';
import { notifierWorld } from '../../support/notifier-world.ts';
import { hostile, noteOf, receivers } from '../../support/notes.ts';

const certificate = makeCertificate();

async function bench(options: { isTls?: boolean; offersStarttls?: boolean } = {}, trusted = true) {
  const server = await openMailServer({ certificate, ...options });
  const mailAuthorities = trusted ? [certificate.cert] : undefined;
  const more = { mailAuthorities, timeoutMs: 700 };
  const world = notifierWorld({ SMTP: server.url }, 'http://x', more);
  const notifier = createNotifier(receivers.mail, world);
  return { ...server, notifier, tellsTime: false, secrets: ['p@ss', 'p%40ss'] };
}

async function placeFor(...asked: Parameters<typeof bench>) {
  const place = await bench(...asked);
  onTestFinished(() => place.close());
  return place;
}

notifierContract('mail, STARTTLS', async () => withDecoded(await bench()));
notifierContract('mail, TLS', async () => withDecoded(await bench({ isTls: true })));

/** Subjects travel encoded. */
function withDecoded<Place extends { readonly taken: readonly string[] }>(place: Place) {
  return {
    ...place,
    get taken() {
      return place.taken.map((mail) => mail.replaceAll('=\r\n', ''));
    },
  };
}

test('goes to those who are named, as plain text, one conversation a deployment', async () => {
  const { notifier, taken, envelopes } = await placeFor();
  await notifier.send(noteOf({ event: 'started', id: 'started' }));
  await notifier.send(noteOf());
  expect(envelopes).toEqual([['ops@example.org'], ['ops@example.org']]);
  const headersOf = (name: string) =>
    taken.map((mail) => new RegExp(`^${name}: .*$`, 'm').exec(mail)?.[0]);
  expect(new Set(headersOf('References')).size).toBe(1);
  expect(new Set(headersOf('Message-ID')).size).toBe(2);
  expect(headersOf('Content-Type')).toEqual(
    taken.map(() => 'Content-Type: text/plain; charset=utf-8'),
  );
});

test('nobody can write headers', async () => {
  const { notifier, taken, envelopes } = await placeFor();
  await notifier.send({ ...hostile, repository: { name: 'x\r\nBcc: eve@example.org', url: null } });
  const [headers] = taken[0]!.split('\r\n\r\n');
  expect(headers).not.toMatch(/^bcc:/im);
  expect(envelopes).toEqual([['ops@example.org']]);
});

test('a certificate that nobody vouches for is not believed', async () => {
  const { notifier, taken, plain } = await placeFor({}, false);
  await expect(notifier.send(noteOf())).rejects.toThrow(/refused|trusted/);
  expect([taken, plain]).toEqual([[], []]);
});

test('without STARTTLS nothing is said, neither the password nor the mail', async () => {
  const { notifier, taken, plain } = await placeFor({ offersStarttls: false });
  await expect(notifier.send(noteOf())).rejects.toMatchObject({ next: 'user' });
  expect([taken, plain]).toEqual([[], []]);
});
