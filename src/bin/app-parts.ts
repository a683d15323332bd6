import { systemClock } from '../adapters/clock/system.ts';
import { openGithubLedger } from '../adapters/ledger/github/open-ledger.ts';
import { createLog } from '../adapters/log/create-log.ts';
import { openStore } from '../adapters/store/open-store.ts';
import type { AppParts } from '../app/server.ts';
import { openNotifiers } from './notifiers.ts';

/** The adapters of the App, whose log goes to standard error. */
export function buildAppParts(): AppParts {
  const { WEBHOOK_SECRET, PRIVATE_KEY, DATABASE_URL } = process.env;
  return {
    clock: systemClock,
    log: createLog({
      stream: process.stderr,
      clock: systemClock,
      secrets: [WEBHOOK_SECRET ?? '', PRIVATE_KEY ?? '', passwordOf(DATABASE_URL)].filter(
        (secret) => secret !== '',
      ),
    }),
    openLedger: ({ apiUrl, owner, name, token }) =>
      openGithubLedger({ apiUrl, token, repository: `${owner}/${name}`, clock: systemClock }),
    openStore,
    openNotifier: (memory) => openNotifiers(process.env, memory),
  };
}

function passwordOf(url = ''): string {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';
}
