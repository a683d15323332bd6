/** The reason of a work's signal when its lease could not be kept. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
