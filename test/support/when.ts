import { describe, test, type TestFunction } from 'vitest';

/** The proofs that take long: `npm run test:long`. */
export const isLong = process.env['SALLYPORT_LONG'] === '1';

/** A test that is there only where it applies; elsewhere there is nothing to be skipped. */
export function testWhen(applies: boolean): (name: string, run: TestFunction) => void {
  return (name, run) => void (applies && test(name, run));
}

/** As `testWhen`, of many. */
export function describeWhen(applies: boolean): (name: string, tests: () => void) => void {
  return (name, tests) => void (applies && describe(name, tests));
}
