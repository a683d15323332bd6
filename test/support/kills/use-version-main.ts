import { useVersion } from './use-version.ts';

const [prefix = '', version = '', before = ''] = process.argv.slice(2);
await useVersion(prefix, version, before);
