import { AppError } from '../../errors.ts';
import { pass, type Entry, type GateDeps, type GateResult } from './gate.ts';

/**
 * Refuses pages elsewhere, where the form names its own. It keeps honest browsers apart; a program sends the origin
 * that it likes. Ours passes: our error page sends a mended form again.
 */
export function checkOrigin(
  { form, origin }: Pick<Entry, 'form' | 'origin'>,
  { config }: { config: Pick<GateDeps['config'], 'publicUrl'> },
): GateResult {
  const allowed = form.allowedOrigins;
  if (allowed.length === 0 || origin === config.publicUrl) return pass;
  if (origin !== null && allowed.includes(origin)) return pass;
  const detail =
    origin === null
      ? 'This form takes entries from its own pages only, and the browser did not say which page this is: see its Referrer-Policy.'
      : 'This form takes entries from its own pages only; see its allowed_origins.';
  return { refuse: new AppError('origin_not_allowed', detail) };
}
