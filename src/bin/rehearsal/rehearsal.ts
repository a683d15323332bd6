import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../../adapters/clock/system.ts';
import { openGithubLedger } from '../../adapters/ledger/github/open-ledger.ts';
import { openStore } from '../../adapters/store/open-store.ts';
import { HttpProbe } from '../../adapters/probe/http/http-probe.ts';
import { generateSigningKey } from '../../model/keys.ts';
import { createPage } from '../../sandbox/github/page/create-page.ts';
import { startGithub } from '../../sandbox/github/server.ts';
import { agentPermissions } from '../../sandbox/tour/app-registration.ts';
import type { OpenRehearsal, Rehearsal, RehearsalOptions } from '../../sandbox/tour/rehearsal.ts';
import { CloseAll } from './close-all.ts';
import { fileLog } from './file-log.ts';
import { readOwnRepository } from './own-repository.ts';
import { leavePointer } from './pointer.ts';
import { stageAgent } from './stage-agent.ts';
import { stageApp } from './stage-app.ts';
import { stageHost } from './stage-host.ts';
import { stageOwn, stageSample } from './stage-repository.ts';
import { wantedSecrets } from './wanted-secrets.ts';

const agentName = 'this-machine';

/** Sets up everything on loopback, in a temporary folder. What was begun is ended again when a part fails. */
export const openRehearsal: OpenRehearsal = async (options) => {
  const ending = new CloseAll();
  try {
    return await setUp(options, ending);
  } catch (error) {
    await ending.close().catch(() => undefined);
    throw error;
  }
};

async function setUp(options: RehearsalOptions, ending: CloseAll): Promise<Rehearsal> {
  const { environment, env, say, signal, keep } = options;
  const own =
    options.repository === undefined ? null : await readOwnRepository(resolve(options.repository));
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-try-'));
  if (!keep) ending.add(() => rm(folder, { recursive: true, force: true }));
  const log = fileLog(join(folder, 'sallyport.log'));
  ending.add(() => log.close());

  say.part('A GitHub, the App and an agent, all on this machine');
  const github = await startGithub({ directory: join(folder, 'github'), page: createPage() });
  ending.add(() => github.close());
  say.fact(`a stand-in for GitHub: ${github.url}`);

  const login = 'ada';
  const [appKey, agentKey] = [generateSigningKey(), generateSigningKey()];
  const host = { agent: agentName, agentKey: agentKey.public.text };
  github.createUser(login);
  const staged = own
    ? await stageOwn(github, login, own, environment, host, say)
    : await stageSample(github, login, host);
  const secrets = wantedSecrets(staged.config, environment, env);
  const app = await stageApp(github, login, appKey, {
    clock: systemClock,
    log: log.named('app'),
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: systemClock }),
    openStore,
  });
  ending.add(() => app.close());
  say.fact('the App, which reads comments and signs jobs');

  const config = await stageHost({
    folder,
    name: agentName,
    key: agentKey,
    repository: staged.repository,
    url: github.url,
    token: github.tokenForAgent(staged.repository, agentPermissions),
    environment,
    appKey: appKey.public.text,
    secrets,
  });
  const programs = Object.keys(staged.urls).flatMap((target) =>
    ['blue', 'green'].map((slot) => `${environment}.${target}.${slot}`),
  );
  const agent = await stageAgent({ config, env, programs, say, log: log.named('agent') });
  ending.add(() => agent.stop());
  say.fact('an agent, which only dials out');
  const takeAway = await leavePointer(env, agent.socket);
  if (takeAway) ending.add(takeAway);
  else say.note(`Other terminals find it only so: sallyport status --socket ${agent.socket}`);

  const urls = Object.values(staged.urls);
  return {
    tour: {
      github,
      repository: staged.repository,
      login,
      environment,
      serviceUrl: urls[0] ?? '',
      probe: new HttpProbe(),
      clock: systemClock,
      say,
      signal,
    },
    urls,
    folder,
    stop: () => ending.close(),
  };
}
