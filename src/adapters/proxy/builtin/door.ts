import type { ProxyProblem } from '../../../ports/proxy.ts';
import { CertificateWatch, endOf, readCertificate } from './certificate.ts';
import {
  createListener,
  handleOf,
  listenOn,
  type Listener,
  type ListeningHandle,
  type OnRequest,
  type OnUpgrade,
} from './listener.ts';
import type { Tls } from './state.ts';

interface Open {
  readonly port: number;
  readonly host: string | null;
  readonly tls: Tls | undefined;
  readonly listener: Listener;
  readonly certificate: CertificateWatch | null;
}

const soonMs = 7 * 24 * 60 * 60_000;

/** Where a route is reached: a port, with a certificate or without. */
export class Door {
  readonly #onRequest: OnRequest;
  readonly #onUpgrade: OnUpgrade;
  readonly #say: (message: string) => void;
  #open: Open | null = null;
  /** Those that take nobody in any more, but may have connections. */
  readonly #left: Listener[] = [];

  constructor(onRequest: OnRequest, onUpgrade: OnUpgrade, say: (message: string) => void) {
    this.#onRequest = onRequest;
    this.#onUpgrade = onUpgrade;
    this.#say = say;
  }

  /**
   * Listens there, and lets go of another port if it had one; on a socket that is open already, where
   * one is given. Gives the port; idempotent.
   */
  async open(
    port: number,
    host: string | null,
    tls: Tls | undefined,
    handle: ListeningHandle | null = null,
  ): Promise<number> {
    const before = this.#open;
    if (before && isSamePlace(before, { port, host, tls })) return port;
    const pem = tls && readCertificate(tls);
    const listener = createListener(this.#onRequest, this.#onUpgrade, pem);
    // Two cannot have one port: for that moment nobody does.
    if (before?.port === port) this.close();
    const bound = await listenOn(listener.server, port, host, handle);
    this.close();
    const certificate =
      tls && pem
        ? new CertificateWatch(tls, pem, (next) => listener.useCertificate(next), this.#say)
        : null;
    this.#open = { port: bound, host, tls, listener, certificate };
    return bound;
  }

  /** What keeps people from coming in, or soon will. */
  problem(now: number): ProxyProblem | null {
    if (!this.#open) {
      const message = 'does not listen yet';
      return { message, hint: 'see which program has the port: ss -ltnp' };
    }
    const { certificate, tls } = this.#open;
    if (!certificate || !tls) return null;
    const hint = `openssl x509 -noout -subject -enddate -in ${tls.certificate}`;
    if (certificate.fault !== null) {
      return { message: `goes on with the certificate before: ${certificate.fault}`, hint };
    }
    const end = endOf(certificate.pem);
    const when = new Date(end).toISOString();
    return end - now < soonMs ? { message: `the certificate is good until ${when}`, hint } : null;
  }

  /** What it listens on, for another process; `null` where it does not. */
  get handle(): ListeningHandle | null {
    return this.#open && handleOf(this.#open.listener.server);
  }

  /** Leaves new connections to another process that listens on the same socket. Resolves when it has none left. */
  async leave(): Promise<void> {
    if (!this.#open) return;
    const { certificate, listener } = this.#open;
    certificate?.close();
    this.#left.push(listener);
    this.#open = null;
    await listener.leave();
  }

  /** Takes no new connections; the port is free. */
  close(): void {
    if (!this.#open) return;
    const { certificate, listener } = this.#open;
    certificate?.close();
    listener.release();
    this.#left.push(listener);
    this.#open = null;
  }

  /** Cuts off every connection that came in here. */
  closeAll(): void {
    for (const listener of this.#left) listener.closeAll();
  }
}

function isSamePlace(a: Omit<Open, 'listener' | 'certificate'>, b: typeof a): boolean {
  const same = a.tls?.certificate === b.tls?.certificate && a.tls?.key === b.tls?.key;
  return a.port === b.port && a.host === b.host && same;
}
