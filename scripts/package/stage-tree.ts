import { chmod, copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Release {
  readonly version: string;
  /** As Node says it: `x64`, `arm64`. */
  readonly architecture: string;
  /** Of gzip, 1 to 9. */
  readonly level: string;
}

/** What Debian calls the processors that there are packages for. */
export const debArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Everything that a host needs, in one folder named after the version; gives that. */
export async function stageTree(stage: string, { version }: Release): Promise<string> {
  await rm(stage, { recursive: true, force: true });
  const tree = join(stage, version);
  await mkdir(join(tree, 'bin'), { recursive: true });
  await copyFile(process.execPath, join(tree, 'bin/node'));
  await chmod(join(tree, 'bin/node'), 0o755);
  await writeFile(join(tree, 'bin/sallyport'), program, { mode: 0o755 });
  // As it is run: what Node calls itself decides how it reads the files beside it.
  await writeFile(join(tree, 'package.json'), `${JSON.stringify({ type: 'module', version })}\n`);
  await cp('dist/chunks', join(tree, 'dist/chunks'), { recursive: true });
  for (const name of ['cli.js', 'proxy.js']) {
    await copyFile(join('dist', name), join(tree, 'dist', name));
  }
  await copyFile('README.md', join(tree, 'README.md'));
  return tree;
}

/** Found through whatever links it was called by. */
const program = `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/node" "$here/../dist/cli.js" "$@"
`;
