import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { takeControlFields } from '../../src/forms/control-fields.ts';
import { mapLead } from '../../src/forms/map-lead.ts';
import { readFormBody } from '../../src/http/form-body.ts';
import { check } from '../../src/lib/check.ts';
import { visitorLeadBody } from '../../src/leads/contract.ts';
import { jsonForms, multipartForms, urlencodedForms } from '../support/hostile-forms.ts';
import { tinyApp, type Problem } from './tiny-app.ts';

type Understood = { content: object; fields: object; lead: object | null };

let understood: Understood;

const app = tinyApp(async (c) => {
  const body = await readFormBody(c, 4_096);
  const { content } = takeControlFields(body.content);
  const { fields } = mapLead(content, { inputs: body.inputs, referer: null });
  understood = { content, fields, lead: checked(fields) };
  return c.body(null);
});

/** The lead; null where its fields were refused one by one. */
function checked(fields: object): object | null {
  try {
    return check(visitorLeadBody, fields);
  } catch (error) {
    if (error instanceof AppError && error.code === 'validation_failed') return null;
    throw error;
  }
}

const ofALead = new Set([
  ...['full_name', 'position', 'company_name', 'phone_number', 'email', 'source', 'category'],
  ...['notes', 'attribution'],
]);
const prototype = Object.getOwnPropertyNames(Object.prototype);

/** Every text in it, names too. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).concat(Object.values(value).flatMap(textsIn));
}

/** The names at every depth. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const names = Array.isArray(value) ? [] : Object.keys(value);
  return names.concat(Object.values(value).flatMap(namesIn));
}

describe('any form', { timeout: 180_000 }, () => {
  it.for([
    ['JSON', jsonForms],
    ['urlencoded', urlencodedForms],
    ['multipart', multipartForms],
  ] as const)('in %s is understood, or refused with a code', async ([, forms], { expect }) => {
    let read = 0;
    let leads = 0;
    await fc.assert(
      fc.asyncProperty(forms, async (sent) => {
        const response = await app.request('/', { method: 'POST', ...sent });
        if (response.status !== 200) {
          const { code } = await response.json<Problem>();
          if (code === 'unreadable_body') return response.status === 400;
          return code === 'body_too_large' && response.status === 413;
        }
        read += 1;
        const { content, fields, lead } = understood;
        if (lead !== null) leads += 1;
        const texts = [content, fields, lead].flatMap(textsIn);
        const names = namesIn(content);
        return (
          texts.every((text) => text.isWellFormed() && text === text.normalize('NFC')) &&
          // oxlint-disable-next-line no-control-regex -- no database should have to hold these
          !texts.some((text) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) &&
          !names.some((name) => ['__proto__', 'constructor', 'prototype'].includes(name)) &&
          !Object.keys(content).some((name) => /^(_next|_cc|webhook|_to|_captcha)$/i.test(name)) &&
          Object.keys({ ...fields, ...lead }).every((name) => ofALead.has(name))
        );
      }),
      { numRuns: 10_000 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
    // The forms are not all broken, nor do all of them lack what a lead needs.
    expect(read).toBeGreaterThan(3_000);
    expect(leads).toBeGreaterThan(500);
  });
});
