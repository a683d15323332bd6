import { copyFile, mkdir, readdir, readlink, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { replaceLink } from '../../disk/replace-link.ts';
import { syncFolder } from '../../disk/sync-folder.ts';
import { SallyportError } from '../../model/errors.ts';
import type { Machine } from '../../ports/machine.ts';

type Run = Pick<Machine, 'run'>;

const unpackTimeoutMs = 5 * 60_000;

/** The versions below a prefix. `current` leads to the one that counts, `previous` to the one before. */
export class Versions {
  readonly #prefix: string;
  readonly #machine: Run;

  constructor(prefix: string, machine: Run) {
    this.#prefix = prefix;
    this.#machine = machine;
  }

  current(): Promise<string | null> {
    return this.#read('current');
  }

  previous(): Promise<string | null> {
    return this.#read('previous');
  }

  /** A copy that nobody else can change between its check and its unpacking. */
  async takeIn(path: string): Promise<string> {
    await this.clear();
    await mkdir(this.#incoming, { recursive: true, mode: 0o700 });
    const copy = join(this.#incoming, basename(path));
    await copyFile(path, copy);
    return copy;
  }

  /**
   * Unpacks what was taken in. The version in force and the one before stay as they are; one that was not kept
   * is unpacked anew: it may have been mended. Rejects with `package_invalid`.
   */
  async unpack(copy: string, version: string): Promise<void> {
    const home = join(this.#prefix, 'versions', version);
    if ([await this.current(), await this.previous()].includes(version)) return;
    await rm(home, { recursive: true, force: true });
    const tree = join(this.#incoming, version);
    const argv = ['tar', '-xzf', copy, '--no-same-owner', '-C', this.#incoming, version] as const;
    await this.#must(argv, `${basename(copy)} cannot be unpacked`);
    const program = [join(tree, 'bin/sallyport'), '--version'] as const;
    const said = (await this.#must(program, `${version} does not start here`)).trim();
    if (said !== version) throw invalid(`it calls itself ${said}, not ${version}`);
    await rename(tree, home);
    await syncFolder(join(this.#prefix, 'versions'));
  }

  /** Makes a version count; the one that did is `previous` from now on. */
  async use(version: string): Promise<void> {
    const before = await this.current();
    if (before === version) return;
    if (before !== null) await replaceLink(join(this.#prefix, 'previous'), `versions/${before}`);
    await replaceLink(join(this.#prefix, 'current'), `versions/${version}`);
  }

  /** Makes the version before count again, as if the one in force had never come. */
  async takeBack(version: string, previous: string | null): Promise<void> {
    await replaceLink(join(this.#prefix, 'current'), `versions/${version}`);
    const link = join(this.#prefix, 'previous');
    if (previous === null) await rm(link, { force: true });
    else await replaceLink(link, `versions/${previous}`);
  }

  /** Removes all but these, and what was taken in. */
  async prune(needed: ReadonlySet<string>): Promise<void> {
    await this.clear();
    for (const name of await readdir(join(this.#prefix, 'versions'))) {
      if (needed.has(name) || !/^\d/.test(name)) continue;
      await rm(join(this.#prefix, 'versions', name), { recursive: true });
    }
  }

  async clear(): Promise<void> {
    await rm(this.#incoming, { recursive: true, force: true });
  }

  get #incoming(): string {
    return join(this.#prefix, 'versions', '.incoming');
  }

  async #read(link: string): Promise<string | null> {
    const target = await readlink(join(this.#prefix, link)).catch(() => null);
    return target === null ? null : basename(target);
  }

  async #must(argv: readonly [string, ...string[]], what: string): Promise<string> {
    const { status, stdout, stderr } = await this.#machine.run(argv, unpackTimeoutMs);
    if (status === 0) return stdout;
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw invalid(`${what}: ${status}${said === '' ? '' : `, ${said}`}`);
  }
}

function invalid(message: string): SallyportError {
  return new SallyportError({
    code: 'package_invalid',
    message,
    hint: 'Nothing was changed. See whether the package is for this machine: uname -m',
  });
}
