// Topics of a message broker, declared in topics.json: what a `command` target's programs look like.
// The "broker" is a file (TOPICS_FILE), so that this runs anywhere. Exit codes: 0 done or nothing to
// change, 2 changes are planned, 1 refused.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

const [verb, planFile] = process.argv.slice(2);
const liveFile = process.env.TOPICS_FILE;
const desired = read('topics.json');
const live = existsSync(liveFile) ? read(liveFile) : {};

const verbs = {
  /** Writes down what is there and what is to be; changes nothing. */
  plan() {
    write(planFile, { before: live, after: desired });
    process.exitCode = isDeepStrictEqual(live, desired) ? 0 : 2;
  },
  /** The plan, for people. */
  show() {
    const { before, after } = read(planFile);
    print({ changes: changesOf(before, after) });
  },
  /** Exactly that plan: applied once is as good as twice, and a stale one is refused. */
  apply() {
    const { before, after } = read(planFile);
    move(before, after);
  },
  verify() {
    if (!isDeepStrictEqual(live, desired)) refuse('the topics are not those of the repository');
  },
  /** The same plan backwards; where it was not applied, there is nothing to do. */
  rollback() {
    const { before, after } = read(planFile);
    move(after, before);
  },
  outputs() {
    print({ topics: Object.keys(live), partitions: sum(live, 'partitions') });
  },
};

(verbs[verb] ?? (() => refuse(`no such verb: ${verb}`)))();

/** In one piece: whoever looks sees all the old topics or all the new ones. */
function move(from, to) {
  if (isDeepStrictEqual(live, to)) return;
  if (!isDeepStrictEqual(live, from)) return refuse('the plan is stale: the topics have changed');
  write(`${liveFile}.new`, to);
  renameSync(`${liveFile}.new`, liveFile);
  process.stderr.write(`${Object.keys(to).length} topics\n`);
}

function changesOf(before, after) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const resource = `Topic/${name}`;
    const [old, next] = [before[name], after[name]];
    if (old === undefined) return [{ action: 'add', resource }];
    if (next === undefined) {
      return [{ action: 'remove', resource, breaking: true, why: 'its messages are lost' }];
    }
    const fields = Object.keys({ ...old, ...next }).filter((field) => old[field] !== next[field]);
    if (fields.length === 0) return [];
    const isNarrower = next.partitions < old.partitions;
    const risk = isNarrower ? { breaking: true, why: 'fewer partitions' } : {};
    return [{ action: 'modify', resource, fields, ...risk }];
  });
}

function sum(topics, field) {
  return Object.values(topics).reduce((all, topic) => all + topic[field], 0);
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function write(path, value) {
  writeFileSync(path, JSON.stringify(value, null, 2), { mode: 0o600 });
}

function print(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
