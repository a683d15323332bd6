import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { handlers } from '../../src/app/handlers.ts';
import { routes } from '../../src/sandbox/github/routes/all.ts';
import { appEvents, appPermissions } from '../../src/sandbox/tour/app-registration.ts';
import { sourcesUnder } from '../house/sources.ts';

interface Manifest {
  readonly default_permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly default_events: readonly string[];
}

const manifest = parse(readFileSync('app.yml', 'utf8')) as Manifest;
const granted = manifest.default_permissions;
const page = readFileSync('docs/permissions.md', 'utf8');

/** What GitHub asks for, beside what the routes of the App do. */
const elsewhere: Readonly<Record<string, string>> = {
  metadata: 'every App has it',
  deployments: 'the ledger, which puts its routes together itself',
  members: 'a route of organisations',
  actions: 'GitHub lists it for rules of environments and for reading them',
};

/** What people grant themselves where they want it; the page says so. */
const optional = new Set(['PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch']);

/** The stand-in's rules for the routes that the App names in its code. */
function rulesInUse() {
  const named = sourcesUnder('src/app/octokit').flatMap(({ path }) =>
    [...readFileSync(path, 'utf8').matchAll(/'((?:GET|POST|PUT|PATCH|DELETE) \/[^']+)'/g)].map(
      ([, route = '']) => route,
    ),
  );
  return named.flatMap((name) => {
    const found = routes.find(({ method, template }) => `${method} ${template}` === name);
    return found?.access.kind === 'repository' ? [{ name, ...found.access }] : [];
  });
}

test('the manifest, the tests and the page that sets up ask for the same', () => {
  expect(appPermissions).toEqual(granted);
  expect(new Set<string>(appEvents)).toEqual(new Set(manifest.default_events));
});

test('it listens to what has a handler, and to nothing else', () => {
  const handled = Object.keys(handlers).map((name) => name.split('.')[0]);
  expect(new Set(manifest.default_events)).toEqual(new Set(handled));
});

test('what the App asks GitHub is granted, and at no level above the need', () => {
  const rules = rulesInUse();
  const allows = (permission: string, level: string): boolean =>
    granted[permission] === 'write' || granted[permission] === level;
  // What names no permission is for whoever sees the repository.
  const missing = rules.filter(
    ({ permissions, level }) =>
      permissions.length > 0 && !permissions.some((one) => allows(one, level)),
  );
  expect(new Set(missing.map(({ name }) => name))).toEqual(optional);
  expect(page).toContain('contents: write');
  const idle = Object.entries(granted).filter(
    ([name, level]) =>
      !(name in elsewhere) &&
      !rules.some((rule) => rule.permissions.includes(name) && rule.level === level),
  );
  expect(idle).toEqual([]);
});

test('the page explains each permission and each event', () => {
  for (const [name, level] of Object.entries(granted)) {
    expect(page).toMatch(new RegExp(`^\\| \`${name}\`\\s+\\| ${level}\\s+\\| \\S`, 'm'));
  }
  const explained = [...page.matchAll(/^\| `(\w+)`\s+\| (?:read|write)\s/gm)];
  expect(new Set(explained.map(([, name]) => name))).toEqual(new Set(Object.keys(granted)));
  for (const event of manifest.default_events) {
    expect(page).toMatch(new RegExp(`^\\| \`${event}\`\\s+\\| (?!read|write)\\S`, 'm'));
  }
});
