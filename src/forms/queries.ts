import { and, desc, eq, getTableColumns, gt, isNull, or, sql } from 'drizzle-orm';
import { formAddresses, forms } from '../../drizzle/forms.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';

/** A form as it is stored. */
export type Form = typeof forms.$inferSelect;

/** A form with the address at which it takes entries now. */
export type FormWithAddress = Form & { address: string };

const present = and(eq(formAddresses.formId, forms.id), isNull(formAddresses.retiresAt));
const withAddress = { ...getTableColumns(forms), address: formAddresses.address };

export function insertForm(orm: Orm, { address, ...form }: FormWithAddress): Statement[] {
  return [
    orm.insert(forms).values(form).onConflictDoNothing({ target: forms.id }),
    insertAddress(orm, form.id, address, form.createdAt),
  ];
}

export function insertAddress(orm: Orm, formId: string, address: string, at: number): Statement {
  return orm
    .insert(formAddresses)
    .values({ address, formId, createdAt: at })
    .onConflictDoNothing({ target: formAddresses.address });
}

/** Lets the present address of a form work on until a moment. */
export function retireAddress(orm: Orm, formId: string, except: string, at: number): Statement {
  return orm
    .update(formAddresses)
    .set({ retiresAt: at })
    .where(
      and(
        eq(formAddresses.formId, formId),
        isNull(formAddresses.retiresAt),
        sql`${formAddresses.address} <> ${except}`,
      ),
    );
}

/** Changes a form, unless it is no longer of this version. */
export function updateForm(
  orm: Orm,
  { id, version }: Pick<Form, 'id' | 'version'>,
  changes: Partial<Form>,
): Statement {
  return orm
    .update(forms)
    .set(changes)
    .where(and(eq(forms.id, id), eq(forms.version, version)));
}

/** Forms, newest first. */
export function selectForms(
  orm: Orm,
  after: Position | null,
  count: number,
): PromiseLike<FormWithAddress[]> {
  return orm
    .select(withAddress)
    .from(forms)
    .innerJoin(formAddresses, present)
    .where(after === null ? undefined : rowsAfter(forms.createdAt, forms.id, 'descending', after))
    .orderBy(...keysetOrder(forms.createdAt, forms.id, 'descending'))
    .limit(count);
}

/** The form with this id. */
export async function findForm(orm: Orm, id: string): Promise<FormWithAddress | undefined> {
  const rows = await orm
    .select(withAddress)
    .from(forms)
    .innerJoin(formAddresses, present)
    .where(eq(forms.id, id))
    .orderBy(desc(formAddresses.createdAt))
    .limit(1);
  return rows[0];
}

/** The form that takes entries at this address now. */
export async function findFormAt(
  orm: Orm,
  address: string,
  now: number,
): Promise<FormWithAddress | undefined> {
  const works = or(isNull(formAddresses.retiresAt), gt(formAddresses.retiresAt, now));
  const rows = await orm
    .select(withAddress)
    .from(formAddresses)
    .innerJoin(forms, eq(forms.id, formAddresses.formId))
    .where(and(eq(formAddresses.address, address), works))
    .limit(1);
  return rows[0];
}
