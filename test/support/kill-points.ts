import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Counts the moments at which a process could be killed, and kills itself with -9 at the
 * chosen one. Renames and removals of files are moments by themselves; call this before
 * anything that imports them.
 */
export class KillPoints {
  passed = 0;
  readonly #at: number;

  /** 0 never kills. */
  constructor(at: number) {
    this.#at = at;
    Object.assign(fs, { renameSync: this.#aroundSync(fs.renameSync) });
    Object.assign(fs.promises, {
      rename: this.around(fs.promises.rename),
      rm: this.around(fs.promises.rm),
    });
    syncBuiltinESMExports();
  }

  pass(): void {
    this.passed += 1;
    if (this.passed === this.#at) process.kill(process.pid, 'SIGKILL');
  }

  /** A port whose calls are moments: one before each, one after. */
  wrap<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return this.around(value.bind(target) as (...args: unknown[]) => Promise<unknown>);
      },
    });
  }

  around<Args extends unknown[], T>(act: (...args: Args) => Promise<T>) {
    return async (...args: Args): Promise<T> => {
      this.pass();
      const result = await act(...args);
      this.pass();
      return result;
    };
  }

  #aroundSync<Args extends unknown[], T>(act: (...args: Args) => T) {
    return (...args: Args): T => {
      this.pass();
      const result = act(...args);
      this.pass();
      return result;
    };
  }
}
