import type { FormDeps } from './form-deps.ts';

/** Forgets what this isolate remembers of a form and of the keys bound to it: a change counts here at once. */
export function forgetForm(deps: Pick<FormDeps, 'formCache' | 'keyCache'>, id: string): void {
  deps.formCache.forget((form) => form.id === id);
  deps.keyCache.forget((key) => key.formId === id);
}
