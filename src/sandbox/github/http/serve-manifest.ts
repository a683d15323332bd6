import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { addManifest } from '../acts/manifests.ts';
import { findUser } from '../state/memory.ts';
import type { Permissions, User } from '../state/types.ts';
import type { World } from '../world.ts';

interface Manifest {
  readonly name: string;
  readonly redirect_url: string;
  readonly hook_attributes: { readonly url: string };
  readonly default_permissions: Permissions;
  readonly default_events: readonly string[];
}

const path = /^(?:\/organizations\/(?<organization>[\w-]+))?\/settings\/apps\/new$/;

/**
 * GitHub's page for a new App from a manifest. A person who is signed in confirms it there and is
 * sent back; here the first account does, at once. Answers true when it has taken the request.
 */
export async function serveManifest(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', world.url);
  const found = path.exec(url.pathname);
  if (!found || request.method !== 'POST') return false;
  const owner = ownerOf(world, found.groups?.['organization']);
  const manifest = manifestIn(await text(request));
  if (!owner || !manifest) {
    response.writeHead(owner ? 422 : 404).end();
    return true;
  }
  const code = addManifest(world, {
    owner,
    name: manifest.name,
    webhookUrl: manifest.hook_attributes.url,
    permissions: manifest.default_permissions,
    events: manifest.default_events,
  });
  const back = new URL(manifest.redirect_url);
  back.searchParams.set('code', code);
  back.searchParams.set('state', url.searchParams.get('state') ?? '');
  response.writeHead(302, { location: back.href }).end();
  return true;
}

function ownerOf({ state }: World, organization: string | undefined): User | undefined {
  if (organization !== undefined) return findUser(state, organization);
  return [...state.users.values()].find(({ type }) => type === 'User');
}

function manifestIn(form: string): Manifest | null {
  try {
    const manifest = JSON.parse(new URLSearchParams(form).get('manifest') ?? '') as Manifest;
    const addresses = [manifest.redirect_url, manifest.hook_attributes.url];
    return addresses.every((address) => URL.canParse(address)) ? manifest : null;
  } catch {
    return null;
  }
}
