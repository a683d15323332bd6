import { createHash } from 'node:crypto';
import { fullName } from '../state/memory.ts';
import type { Repository } from '../state/types.ts';
import type { Html } from './html.ts';
import { markup, Html as RawHtml } from './html.ts';
import { pathOf } from './parts.ts';
import { script } from './script.ts';
import { style } from './style.ts';

export interface PageContent {
  readonly title: string;
  readonly repository: Repository | null;
  /** Stands still. */
  readonly head: Html;
  /** Made anew whenever something changes. */
  readonly live: Html;
  /** Stands still, so that nobody's typing is lost. */
  readonly foot: Html;
}

export function document({ title, repository, head, live, foot }: PageContent): string {
  const here = repository && [
    markup` <span class="quiet">/</span> <a href="${pathOf(repository)}">${fullName(repository)}</a>`,
    markup`<a class="right" href="${pathOf(repository)}/deployments">Deployments</a>`,
  ];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>${title}</title>
        <link rel="icon" href="data:,">
        ${new RawHtml(`<style>${style}</style>`)}
      </head>
      <body>
        <nav class="top">
          <a href="/"><strong>A stand-in for GitHub</strong></a>${here}
        </nav>
        <main>
          ${head}
          <div id="live">${live}</div>
          ${foot}
        </main>
        ${new RawHtml(`<script>${script}</script>`)}
      </body>
    </html>`.text;
}

/** Only this page's own script and style run, whatever a comment smuggled in. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${digest(style)}'`,
  `script-src '${digest(script)}'`,
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

function digest(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}
