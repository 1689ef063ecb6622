import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Services } from './services.ts';

/** Starts what the Worker depends on, once for all files, in a process that no bundler touches. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const script = fileURLToPath(new URL('services.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => {
      throw new Error('the services of the tests did not start');
    }),
  ])) as [string];
  const services = JSON.parse(line) as Services;
  console.log(`The tests run against a libSQL server and Redis (${services.redis}).`);
  project.provide('bindings', services.bindings);
  project.provide('faultUrl', services.faultUrl);
  return async () => {
    child.stdin.end();
    await exited;
  };
}
