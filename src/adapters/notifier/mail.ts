import { createHash } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { Notify } from '../../config/notify.ts';
import { SallyportError, exitCodes } from '../../model/errors.ts';
import type { Note } from '../../model/note.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { addressIn } from './secrets.ts';
import type { NotifierWorld } from './world.ts';

/** Mail, over TLS from the start (`smtps://`) or from STARTTLS on (`smtp://`), never without. */
export function mailNotifier(
  receiver: Extract<Notify, { mail: string[] }>,
  world: NotifierWorld,
): Notifier {
  const { secret, texts, timeoutMs } = world;
  const url = addressIn(receiver.smtp, secret(receiver.smtp), ['smtps:', 'smtp:']);
  const { from, mail: to } = receiver;
  return {
    async send(note, signal) {
      // Only whoever sends mail pays for what it takes.
      const { createTransport } = await import('nodemailer');
      const transport = createTransport(optionsOf(url, world));
      const domain = from.slice(from.lastIndexOf('@') + 1);
      const message = {
        from,
        to,
        ...texts.mail(note),
        messageId: `<${idOf(note.id)}@${domain}>`,
        references: `<${idOf(threadOf(note))}@${domain}>`,
        disableFileAccess: true,
        disableUrlAccess: true,
      };
      try {
        await inTime(transport.sendMail(message), timeoutMs, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw mailError(url, error);
      } finally {
        transport.close();
      }
    },
  };
}

function optionsOf(url: URL, { timeoutMs, mailAuthorities: authorities }: NotifierWorld) {
  const isTls = url.protocol === 'smtps:';
  const user = decodeURIComponent(url.username);
  const ca = authorities ? { ca: [...rootCertificates, ...authorities] } : {};
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isTls ? 465 : 587) : Number(url.port),
    secure: isTls,
    requireTLS: !isTls,
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const, ...ca },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}

async function inTime(
  sent: Promise<unknown>,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const late = AbortSignal.timeout(ms);
  const either = signal ? AbortSignal.any([signal, late]) : late;
  await Promise.race([
    sent,
    new Promise<never>((_, reject) => {
      either.addEventListener('abort', () => reject(either.reason as Error), { once: true });
    }),
  ]);
}

/** Mail programs show as one conversation what refers to the same message. */
function threadOf({ repository, environment, deployment }: Note): string {
  return `${repository.name} ${environment} ${deployment}`;
}

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A server's word of 5xx is final; its 4xx, and whatever the network does, may pass. */
function mailError({ host }: URL, cause: unknown): SallyportError {
  const { code, responseCode, name } = cause as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly name?: unknown;
  };
  const isFinal = responseCode !== undefined && responseCode >= 500;
  const isPlain = code === 'ETLS';
  const isLate = name === 'TimeoutError' || code === 'ETIMEDOUT';
  const facts = isLate
    ? 'did not answer in time'
    : isPlain
      ? 'offers no STARTTLS that can be trusted; nothing was sent'
      : `refused the mail or the connection (${code ?? 'no code'}${responseCode === undefined ? '' : ` ${responseCode}`})`;
  return new SallyportError({
    code: isFinal || isPlain ? 'notifier_refused' : 'notifier_unreachable',
    message: `${host} ${facts}`,
    next: isFinal || isPlain ? 'user' : 'retry',
    exit: exitCodes.unreachable,
    cause,
  });
}
