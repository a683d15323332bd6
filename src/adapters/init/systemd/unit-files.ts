import { readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../../../disk/write-atomically.ts';
import { identifierOf, unitNameOf } from './unit-name.ts';

/** The files of units: the unit itself, and its environment, which only the agent's user and root may read. */
export class UnitFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  unitPath(name: string): string {
    return join(this.#folder, unitNameOf(name));
  }

  environmentPath(name: string): string {
    return join(this.#folder, `${identifierOf(name)}.env`);
  }

  /** Whether the unit is another than before. */
  async writeUnit(name: string, text: string): Promise<boolean> {
    const path = this.unitPath(name);
    if ((await readFile(path, 'utf8').catch(() => null)) === text) return false;
    await writeAtomically(path, text);
    return true;
  }

  async writeEnvironment(name: string, text: string): Promise<void> {
    await writeAtomically(this.environmentPath(name), text);
  }

  /** Secrets do not outlive the program. When it was started stays known. */
  async clearEnvironment(name: string): Promise<void> {
    const at = await this.startedAt(name);
    if (at === null) return;
    const path = this.environmentPath(name);
    await writeAtomically(path, '');
    await utimes(path, at / 1000, at / 1000);
  }

  /** Whether the program may run: its environment is emptied once it was stopped. */
  async hasEnvironment(name: string): Promise<boolean> {
    const found = await stat(this.environmentPath(name)).catch(() => null);
    return found !== null && found.size > 0;
  }

  /** When its environment was written last, which is right before its start; in ms since 1970. */
  async startedAt(name: string): Promise<number | null> {
    const found = await stat(this.environmentPath(name)).catch(() => null);
    return found?.mtimeMs ?? null;
  }
}
