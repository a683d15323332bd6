import type { Registration } from './manifest.ts';

/** What a page needs to know of where it is. */
export interface PageWorld {
  /** `https://github.com`, or where `GHE_HOST` is. */
  readonly github: string;
  readonly registration: Registration;
  /** In every form. */
  readonly state: string;
}

/** The words that are filled in at first. */
export interface FormWords {
  readonly name: string;
  readonly url: string;
  readonly organization: string;
}

/** The first page: what the App will be called, where it is, and what it asks for. */
export function startPage({ state, registration }: PageWorld, words: FormWords): string {
  const permissions = Object.entries(registration.permissions).map(
    ([name, level]) => `<li>${escaped(name)}: ${escaped(level)}</li>`,
  );
  const field = (name: keyof FormWords, label: string, more: string): string =>
    `<p><label>${label}<br><input name="${name}" value="${escaped(words[name])}" ${more}></label></p>`;
  return page(
    'Register your App',
    `<form method="post" action="/setup">
      <input type="hidden" name="state" value="${escaped(state)}">
      ${field('name', 'Name, unique on all of GitHub', 'required maxlength="34"')}
      ${field('url', 'Where GitHub reaches this App', 'required type="url" placeholder="https://sallyport.example.com"')}
      ${field('organization', 'Organisation (empty: your own account)', 'maxlength="39"')}
      <p>It asks for:</p>
      <ul>${permissions.join('')}</ul>
      <p><button>Go on</button></p>
    </form>`,
  );
}

/** The second one: its form goes to GitHub, where a person confirms. */
export function confirmPage(
  { github, state }: PageWorld,
  manifest: string,
  organization: string,
): string {
  const path = organization === '' ? '' : `/organizations/${encodeURIComponent(organization)}`;
  const action = `${github}${path}/settings/apps/new?state=${encodeURIComponent(state)}`;
  return page(
    'Register your App',
    `<form method="post" action="${escaped(action)}">
      <input type="hidden" name="manifest" value="${escaped(manifest)}">
      <p>GitHub asks you to confirm, and sends you back here.</p>
      <p><button>Register it on ${escaped(new URL(github).host)}</button></p>
    </form>`,
  );
}

export function donePage(appPage: string): string {
  return page(
    'Your App is registered',
    `<p>Its settings are written. The terminal shows how to start it.</p>
    <p><a href="${escaped(`${appPage}/installations/new`)}">Install it on your repositories</a></p>`,
  );
}

/** What went wrong, in a sentence. */
export function problemPage(message: string): string {
  return page('That did not work', `<p>${escaped(message)}</p>`);
}

/** The two origins that a form may go to, and nothing else at all. */
export function policyOf(github: string): string {
  return `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${new URL(github).origin}; base-uri 'none'; frame-ancestors 'none'`;
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title} · Sallyport</title>
    <style>body{font:16px/1.5 system-ui;max-width:38em;margin:3em auto;padding:0 1em}input{width:100%;font:inherit}</style>
  </head>
  <body>
    <h1>${title}</h1>
    ${content}
  </body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign]!);
}
