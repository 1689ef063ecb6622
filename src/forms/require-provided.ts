import type { Deps } from '../deps.ts';
import { invalidFields, type FieldError } from '../errors.ts';
import type { FormChanges } from './contract.ts';

/** Throws 422 for what a form asks of this deployment that it does not have: a captcha's secret, a bucket for files. */
export function requireProvided(
  { config, files }: Pick<Deps, 'config' | 'files'>,
  { captcha, uploads }: Pick<FormChanges, 'captcha' | 'uploads'>,
): void {
  const errors: FieldError[] = [];
  const code = 'not_configured';
  if (captcha && config.captcha.secrets[captcha.provider] === null) {
    const setting = `${captcha.provider.toUpperCase()}_SECRET_KEY`;
    const message = `needs the setting ${setting}, which is missing`;
    errors.push({ field: 'captcha.provider', code, message });
  }
  if (uploads && !files.bound) {
    const message = 'needs an R2 bucket, and this deployment has none bound as FILES';
    errors.push({ field: 'uploads', code, message });
  }
  if (errors.length > 0) throw invalidFields(errors);
}
