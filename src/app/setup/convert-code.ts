import { z } from 'zod';
import { SallyportError, exitCodes } from '../../model/errors.ts';

/** GitHub is given so long to make the App, in ms. */
const patienceMs = 20_000;

const Registered = z.object({
  id: z.int().positive(),
  html_url: z.url({ protocol: /^https?$/ }),
  webhook_secret: z.string().min(16),
  pem: z.string().includes('PRIVATE KEY'),
});

/** The App that GitHub made, with its secrets. */
export interface RegisteredApp {
  readonly id: number;
  /** Its public page; where it is installed from. */
  readonly page: string;
  readonly webhookSecret: string;
  /** PEM. */
  readonly privateKey: string;
}

/** Gives GitHub the code of the browser's way back; it counts once, for an hour. Rejects with `github_refused`. */
export async function convertCode(apiUrl: string, code: string): Promise<RegisteredApp> {
  const address = `${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`;
  const headers = { accept: 'application/vnd.github+json', 'user-agent': 'sallyport' };
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(address, { method: 'POST', headers, signal }).catch(
    (cause: unknown) => {
      throw refused('GitHub does not answer', cause);
    },
  );
  if (!answer.ok) throw refused(`GitHub did not make the App (${answer.status})`);
  const made = Registered.safeParse(await answer.json().catch(() => null));
  if (!made.success) throw refused('GitHub answered with something that is no App');
  const { id, html_url: page, webhook_secret: webhookSecret, pem: privateKey } = made.data;
  return { id, page, webhookSecret, privateKey };
}

function refused(message: string, cause?: unknown): SallyportError {
  return new SallyportError({
    code: 'github_refused',
    message: `${message}; nothing was written.`,
    hint: 'If the App stands in your list of GitHub Apps, delete it there. Then begin again: sallyport app setup',
    exit: exitCodes.unreachable,
    cause,
  });
}
