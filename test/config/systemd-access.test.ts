import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { polkitRule } from '../../src/config/systemd-access.ts';

const prefix = 'org.freedesktop.systemd1.';

test.each([
  ['sallyport', 'manage-units', 'sallyport-production.web.blue.service', 'yes'],
  ['sallyport', 'manage-units', 'sshd.service', 'not handled'],
  ['sallyport', 'manage-units', 'sallyport-x.service/../../sshd.service', 'not handled'],
  ['sallyport', 'manage-units', 'sallyport-x.timer', 'not handled'],
  ['sallyport', 'manage-unit-files', undefined, 'yes'],
  ['sallyport', 'reload-daemon', undefined, 'yes'],
  ['sallyport', 'set-environment', undefined, 'not handled'],
  ['nobody', 'manage-units', 'sallyport-production.web.blue.service', 'not handled'],
  ['nobody', 'manage-unit-files', undefined, 'not handled'],
])('%s may %s %s: %s', (user, action, unit, answer) => {
  expect(ask(polkitRule('sallyport'), user, action, unit)).toBe(answer);
});

test('a name is a name, whatever is in it', () => {
  const name = 'x") || true || ("\n';
  expect(ask(polkitRule(name), 'nobody', 'reload-daemon', undefined)).toBe('not handled');
  expect(ask(polkitRule(name), name, 'reload-daemon', undefined)).toBe('yes');
});

test('the page shows the rule as it is', () => {
  expect(readFileSync('docs/systemd.md', 'utf8')).toContain(polkitRule('sallyport'));
});

/** What polkit would make of the rule: it is JavaScript. */
function ask(rule: string, user: string, action: string, unit: string | undefined): unknown {
  type Rule = (action: object, subject: object) => unknown;
  let found: Rule | null = null;
  const polkit = {
    Result: { YES: 'yes', NOT_HANDLED: 'not handled' },
    addRule: (each: Rule) => void (found = each),
  };
  runInNewContext(rule, { polkit });
  return found!({ id: `${prefix}${action}`, lookup: () => unit }, { user });
}
