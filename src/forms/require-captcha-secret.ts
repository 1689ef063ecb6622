import type { Config } from '../env.ts';
import { invalidFields } from '../errors.ts';
import type { NewForm } from './contract.ts';

/** Throws 422 for a captcha whose tokens this deployment could not check: it has no secret of the provider's. */
export function requireCaptchaSecret(
  { captcha: { secrets } }: Pick<Config, 'captcha'>,
  policy: NewForm['captcha'] | undefined,
): void {
  if (!policy || secrets[policy.provider] !== null) return;
  const message = `needs the setting ${policy.provider.toUpperCase()}_SECRET_KEY, which is missing`;
  throw invalidFields([{ field: 'captcha.provider', code: 'not_configured', message }]);
}
