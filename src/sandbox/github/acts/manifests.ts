import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { App, ConfirmedManifest } from '../state/types.ts';
import type { World } from '../world.ts';
import { addApp } from './apps.ts';

/** Keeps it until its code comes. */
export function addManifest(world: World, manifest: ConfirmedManifest): string {
  const code = randomBytes(20).toString('hex');
  world.state.manifests.set(code, manifest);
  return code;
}

/** Makes the App of a code, with a key that is shown once, as GitHub writes it: PKCS#1. */
export function convertManifest(world: World, code: string): { app: App; pem: string } | null {
  const manifest = world.state.manifests.get(code);
  if (!manifest) return null;
  world.state.manifests.delete(code);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { name, ...rest } = manifest;
  const app = addApp(world, {
    ...rest,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    webhookSecret: randomBytes(20).toString('hex'),
  });
  return { app, pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
}
