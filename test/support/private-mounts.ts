import { spawnSync } from 'node:child_process';

/**
 * How to run a program where it may mount a disk that nobody else sees: argv to put before it.
 * `null`, with a printed reason, where this machine has no way; an error where CI runs.
 */
export function findPrivateMounts(): readonly string[] | null {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-rm'],
    ['sudo', '-n', 'unshare', '-m'],
  ] as const;
  const found = ways.find(
    ([file, ...words]) =>
      spawnSync(file, [...words, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
  );
  if (found) return found;
  const why = 'no way to mount a small disk: be root, or allow user namespaces';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return null;
}
