import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of this machine's files that keeps what is written to itself, and forgets it afterwards. */
const enter = `
set -e
mount -t tmpfs none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mkdir -p "$1/root/mnt/in"
mount --bind "$2" "$1/root/mnt/in"
mount -t proc proc "$1/root/proc"
exec chroot "$1/root" /bin/sh -e /mnt/in/script.sh`;

/** Whether this machine can be copied so. In CI that it cannot is an error, elsewhere a reason to skip. */
export function hasOtherRoot(): boolean {
  const { status } = inOtherRoot('command -v dpkg', tmpdir());
  if (status === 0) return true;
  const why = 'no root, no overlayfs or no dpkg here, so no package is installed';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

/** Runs a shell script as root of that copy; `folder` is /mnt/in there, and is written to for real. */
export function inOtherRoot(script: string, folder: string) {
  const place = mkdtempSync(join(tmpdir(), 'sp-root-'));
  writeFileSync(join(folder, 'script.sh'), script);
  try {
    const words = ['-m', '-p', '-f', '--kill-child', 'sh', '-c', enter, 'enter', place, folder];
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8', env });
    return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
