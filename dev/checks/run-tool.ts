import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program of node_modules with the Node that runs this, and returns what it printed. Throws with it. */
export function runTool(
  path: string,
  parameters: string[],
  env: Record<string, string> = {},
): string {
  try {
    return execFileSync(process.execPath, [`${root}node_modules/${path}`, ...parameters], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${path} ${parameters.join(' ')} failed:\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}
