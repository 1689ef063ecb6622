import { toIso } from '../lib/time.ts';
import type { FormJson, ListedFormJson } from './contract.ts';
import { toSettings } from './form-columns.ts';
import type { FormWithAddress, FormWithAddresses } from './queries.ts';

/** A form as it is shown by itself. `publicUrl` is where the service answers. */
export function presentForm(form: FormWithAddresses, publicUrl: string): FormJson {
  const addresses = form.addresses.map(({ address, createdAt, retiresAt }) => ({
    url: urlOf(address, publicUrl),
    created_at: toIso(createdAt),
    retires_at: retiresAt === null ? null : toIso(retiresAt),
  }));
  return { ...presentListedForm(form, publicUrl), addresses };
}

/** A form as it is shown in a list. */
export function presentListedForm(form: FormWithAddress, publicUrl: string): ListedFormJson {
  return {
    id: form.id,
    url: urlOf(form.address, publicUrl),
    ...toSettings(form),
    created_at: toIso(form.createdAt),
    updated_at: toIso(form.updatedAt),
    version: form.version,
  };
}

function urlOf(address: string, publicUrl: string): string {
  return `${publicUrl}/f/${address}`;
}
