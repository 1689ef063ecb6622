import { forms } from '../../drizzle/forms.ts';
import type { Orm, Statement } from '../platform/database.ts';

export type Form = typeof forms.$inferSelect;

export function insertForm(orm: Orm, form: Form): Statement {
  return orm.insert(forms).values(form).onConflictDoNothing({ target: forms.id });
}

export function selectForms(orm: Orm): PromiseLike<Form[]> {
  return orm.select().from(forms).orderBy(forms.id);
}
