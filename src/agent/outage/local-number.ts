/**
 * The first number of a job of a host that has GitHub's ledger too: far above GitHub's own, so that
 * journal, plans and logs never take one for the other; a record has 48 bits for it.
 */
export const firstLocal = 100_000_000_000_001;

/** Whether a deployment is one that people began on the host itself, beside GitHub. */
export function isLocal(deployment: number): boolean {
  return deployment >= firstLocal;
}
