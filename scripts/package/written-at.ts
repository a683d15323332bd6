import { execa } from 'execa';

/** Seconds since 1970 of the commit; what every file of a package is dated by. */
export async function writtenAt(): Promise<string> {
  const { stdout, failed } = await execa('git', ['log', '-1', '--format=%ct'], { reject: false });
  return failed ? '0' : stdout.trim();
}
