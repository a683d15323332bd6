/** Work whose outcome is looked at later: a failure until then does not count as unhandled. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}
