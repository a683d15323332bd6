import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where a running `sallyport try` may leave word of itself for other terminals of its user, the
 * best place first: `su` and `sudo` keep an XDG_RUNTIME_DIR that is somebody else's.
 */
export function pointerPaths(
  env: Readonly<Record<string, string | undefined>>,
  uid: number,
): readonly string[] {
  const runtime = env['XDG_RUNTIME_DIR'];
  return [...(runtime ? [runtime] : []), tmpdir()].map((folder) =>
    join(folder, `sallyport-try-${uid}.json`),
  );
}
