import { SallyportError, exitCodes } from '../../model/errors.ts';

/** What the App asks of GitHub: the content of app.yml. */
export interface Registration {
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

export interface ManifestWords {
  /** Unique on all of GitHub. */
  readonly name: string;
  /** Where GitHub reaches the App: `https://sallyport.example.com`. */
  readonly url: string;
  /** Where GitHub sends the browser back to. */
  readonly callback: string;
}

/** The manifest, as GitHub's page for new Apps takes it. Throws `setup_words_invalid`. */
export function manifestOf(
  { permissions, events }: Registration,
  { name, url, callback }: ManifestWords,
): string {
  return JSON.stringify({
    name: nameOf(name),
    url: 'https://github.com/sallyport/sallyport',
    description: 'Deployments from GitHub to machines that GitHub cannot reach.',
    public: false,
    hook_attributes: { url: `${webhookBase(url)}/api/github/webhooks`, active: true },
    redirect_url: callback,
    default_permissions: permissions,
    default_events: events,
  });
}

function nameOf(name: string): string {
  const text = name.trim();
  if (/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,33}$/u.test(text)) return text;
  throw wrong('The name of the App has at most 34 letters, digits, spaces, dots and dashes.');
}

function webhookBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw wrong(
      'The address at which GitHub reaches the App looks like https://sallyport.example.com.',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function wrong(message: string): SallyportError {
  return new SallyportError({ code: 'setup_words_invalid', message, exit: exitCodes.usage });
}
