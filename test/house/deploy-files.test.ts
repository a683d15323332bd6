import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const read = (name: string): string => readFileSync(`deploy/${name}`, 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports?: readonly string[];
  readonly privileged?: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

test('every base of the image has an exact version, and the last one runs without root', () => {
  const lines = read('Dockerfile')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const bases = lines.flatMap((line) => /^FROM (\S+)/.exec(line)?.[1] ?? []);
  expect(bases).toHaveLength(2);
  for (const base of bases) expect(base).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
  expect(last.filter((line) => line.startsWith('USER'))).toEqual(['USER node']);
  const health = last.find((line) => line.startsWith('HEALTHCHECK'))!;
  expect(health).toContain('/healthz');
  // Words, not a shell: what runs gets the signal that ends it.
  for (const name of ['ENTRYPOINT', 'CMD']) {
    const words = last.find((line) => line.startsWith(`${name} `))!.slice(name.length);
    expect(JSON.parse(words)).toBeInstanceOf(Array);
  }
  expect(lines.join('\n')).not.toMatch(/\b(ADD|curl|wget|sudo)\b|:latest/);
});

test('the image has the Node that this is developed on', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  expect(read('Dockerfile')).toContain(`FROM node:${devDependencies['node']}-`);
});

test('secrets and what was built elsewhere stay out of the image', () => {
  const ignored = read('Dockerfile.dockerignore').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.git', '**/.env', '**/*.pem', '**/*.key']));
});

test('compose: exact images, ports on loopback alone, no password in the file', () => {
  const { services } = parse(read('compose.yml')) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  expect(Object.keys(services)).toEqual(['app', 'database']);
  for (const { image, build, ports = [], privileged, environment } of Object.values(services)) {
    expect(privileged).toBeUndefined();
    expect(image ?? build?.dockerfile).toMatch(/^(deploy\/Dockerfile|postgres:\d+-bookworm)$/);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|URL/.test(name)) expect(value).toContain('${POSTGRES_PASSWORD:?');
    }
  }
});

test('the systemd unit is hardened', () => {
  const unit = read('sallyport-app.service');
  for (const line of [
    'User=sallyport',
    'NoNewPrivileges=yes',
    'ProtectSystem=strict',
    'CapabilityBoundingSet=',
    'EnvironmentFile=/etc/sallyport/.env',
  ]) {
    expect(unit.split('\n')).toContain(line);
  }
});

test('systemd reads the unit', ({ skip }) => {
  const path = 'deploy/sallyport-app.service';
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
    encoding: 'utf8',
  });
  if (error) return skip('this machine has no systemd-analyze');
  // Only what it says of this unit; other units of the machine are not ours.
  expect(stderr.split('\n').filter((line) => line.includes('sallyport-app'))).toEqual([]);
  expect(status).toBe(0);
});
