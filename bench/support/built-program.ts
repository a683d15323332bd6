import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BuiltProgram {
  /** Path of `cli.js`. */
  readonly cli: string;
  remove(): Promise<void>;
}

/** A copy of `dist/`, so that a build in the meantime does not change what is measured. Needs `npm run build`. */
export async function copyProgram(): Promise<BuiltProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-dist-'));
  await cp(join(import.meta.dirname, '../../dist'), folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}\n');
  const remove = () => rm(folder, { recursive: true, force: true });
  return { cli: join(folder, 'cli.js'), remove };
}
