import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { SallyportError } from '../../../model/errors.ts';
import type { Tls } from './state.ts';

export interface Pem {
  readonly cert: string;
  readonly key: string;
}

/** Between two looks that nobody asked for, in ms; and from a change until it is read: two files change one after the other. */
const everyMs = 60_000;
const settleMs = 200;

/** Both files, as they are now. Rejects with `proxy_refused` where they cannot serve. */
export function readCertificate({ certificate, key }: Tls): Pem {
  const pem = { cert: read(certificate), key: read(key) };
  let fits;
  try {
    fits = new X509Certificate(pem.cert).checkPrivateKey(createPrivateKey(pem.key));
  } catch (cause) {
    throw unusable(`${certificate} or ${key} is no PEM: ${(cause as Error).message}`, certificate);
  }
  if (!fits) throw unusable(`${key} is not the key of ${certificate}`, certificate);
  return pem;
}

/** When it ends, in ms since 1970. */
export function endOf({ cert }: Pem): number {
  return new X509Certificate(cert).validToDate.getTime();
}

/** Keeps a pair of files in view. What cannot serve is told, and what was read before stays. */
export class CertificateWatch {
  readonly #files: Tls;
  readonly #changed: (pem: Pem) => void;
  readonly #tell: (fault: string) => void;
  readonly #watchers: readonly FSWatcher[];
  readonly #every: NodeJS.Timeout;
  #soon: NodeJS.Timeout | null = null;
  #pem: Pem;
  #fault: string | null = null;

  constructor(files: Tls, pem: Pem, changed: (pem: Pem) => void, tell: (fault: string) => void) {
    this.#files = files;
    this.#pem = pem;
    this.#changed = changed;
    this.#tell = tell;
    this.#every = setInterval(() => this.#look(), everyMs).unref();
    // Folders: a file that is replaced by renaming is another one afterwards.
    const folders = new Set([dirname(files.certificate), dirname(files.key)]);
    this.#watchers = [...folders].flatMap((folder) => this.#watch(folder));
  }

  get pem(): Pem {
    return this.#pem;
  }

  /** Why the files as they are now are not in force. */
  get fault(): string | null {
    return this.#fault;
  }

  close(): void {
    clearInterval(this.#every);
    if (this.#soon) clearTimeout(this.#soon);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): readonly FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        if (this.#soon) clearTimeout(this.#soon);
        this.#soon = setTimeout(() => this.#look(), settleMs).unref();
      });
      return [watcher.on('error', () => {})];
    } catch {
      // Too many watches on this host, say: there is still the look each minute.
      return [];
    }
  }

  #look(): void {
    try {
      const pem = readCertificate(this.#files);
      this.#fault = null;
      if (pem.cert === this.#pem.cert && pem.key === this.#pem.key) return;
      this.#changed(pem);
      this.#pem = pem;
    } catch (error) {
      const { message } = error as Error;
      if (message !== this.#fault) this.#tell(`${message}; the certificate before it stays`);
      this.#fault = message;
    }
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw unusable((cause as Error).message, path);
  }
}

function unusable(message: string, path: string): SallyportError {
  return new SallyportError({
    code: 'proxy_refused',
    message: `no certificate to serve with: ${message}`,
    hint: `see: openssl x509 -noout -subject -enddate -in ${path}`,
  });
}
