/** Stands for a part of a dependency that the Worker never reaches. Whoever gets here by an upgrade is told. */
export function unused(): never {
  throw new Error('This part of a dependency is left out: see [alias] in wrangler.toml.');
}
