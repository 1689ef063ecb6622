import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

// Learns which process groups live, a line for each change, until this process is gone; then ends what is left. A
// shell, since `killall node` shall not take it along.
const script =
  'while read -r line; do groups=$line; done; for group in $groups; do kill -KILL "-$group"; done';

const groups = new Set<number>();
let watcher: ChildProcess | null = null;

/** Ends a detached child, and what it started, with this process: even when that is killed and can do nothing. */
export function endWithParent(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  groups.add(pid);
  tellWatcher();
  child.once('exit', () => {
    groups.delete(pid);
    tellWatcher();
  });
}

function tellWatcher(): void {
  watcher ??= startWatcher();
  watcher.stdin?.write(`${[...groups].join(' ')}\n`);
}

function startWatcher(): ChildProcess {
  const started = spawn('sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  started.once('exit', () => {
    watcher = null;
  });
  // It was killed: the next change starts another one.
  started.stdin.on('error', () => {});
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
}
