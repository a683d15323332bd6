import type { WantedFile, WantedFolder } from './wanted.ts';

/** One change to the machine; a plan is a list of them, in the order in which they are made. */
export type InstallStep =
  | { readonly kind: 'make-user'; readonly name: string; readonly home: string }
  | { readonly kind: 'make-folder'; readonly folder: WantedFolder; readonly isThere: boolean }
  | { readonly kind: 'write-file'; readonly file: WantedFile; readonly isThere: boolean }
  | { readonly kind: 'protect-file'; readonly file: WantedFile }
  | { readonly kind: 'make-key'; readonly state: string }
  | {
      readonly kind: 'run';
      readonly command: readonly [string, ...string[]];
      readonly why: string;
    };

/** A line for people: what will be done. */
export function describeStep(step: InstallStep): string {
  switch (step.kind) {
    case 'make-user':
      return `make the user and group ${step.name}, without a shell or a password`;
    case 'make-folder': {
      const { path, mode, whose } = step.folder;
      const owner = whose === 'agent' ? "the agent's" : 'yours';
      return `${step.isThere ? 'protect' : 'make'} the folder ${path} (${mode.toString(8)}, ${owner})`;
    }
    case 'write-file':
      return `${step.isThere ? 'rewrite' : 'write'} ${step.file.path} (${named[step.file.what]})`;
    case 'protect-file':
      return `give ${step.file.path} its mode ${step.file.mode.toString(8)} and owner`;
    case 'make-key':
      return `make this host's key in ${step.state} (600); it never leaves this host`;
    case 'run':
      return `${step.command.join(' ')}  (${step.why})`;
  }
}

const named: Readonly<Record<WantedFile['what'], string>> = {
  config: 'from the options',
  unit: 'unit of systemd',
  polkit: 'for init: systemd; makes the user as powerful as root',
  reload: 'lets the user reload the proxy, and nothing else',
  completion: 'completes commands in bash',
};
