import { canonicalJson } from '../../model/digest.ts';
import type { Change } from '../../model/plan.ts';
import { whyBreaking } from './breaking.ts';
import { fieldChanges, isObject, pathText } from './field-changes.ts';

/** How files are read as resources. */
export interface ResourceRule {
  readonly match: readonly string[];
  readonly type: string;
  readonly key: string;
  readonly breaking: readonly string[];
}

/** A resource, where it stands, and how it was read. */
export interface Resource {
  readonly path: string;
  readonly value: unknown;
  readonly rule: ResourceRule;
}

/** By type and name: `Layer/parcels`. */
export type Resources = ReadonlyMap<string, Resource>;

/** A plan is read by people: a resource with more changed fields than this says only how many more. */
const maxFields = 50;

/** What becomes of resources. One that goes while an equal one comes under another name is renamed. */
export function resourceChanges(desired: Resources, actual: Resources): readonly Change[] {
  const added = [...desired].filter(([id]) => !actual.has(id));
  const removed = new Map([...actual].filter(([id]) => !desired.has(id)));
  const origins = findOrigins(new Map(added), removed);
  for (const [before] of origins.values()) removed.delete(before);
  return [
    ...added.map(([id, resource]) => changeOfNew(id, resource, origins.get(id))),
    ...[...removed].map(([id, resource]) => changeOfGone(id, resource)),
    ...[...desired].flatMap(([id, resource]) => {
      const before = actual.get(id);
      return before === undefined ? [] : changeOfKept(id, before, resource);
    }),
  ];
}

function changeOfNew(id: string, { path }: Resource, origin: Origin | undefined): Change {
  if (origin === undefined) return { action: 'add', resource: id, path, breaking: false };
  const [from, { rule }] = origin;
  const isBreaking = rule.breaking.includes('removed');
  return {
    action: 'rename',
    resource: id,
    path,
    from,
    breaking: isBreaking,
    ...(isBreaking ? { why: `${from} is gone` } : {}),
  };
}

function changeOfGone(id: string, { path, rule }: Resource): Change {
  const isBreaking = rule.breaking.includes('removed');
  const why = isBreaking ? { why: 'it is removed' } : {};
  return { action: 'remove', resource: id, path, breaking: isBreaking, ...why };
}

function changeOfKept(id: string, before: Resource, now: Resource): readonly Change[] {
  const changes = fieldChanges(before.value, now.value, [now.rule.key, 'name', 'id', 'key']);
  if (changes.length === 0) {
    const moved: Change = {
      action: 'rename',
      resource: id,
      path: now.path,
      from: before.path,
      breaking: false,
    };
    return before.path === now.path ? [] : [moved];
  }
  const why = whyBreaking(now.rule.breaking, changes);
  const fields = [...new Set(changes.map(({ path }) => pathText(path)))].toSorted();
  return [
    {
      action: 'modify',
      resource: id,
      path: now.path,
      fields: atMost(fields),
      breaking: why !== null,
      ...(why === null ? {} : { why }),
    },
  ];
}

function atMost(fields: readonly string[]): readonly string[] {
  if (fields.length <= maxFields) return fields;
  return [...fields.slice(0, maxFields), `${fields.length - maxFields} more`];
}

type Origin = readonly [id: string, resource: Resource];

/** What each new resource was called before, where one that is gone was equal to it but for its name. */
function findOrigins(added: Resources, removed: Resources): ReadonlyMap<string, Origin> {
  const gone = new Map<string, Origin[]>();
  for (const origin of removed) {
    const content = contentOf(origin[1]);
    if (content !== null) gone.set(content, [...(gone.get(content) ?? []), origin]);
  }
  const origins = new Map<string, Origin>();
  for (const [id, resource] of added) {
    const origin = gone.get(contentOf(resource) ?? '')?.shift();
    if (origin !== undefined) origins.set(id, origin);
  }
  return origins;
}

/** All that a resource says but its name; `null` where that is nothing. */
function contentOf({ value, rule }: Resource): string | null {
  if (!isObject(value)) return null;
  const rest = Object.entries(value).filter(([name]) => name !== rule.key);
  return rest.length === 0 ? null : `${rule.type}\0${canonicalJson(Object.fromEntries(rest))}`;
}
