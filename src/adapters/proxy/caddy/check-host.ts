import { asSallyportError } from '../../../model/errors.ts';
import type { ProxyProblem } from '../../../ports/proxy.ts';
import { itsWays } from '../ways.ts';
import { askCaddy } from './ask-caddy.ts';
import { listCaddies } from './caddy-processes.ts';
import { allHeads } from './head.ts';
import { routeFiles, topFolder, type CaddyOptions } from './layout.ts';

/** What keeps Caddy from serving our routes, in the order in which one mends it. Only looks. */
export async function checkHost(options: CaddyOptions): Promise<readonly ProxyProblem[]> {
  const processes = await listCaddies();
  const silent = await itsAdmin(options);
  return [
    ...silent,
    ...(processes.length === 0 || processes.some(({ resumes }) => resumes) ? [] : [forgetful]),
    ...(await itsWays('Caddy', topFolder(options), processes)),
    ...(silent.length > 0 ? [] : await itsRoutes(options)),
  ];
}

const forgetful: ProxyProblem = {
  message: 'Caddy forgets our routes when it is started again: it runs without --resume',
  hint: 'sudo systemctl disable --now caddy; sudo systemctl enable --now caddy-api',
};

async function itsAdmin({ admin }: CaddyOptions): Promise<readonly ProxyProblem[]> {
  try {
    await askCaddy(admin, { method: 'GET', path: '/config/admin' });
    return [];
  } catch (error) {
    const { message } = asSallyportError(error);
    return [{ message, hint: 'sudo systemctl enable --now caddy-api' }];
  }
}

async function itsRoutes(options: CaddyOptions): Promise<readonly ProxyProblem[]> {
  const problems: ProxyProblem[] = [];
  for (const { route } of await allHeads(topFolder(options))) {
    const { id } = routeFiles(options, route.name);
    const { status } = await askCaddy(options.admin, { method: 'GET', path: `/id/${id}` });
    if (status === 200) continue;
    const message = `Caddy does not know the route ${route.name} any more`;
    problems.push({ message, hint: 'sallyport agent reconcile' });
  }
  return problems;
}
