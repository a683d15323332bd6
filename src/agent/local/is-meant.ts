import type { Digest } from '../../model/digest.ts';

/** Whether what a person typed is the beginning of this digest; `null`: whatever is shown. */
export function isMeant(digest: Digest, typed: string | null): boolean {
  return typed === null || digest.slice('sha256:'.length).startsWith(bare(typed));
}

/** What people copy may be longer than the 16 bytes that records carry. */
function bare(typed: string): string {
  return typed.replace(/^sha256:/, '').slice(0, 32);
}
