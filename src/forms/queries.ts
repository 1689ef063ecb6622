import {
  and,
  desc,
  eq,
  exists,
  getTableColumns,
  gt,
  inArray,
  isNull,
  lte,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import { files } from '../../drizzle/files.ts';
import { formAddresses, forms } from '../../drizzle/forms.ts';
import { leads, submissions } from '../../drizzle/leads.ts';
import type { Orm, Statement } from '../platform/database.ts';
import { keysetOrder, rowsAfter, type Position } from '../platform/keyset.ts';
import { isPublicList } from '../lists/statements.ts';
import type { FormFilter } from './contract.ts';

/** A form as it is stored. */
export type Form = typeof forms.$inferSelect;

/** A form with the address at which it takes entries now. */
export type FormWithAddress = Form & { address: string };

/** A form, found at one of its addresses, and when that one stops working; null for the current one. */
export type FormAtAddress = FormWithAddress & { retiresAt: number | null };

/** Where a form takes entries, since when and until when. */
export type FormAddress = Omit<typeof formAddresses.$inferSelect, 'formId'>;

/** A form with all its addresses, the current one first and then the newest. */
export type FormWithAddresses = FormWithAddress & { addresses: FormAddress[] };

const current = and(eq(formAddresses.formId, forms.id), isNull(formAddresses.retiresAt));
const withAddress = { ...getTableColumns(forms), address: formAddresses.address };

/** Keeps a form, with its address. */
export function insertForm(orm: Orm, { address, ...form }: FormWithAddress): Statement[] {
  return [
    orm.insert(forms).values(form).onConflictDoNothing({ target: forms.id }),
    insertAddress(orm, form.id, address, form.createdAt),
  ];
}

/** Gives a form an address. The batch fails while it has one that does not retire. */
export function insertAddress(orm: Orm, formId: string, address: string, at: number): Statement {
  return orm
    .insert(formAddresses)
    .values({ address, formId, createdAt: at })
    .onConflictDoNothing({ target: formAddresses.address });
}

/** Lets every address of a form work until a moment at most. */
export function retireAddresses(orm: Orm, formId: string, at: number): Statement {
  const { retiresAt } = formAddresses;
  return orm
    .update(formAddresses)
    .set({ retiresAt: sql`min(coalesce(${retiresAt}, ${at}), ${at})` })
    .where(eq(formAddresses.formId, formId));
}

/** Removes the addresses of a form that work no more. */
export function removeRetired(orm: Orm, formId: string, now: number): Statement {
  return orm
    .delete(formAddresses)
    .where(and(eq(formAddresses.formId, formId), lte(formAddresses.retiresAt, now)));
}

/** Whether a form is still there, and of this version. */
export function isUnchanged(orm: Orm, { id, version }: Pick<Form, 'id' | 'version'>): SQL {
  return exists(
    orm
      .select({ id: forms.id })
      .from(forms)
      .where(and(eq(forms.id, id), eq(forms.version, version))),
  );
}

/** Whether a form is unchanged and may sign people up to a list: a public one; null stands for the one that it has. */
export function mayPointTo(orm: Orm, before: Form, listId: string | null): SQL | undefined {
  const isPublic = listId === null ? undefined : isPublicList(orm, listId);
  return and(isUnchanged(orm, before), isPublic);
}

/** Changes a form; its version is the caller's to raise. */
export function updateForm(orm: Orm, id: string, changes: Partial<Form>): Statement {
  return orm.update(forms).set(changes).where(eq(forms.id, id));
}

/** Deletes a form and its addresses; leads stay, of no form. The batch fails while a key is bound to it. */
export function removeForm(orm: Orm, id: string): Statement {
  return orm.delete(forms).where(eq(forms.id, id));
}

/** Forms that match a filter, newest first. */
export function selectForms(
  orm: Orm,
  filter: FormFilter,
  after: Position | null,
  count: number,
): PromiseLike<FormWithAddress[]> {
  return orm
    .select(withAddress)
    .from(forms)
    .innerJoin(formAddresses, current)
    .where(
      and(
        filter.active === undefined ? undefined : eq(forms.active, filter.active),
        after === null ? undefined : rowsAfter(forms.createdAt, forms.id, 'descending', after),
      ),
    )
    .orderBy(...keysetOrder(forms.createdAt, forms.id, 'descending'))
    .limit(count);
}

/** A form with each of its addresses in a row, the current one first and then the newest. */
export function selectForm(orm: Orm, id: string) {
  const { address, createdAt, retiresAt } = formAddresses;
  return orm
    .select({ form: getTableColumns(forms), at: { address, createdAt, retiresAt } })
    .from(forms)
    .innerJoin(formAddresses, eq(formAddresses.formId, forms.id))
    .where(eq(forms.id, id))
    .orderBy(sql`${retiresAt} IS NOT NULL`, desc(createdAt));
}

/** The form that takes entries at this address now. */
export function selectFormAt(orm: Orm, address: string, now: number): PromiseLike<FormAtAddress[]> {
  const works = or(isNull(formAddresses.retiresAt), gt(formAddresses.retiresAt, now));
  return orm
    .select({ ...withAddress, retiresAt: formAddresses.retiresAt })
    .from(formAddresses)
    .innerJoin(forms, eq(forms.id, formAddresses.formId))
    .where(and(eq(formAddresses.address, address), works))
    .limit(1);
}

/** What a form's people are told of an entry. */
export type Notice = {
  submissionId: string;
  payload: Record<string, unknown>;
  createdAt: number;
  filenames: string[];
  lead: Pick<typeof leads.$inferSelect, 'id' | 'fullName' | 'email' | 'phoneNumber'>;
  form: Pick<Form, 'name' | 'siteName' | 'color' | 'notifyEmails'>;
};

/** What is to be told of these submissions; nothing of those whose lead or form is gone. */
export function selectNotices(orm: Orm, submissionIds: string[]): PromiseLike<Notice[]> {
  return orm
    .select({
      submissionId: submissions.id,
      payload: submissions.payload,
      createdAt: submissions.createdAt,
      filenames: sql<string[]>`(SELECT json_group_array(filename) FROM
        (SELECT filename FROM ${files} WHERE ${files.submissionId} = ${submissions.id} ORDER BY ${files.id}))`.mapWith(
        (text: string) => JSON.parse(text) as string[],
      ),
      lead: {
        id: leads.id,
        fullName: leads.fullName,
        email: leads.email,
        phoneNumber: leads.phoneNumber,
      },
      form: {
        name: forms.name,
        siteName: forms.siteName,
        color: forms.color,
        notifyEmails: forms.notifyEmails,
      },
    })
    .from(submissions)
    .innerJoin(forms, eq(forms.id, submissions.formId))
    .innerJoin(leads, eq(leads.id, submissions.leadId))
    .where(inArray(submissions.id, submissionIds));
}
