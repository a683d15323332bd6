import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import { configProblems, folderProblems } from '../config-file.ts';
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
    ...(await folderProblems('nginx', options.folder)),
    ...(await configProblems('nginx', options)),
    ...(await itsWays("nginx' workers", join(options.state, 'nginx'), workers)),
    ...(await itsRoutes(options)),
  ];
}

const notRunning: ProxyProblem = {
  message: 'nginx does not run',
  hint: 'sudo systemctl enable --now nginx',
};

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
