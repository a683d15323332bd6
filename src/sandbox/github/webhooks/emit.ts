import { randomUUID } from 'node:crypto';
import type { Json } from '../json/common.ts';
import { nodeId } from '../json/common.ts';
import { repositoryJson } from '../json/repository.ts';
import { organizationJson, userJson } from '../json/user.ts';
import { nextId } from '../state/memory.ts';
import type { App, Delivery, Installation, Repository, User } from '../state/types.ts';
import type { World } from '../world.ts';
import { dispatch } from './send.ts';

export interface WebhookEvent {
  readonly name: string;
  readonly action?: string;
  readonly repository: Repository;
  readonly sender: User;
  /** What is particular to the event, beside action, repository, sender and installation. */
  readonly payload: Json;
}

/** Sends an event to every App that is installed on the repository and listens to it; does not wait for them. */
export function emit(world: World, event: WebhookEvent): void {
  for (const installation of listeners(world, event.name, event.repository)) {
    send(world, event, installation);
  }
}

/** As `emit`, to one App alone. */
export function emitTo(world: World, app: App, event: WebhookEvent): void {
  for (const installation of listeners(world, event.name, event.repository)) {
    if (installation.app === app) send(world, event, installation);
  }
}

function send(world: World, event: WebhookEvent, installation: Installation): void {
  const payload = payloadFor(world, event, installation);
  world.hooks.observeWebhook?.(event.name, payload);
  const delivery: Delivery = {
    id: nextId(world.state),
    guid: randomUUID(),
    app: installation.app,
    event: event.name,
    action: event.action ?? null,
    installationId: installation.id,
    repositoryId: event.repository.id,
    payload: JSON.stringify(payload),
    redelivery: false,
    at: world.now(),
    outcome: null,
  };
  dispatch(world, delivery);
}

/** Whether an event would be sent to anybody: what it says may cost something to find out. */
export function isHeard(world: World, name: string, repository: Repository): boolean {
  return listeners(world, name, repository).length > 0;
}

function listeners(world: World, name: string, repository: Repository): Installation[] {
  return world.state.installations.filter(
    (installation) =>
      installation.app.events.includes(name) &&
      installation.app.webhookUrl !== null &&
      isInstalledOn(installation, repository),
  );
}

export function isInstalledOn(installation: Installation, repository: Repository): boolean {
  return installation.repositories === 'all'
    ? installation.account.id === repository.owner.id
    : installation.repositories.has(repository.id);
}

function payloadFor(world: World, event: WebhookEvent, installation: Installation): Json {
  const { owner } = event.repository;
  return {
    ...(event.action === undefined ? {} : { action: event.action }),
    repository: repositoryJson(world, event.repository),
    ...event.payload,
    sender: userJson(world, event.sender),
    installation: { id: installation.id, node_id: nodeId('Installation', installation.id) },
    ...(owner.type === 'Organization' ? { organization: organizationJson(world, owner) } : {}),
  };
}
