import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canBootHosts, NspawnHost } from '../support/kills/nspawn-host.ts';
import { describeWhen, isLong } from '../support/when.ts';

const policy = (key: string) => `version: 1
targets:
  web:
    kind: service
    run: [/opt/sallyport/current/bin/node, server.js]
    ports: { blue: 8081, green: 8082 }
    init: systemd
    proxy: { driver: nginx, listen: 9080 }
agents:
  web-1: { key: '${key}', environments: [production] }
environments:
  production: { hosts: [web-1], targets: [web] }
`;
const nginxInAgentYml = `proxies:
  nginx:
    folder: /etc/nginx/sallyport
    check: [systemctl, start, sallyport-nginx-check.service]
`;
const commit = `mkdir -p /srv/shop/.github && cd /srv/shop && git init -q -b main 2>/dev/null
cp /mnt/in/sallyport.yml .github/
echo "require('http').createServer((q, r) => r.end('$1')).listen(process.env.PORT)" >server.js
git add -A && git -c user.name=Ada -c user.email=ada@example.org commit -qm "release $1"`;

test('what the page of nginx has people type is sound', () => {
  const { status, stderr } = spawnSync('sh', ['-n', '-c', pageOf('nginx')], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});

describeWhen(isLong && canBootHosts())('a whole Debian on which the .deb is installed', () => {
  let folder = '';
  let host: NspawnHost;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sp-real-'));
    const words = ['scripts/package.ts', '--level', '1', '--out', join(folder, 'out')];
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    host = await NspawnHost.boot({ [folder]: '/mnt/in' }, async () => undefined, true);
  }, 120_000);
  afterAll(async () => {
    await host?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test('deploys behind nginx as a user of its own, as the pages say, and leaves nothing', async () => {
    const deb = readdirSync(join(folder, 'out')).find((name) => name.endsWith('.deb'))!;
    expect(await must(`apt-get install -y /mnt/in/out/${deb} 2>&1`)).not.toContain('Failed');
    writeFileSync(join(folder, 'sallyport.yml'), 'version: 1\n');
    await must(commit.replaceAll('$1', 'v0'));
    // nginx lets the user check nothing yet: doctor says so, and the page tells what to do.
    await host.run(
      'sh',
      '-c',
      'sallyport agent install --source file:///srv/shop --proxy nginx --init systemd --yes',
    );
    await must(pageOf('nginx'));
    await must(
      `sed -i '/^proxies:/d' /etc/sallyport/agent.yml; echo '${nginxInAgentYml}' >>/etc/sallyport/agent.yml`,
    );
    await must('sallyport agent restart');
    const found = await must('sallyport agent doctor --json');
    writeFileSync(join(folder, 'sallyport.yml'), policy(/ed25519:[\w-]+/.exec(found)![0]));
    for (const version of ['v1', 'v2']) {
      await must(commit.replaceAll('$1', version));
      await must('sallyport deploy production --wait');
      expect(await must('curl -s 127.0.0.1:9080')).toBe(version);
    }
    await must('sallyport rollback production --wait');
    await must('systemctl restart nginx');
    expect(await must('curl -s 127.0.0.1:9080')).toBe('v1');
    await must('sallyport agent reconcile && sallyport agent doctor');
    await must('sallyport agent uninstall --services --purge --yes');
    const left =
      'find /etc /var/lib /run/user -name "*sallyport*" -not -path "*dpkg*" -not -name "*nginx*" -not -path "*conf.d*"';
    expect(await must(`${left}; getent passwd sallyport || true`)).toBe('');
  }, 180_000);

  async function must(script: string): Promise<string> {
    const { code, stdout, stderr } = await host.run('sh', '-c', script);
    expect(code, `${script}: ${stdout}${stderr}${host.said}`).toBe(0);
    return stdout;
  }
});

/** The commands of a page's first block for the shell, as root types them. */
function pageOf(name: string): string {
  const text = readFileSync(join(import.meta.dirname, `../../docs/${name}.md`), 'utf8');
  return /```bash\n([^]*?)```/.exec(text)![1]!.replaceAll('sudo ', '');
}
