import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import type { Mood } from '../contract/notifier.ts';

/** A certificate of this machine's own, for 127.0.0.1. */
export function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sp-tls-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', key, '-out', cert, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...about, ...files], { stdio: 'pipe' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface MailServerOptions {
  readonly certificate: { readonly key: string; readonly cert: string };
  /** TLS from the first byte, rather than from STARTTLS on. */
  readonly isTls?: boolean;
  readonly offersStarttls?: boolean;
}

/** A real SMTP server that takes mail from `ops` alone, and only over TLS. */
export async function openMailServer({
  certificate,
  isTls = false,
  offersStarttls = true,
}: MailServerOptions) {
  const taken: string[] = [];
  const envelopes: unknown[] = [];
  /** What somebody said before there was TLS. */
  const plain: string[] = [];
  let mood: Mood | null = null;
  const server = new SMTPServer({
    ...certificate,
    secure: isTls,
    disabledCommands: offersStarttls ? [] : ['STARTTLS'],
    onConnect(_, callback) {
      if (mood === 'silent') mood = null;
      else callback();
    },
    onAuth({ username, password }, { secure }, callback) {
      if (!secure) plain.push(`auth ${username}`);
      if (username === 'ops' && password === 'p@ss word') callback(null, { user: username });
      else callback(new Error('wrong password'));
    },
    onMailFrom({ address }, { secure }, callback) {
      if (!secure) plain.push(`from ${address}`);
      const now = mood;
      mood = null;
      if (now === null || now === 'silent') callback();
      else callback(Object.assign(new Error('not now'), { responseCode: codes[now] }));
    },
    onData(stream, { envelope }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push(Buffer.concat(chunks).toString('utf8'));
        envelopes.push(envelope.rcptTo.map(({ address }) => address));
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  let isClosed = false;
  return {
    url: `${isTls ? 'smtps' : 'smtp'}://ops:p%40ss%20word@127.0.0.1:${port}`,
    taken,
    envelopes,
    plain,
    be: (next: Mood) => {
      mood = next;
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const codes: Readonly<Record<Exclude<Mood, 'silent'>, number>> = {
  busy: 421,
  refusing: 550,
  broken: 451,
};
