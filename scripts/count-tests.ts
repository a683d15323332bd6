/** The closing line of CI, from vitest's own report. No report, or no test in it, is a failure. */
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests } = readReport();
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
if (numPassedTests === 0 || numFailedTests > 0) process.exitCode = 1;

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

function readReport(): Report {
  try {
    return JSON.parse(readFileSync('dist/test-results.json', 'utf8')) as Report;
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}
