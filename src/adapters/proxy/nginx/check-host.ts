import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import { runCommand } from '../run-command.ts';
import { itsWays } from '../ways.ts';
import { askNginx } from './ask-nginx.ts';
import type { NginxOptions } from './layout.ts';
import { listWorkers } from './nginx-workers.ts';
import { readHead } from './snippet-head.ts';

/** What keeps nginx from serving our routes, in the order in which one mends it. Only looks. */
export async function checkHost(options: NginxOptions): Promise<readonly ProxyProblem[]> {
  const workers = await listWorkers();
  return [
    ...(workers.length > 0 ? [] : [notRunning]),
    ...(await ourFolder(options)),
    ...(await itsConfiguration(options)),
    ...(await itsWays("nginx' workers", join(options.state, 'nginx'), workers)),
    ...(await itsRoutes(options)),
  ];
}

const notRunning: ProxyProblem = {
  message: 'nginx does not run',
  hint: 'sudo systemctl enable --now nginx',
};

async function ourFolder({ folder }: NginxOptions): Promise<readonly ProxyProblem[]> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return [];
  } catch {
    const message = `the agent may not write to ${folder}, where nginx reads its routes`;
    return [{ message, hint: `sudo install -d -o ${process.getuid?.() ?? 0} ${folder}` }];
  }
}

async function itsConfiguration({ check }: NginxOptions): Promise<readonly ProxyProblem[]> {
  const words = await runCommand(check);
  if (words === null) return [];
  return [{ message: `nginx refuses its configuration: ${words}`, hint: check.join(' ') }];
}

async function itsRoutes({ folder, address }: NginxOptions): Promise<readonly ProxyProblem[]> {
  const names = await readdir(folder).catch(() => []);
  const problems: ProxyProblem[] = [];
  for (const name of names.filter((one) => /^sallyport-.*\.conf$/.test(one))) {
    const head = await readHead(join(folder, name));
    if (!head || (await askNginx(head, address)) === 'loaded') continue;
    problems.push({
      message: `nginx has not loaded ${join(folder, name)}`,
      hint: `put this inside http { } of /etc/nginx/nginx.conf, then sudo systemctl reload nginx: include ${folder}/*.conf;`,
    });
  }
  return problems;
}
