import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentNodeFlags, agentUnit, driverIn } from '../../src/upkeep/agent-unit.ts';
import { proxyUnit } from '../../src/upkeep/proxy-unit.ts';
import { quotePath, quoteWord } from '../../src/upkeep/unit-text.ts';
import { agentConfig, unitFacts } from './installation.ts';

const scopes = ['system', 'user'] as const;

test.each(scopes)('the units of scope %s are these', async (scope) => {
  const facts = unitFacts(scope);
  await expect(agentUnit(facts)).toMatchFileSnapshot(`golden/${scope}-agent.service`);
  await expect(proxyUnit(facts)).toMatchFileSnapshot(`golden/${scope}-proxy.service`);
});

test('the agent may write where its targets and proxies are, and nowhere else', () => {
  const config = agentConfig({ allow: { paths: ['/srv/maps', '/srv/with space'] } });
  const unit = agentUnit(unitFacts('system', { config }));
  const writable = [...unit.matchAll(/^ReadWritePaths=(.*)$/gm)].map(([, path]) => path);
  expect(writable).toEqual([
    '-/var/lib/sallyport',
    '-/srv/maps',
    '"-/srv/with space"',
    '-/etc/nginx/conf.d',
    '-/etc/haproxy/sallyport',
  ]);
});

test('homes are hidden from the agent unless it has something to do there', () => {
  const inHome = agentConfig({ allow: { paths: ['/home/ada/site'] } });
  expect(agentUnit(unitFacts('system'))).toContain('\nProtectHome=yes\n');
  expect(agentUnit(unitFacts('system', { config: inHome }))).toContain('\nProtectHome=read-only\n');
});

test('without a unit for the proxy the agent does not wait for one', () => {
  expect(agentUnit(unitFacts('system', { driver: 'nginx' }))).not.toContain('proxy.service');
});

test('a unit says itself for which proxy it was written', () => {
  expect(driverIn(agentUnit(unitFacts('system', { driver: 'haproxy' })))).toBe('haproxy');
  expect(driverIn('[Unit]\n')).toBeNull();
});

test('words and paths reach a program as they are, whatever they hold', () => {
  expect(quoteWord('/opt/a b/100%/$x"\\')).toBe('"/opt/a b/100%%/$$x\\"\\\\"');
  expect(quotePath('/srv/a b/$x')).toBe('"/srv/a b/$x"');
  expect(quoteWord('/usr/bin/node')).toBe('/usr/bin/node');
});

test.skipIf(!hasAnalyze()).each(scopes)(
  'systemd itself finds nothing wrong with the units of scope %s',
  (scope) => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-units-'));
    try {
      const program = {
        node: process.execPath,
        cli: join(folder, 'cli.js'),
        proxy: join(folder, 'p'),
      };
      const facts = unitFacts(scope, { program, user: 'root' });
      const units = {
        'sallyport-agent.service': agentUnit(facts),
        'sallyport-proxy.service': proxyUnit(facts),
      };
      for (const [name, text] of Object.entries(units)) writeFileSync(join(folder, name), text);
      expect(verify(folder, Object.keys(units), scope)).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

/** What `systemd-analyze verify` says of our units, without what it says of the machine's own. */
function verify(folder: string, names: readonly string[], scope: 'system' | 'user'): string {
  const runtime = join(folder, 'run');
  mkdirSync(join(runtime, 'systemd'), { recursive: true });
  const words = [`--${scope}`, '--man=no', 'verify', ...names.map((name) => join(folder, name))];
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: runtime };
  const shell = 'systemd-analyze "$@" 2>&1; echo "ended with $?"';
  const said = execFileSync('sh', ['-c', shell, 'sh', ...words], { env, encoding: 'utf8' });
  const ours = said.split('\n').filter((line) => line.includes('sallyport') || !line.includes(':'));
  return ours.filter((line) => line !== '' && line !== 'ended with 0').join('\n');
}

function hasAnalyze(): boolean {
  if (existsSync('/usr/bin/systemd-analyze')) return true;
  const why = 'there is no systemd-analyze here: apt-get install -y systemd';
  if (process.env['CI']) throw new Error(why);
  process.stderr.write(`skipped: ${why}\n`);
  return false;
}

test('this Node knows the flags that the agent is started with', () => {
  execFileSync(process.execPath, [...agentNodeFlags, '-e', '0'], { stdio: 'pipe' });
});
