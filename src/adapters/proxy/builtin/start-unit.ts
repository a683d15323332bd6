import { spawn } from 'node:child_process';

/** Where the proxy process is a unit of systemd's: `system:NAME`, or `user:NAME` of a user's own manager. */
export type ProxyUnit = `${'system' | 'user'}:${string}`;

/** As `agent install` names it in the environment of the agent; anything else is none. */
export function proxyUnitIn(env: Readonly<Record<string, string | undefined>>): ProxyUnit | null {
  const named = env['SALLYPORT_PROXY_UNIT'] ?? '';
  return /^(system|user):[\w.@-]+\.service$/.test(named) ? (named as ProxyUnit) : null;
}

/**
 * Asks systemd for the unit, so that the proxy is in a control group of its own and comes back at boot.
 * Resolves with what systemd complains of, `null` where it does not: whether the proxy answers is the
 * caller's to see. It may have been on its way up anyhow.
 */
export function startUnit(unit: ProxyUnit): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('systemctl', systemctlWords(unit), { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) =>
      resolve(code === 0 ? null : said.trim() || `it ended with ${code}`),
    );
  });
}

/** What a person types to start it. */
export function startCommand(unit: ProxyUnit): string {
  return ['systemctl', ...systemctlWords(unit).filter((word) => !word.startsWith('--no-'))].join(
    ' ',
  );
}

function systemctlWords(unit: ProxyUnit): readonly string[] {
  const [scope = '', name = ''] = unit.split(':');
  const manager = scope === 'user' ? ['--user'] : [];
  return [...manager, '--no-block', '--no-ask-password', 'start', name];
}
