import type * as z from 'zod/mini';

/** What a contract finds wrong: a field and a code each. */
export function problemsWith(contract: z.ZodMiniType, value: unknown): string[] {
  const { error } = contract.safeParse(value);
  return (error?.issues ?? []).map((issue) => {
    const code = issue.code === 'custom' ? String(issue.params?.['code']) : issue.code;
    return `${issue.path.join('.')} ${code}`;
  });
}
