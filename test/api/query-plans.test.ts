import { sql, type SQL } from 'drizzle-orm';
import { describe, it } from 'vitest';
import { formFilter } from '../../src/forms/contract.ts';
import { selectForm, selectFormAt, selectForms, selectNotices } from '../../src/forms/queries.ts';
import { leadFilter, type LeadFilter } from '../../src/leads/contract.ts';
import { selectLeadEvents, selectLeads } from '../../src/leads/queries.ts';
import { selectLeaving } from '../../src/newsletter/queries.ts';
import { subscriberFilter } from '../../src/subscribers/contract.ts';
import { selectConsents, selectSubscribers } from '../../src/subscribers/queries.ts';
import { eraseAnswers } from '../../src/idempotency/statements.ts';
import { removeSubscriber } from '../../src/subscribers/statements.ts';
import { selectKeys } from '../../src/keys/queries.ts';
import {
  claimDue,
  giveUpCrashed,
  removeEnded,
  selectClaimed,
  selectRows,
  selectWaiting,
} from '../../src/outbox/queries.ts';
import { dropNotices } from '../../src/outbox/statements.ts';
import type { Orm } from '../../src/platform/database.ts';
import {
  oldLeads,
  oldSubmissions,
  selectEnded,
  selectUnconfirmed,
} from '../../src/retention/queries.ts';
import { removeOldConfirmations } from '../../src/retention/statements.ts';
import { submissionFilter } from '../../src/submissions/contract.ts';
import { selectSubmissions } from '../../src/submissions/queries.ts';
import { selectSuppressions } from '../../src/suppressions/queries.ts';
import { countKinds } from '../../src/subjects/queries.ts';
import { operator } from '../support/harness.ts';
import { rowsOf } from '../support/rows.ts';

type Query = (orm: Orm) => PromiseLike<unknown>;

/** The steps of SQLite's plan for a query. */
async function planOf(query: Query): Promise<string[]> {
  const statement = await operator.database.read(async (orm) => {
    const built = query(orm) as unknown as { getSQL(): SQL };
    return sql`EXPLAIN QUERY PLAN ${built.getSQL()}`;
  });
  const steps = await rowsOf<{ detail: string }>(operator, statement);
  return steps.map((step) => step.detail);
}

/** A step that reads every row of a table, in an index's order or in none. */
const scan = /^SCAN (?!CONSTANT ROW)(?!leads_search VIRTUAL TABLE INDEX \d+:M)(?!\d+ )/;

const leadFilters: [name: string, query: Record<string, string>][] = [
  ['status', { status: 'new' }],
  ['category', { category: 'a' }],
  ['source', { source: 'a' }],
  ['form_id', { form_id: 'form_a' }],
  ['q', { q: 'ada lovelace' }],
  ['created_after', { created_after: '2026-01-01T00:00:00Z' }],
  ['created_before', { created_before: '2026-01-01T00:00:00Z' }],
  ['status and created_after', { status: 'new', created_after: '2026-01-01T00:00:00Z' }],
  ['form_id and q', { form_id: 'form_a', q: 'ada' }],
];
const sorts = ['created_at', '-created_at', 'updated_at', '-updated_at'];
const position = { value: 1, id: 'lead_a' };

describe('query plans: no filter scans a table', () => {
  for (const [name, query] of leadFilters) {
    for (const sort of sorts) {
      it(`leads by ${name}, sorted by ${sort}`, async ({ expect }) => {
        const filter = leadFilter.parse({ ...query, sort }) as LeadFilter;
        const first = await planOf((orm) => selectLeads(orm, filter, null, 51));
        const next = await planOf((orm) => selectLeads(orm, filter, position, 51));
        expect([...first, ...next].filter((step) => scan.test(step))).toEqual([]);
      });
    }
  }

  for (const sort of sorts) {
    it(`all leads by ${sort} come from an index, without sorting`, async ({ expect }) => {
      const filter = leadFilter.parse({ sort }) as LeadFilter;
      const first = await planOf((orm) => selectLeads(orm, filter, null, 51));
      const next = await planOf((orm) => selectLeads(orm, filter, position, 51));
      const index = sort.endsWith('created_at') ? 'leads_by_created' : 'leads_by_updated';
      expect(first).toEqual([`SCAN leads USING INDEX ${index}`]);
      expect(next).toHaveLength(1);
      expect(next[0]).toMatch(new RegExp(`^SEARCH leads USING INDEX ${index} `));
    });
  }

  const subscriberParameters = {
    email: 'a@example.org',
    tag: 'vip',
    list_id: 'list_a',
    state: 'pending',
    created_after: '2026-01-01T00:00:00Z',
    created_before: '2026-02-01T00:00:00Z',
  };
  it('subscribers by every combination of filters', async ({ expect }) => {
    const names = Object.entries(subscriberParameters);
    const masks = Array.from({ length: 2 ** names.length - 1 }, (_, index) => index + 1);
    const queries = masks.map((mask) =>
      Object.fromEntries(names.filter((_, bit) => (mask & (1 << bit)) !== 0)),
    );
    const plans = await Promise.all(
      queries.flatMap((query) =>
        [null, 'sbr_a'].map(async (after) => {
          const filter = subscriberFilter.parse(query);
          return [query, await planOf((orm) => selectSubscribers(orm, filter, after, 51))] as const;
        }),
      ),
    );
    for (const [query, plan] of plans) {
      // The page's own ids, at most 201, are found one by one, and alone are sorted.
      const [first = ''] = plan;
      expect(
        plan.filter((step) => scan.test(step)),
        JSON.stringify(query),
      ).toEqual([]);
      expect(first).toMatch(
        /^SEARCH subscribers USING (COVERING )?INDEX \w+ \((email_key=|id[=<>])/,
      );
      // What picks the ids, walks them in their order.
      const sorted = plan.filter((step) => step.includes('TEMP B-TREE'));
      expect(sorted, JSON.stringify(query)).toEqual([]);
    }
  });

  it('the ledger of a person, and what goes with one', async ({ expect }) => {
    const plans = await Promise.all([
      planOf((orm) => selectConsents(orm, 'sbr_a', position, 51)),
      planOf((orm) => selectLeaving(orm, 'hash', 'list_a')),
      ...[0, 1, 2].map((at) =>
        planOf((orm) => removeSubscriber(orm, 'sbr_a', 'hash')[at] as never),
      ),
      ...[0, 1].map((at) => planOf((orm) => eraseAnswers(orm, ['sbr_a'])[at] as never)),
    ]);
    expect(plans.flat().filter((step) => scan.test(step))).toEqual([]);
    expect(plans[0]?.join()).not.toContain('TEMP B-TREE');
  });

  it('suppressions of an address, and all of them', async ({ expect }) => {
    const all = (after: typeof position | null) =>
      planOf((orm) => selectSuppressions(orm, {}, null, after && { ...after, id: '1' }, 51));
    const [first, next] = [await all(null), await all(position)];
    expect(first[0]).toBe('SCAN suppressions USING INDEX suppressions_by_created');
    expect(next[0]).toMatch(/^SEARCH suppressions USING INDEX suppressions_by_created /);
    const own = await planOf((orm) => selectSuppressions(orm, {}, ['a', 'b'], null, 51));
    expect(own.filter((step) => scan.test(step))).toEqual([]);
  });

  for (const query of [{}, { active: 'true' }, { active: 'false' }]) {
    it(`forms of ${JSON.stringify(query)} come from an index, without sorting`, async ({
      expect,
    }) => {
      const filter = formFilter.parse(query);
      const plans = await Promise.all([
        planOf((orm) => selectForms(orm, filter, null, 51)),
        planOf((orm) => selectForms(orm, filter, { value: 1, id: 'form_a' }, 51)),
      ]);
      const index = 'active' in query ? 'forms_by_active' : 'forms_by_created';
      for (const [first, ...more] of plans) {
        expect(first).toMatch(new RegExp(`^(SEARCH|SCAN) forms USING INDEX ${index}`));
        expect(more).toEqual([
          'SEARCH form_addresses USING INDEX form_addresses_present (form_id=?)',
        ]);
      }
    });
  }

  it('a form by its id or an address', async ({ expect }) => {
    const plans = await Promise.all([
      planOf((orm) => selectForm(orm, 'form_a')),
      planOf((orm) => selectFormAt(orm, 'form_a', 1)),
    ]);
    expect(plans.flat().filter((step) => scan.test(step))).toEqual([]);
  });

  const submissionFilters: [filter: Record<string, string>, index: string][] = [
    [{ form_id: 'form_a' }, 'submissions_by_form'],
    [{ lead_id: 'lead_a' }, 'submissions_by_lead'],
    [{ verdict: 'flagged' }, 'submissions_by_verdict'],
    [{ reason: 'links' }, 'sqlite_autoindex_submission_reasons_1'],
    [{ created_after: '2026-01-01T00:00:00Z' }, 'submissions_by_created'],
    [{ created_before: '2026-01-01T00:00:00Z' }, 'submissions_by_created'],
    [
      { reason: 'links', verdict: 'accepted', created_after: '2026-01-01T00:00:00Z' },
      'sqlite_autoindex_submission_reasons_1',
    ],
  ];
  for (const [query, index] of submissionFilters) {
    const name = Object.keys(query).join(' and ');
    it(`submissions by ${name}, which an index has in their order`, async ({ expect }) => {
      const filter = submissionFilter.parse(query);
      const first = await planOf((orm) => selectSubmissions(orm, filter, null, 51));
      const next = await planOf((orm) => selectSubmissions(orm, filter, position, 51));
      for (const plan of [first, next]) {
        expect(plan[0]).toMatch(new RegExp(`^SEARCH \\w+ USING (COVERING )?INDEX ${index} `));
        expect(plan.filter((step) => scan.test(step))).toEqual([]);
        // Of one lead there are few.
        const sorted = plan.some((step) => step.includes('TEMP B-TREE'));
        expect(sorted).toBe('lead_id' in query);
      }
    });
  }

  it('all submissions come from an index, without sorting', async ({ expect }) => {
    const filter = submissionFilter.parse({});
    const first = await planOf((orm) => selectSubmissions(orm, filter, null, 51));
    expect(first).toEqual(['SCAN submissions USING INDEX submissions_by_created']);
    const next = await planOf((orm) => selectSubmissions(orm, filter, position, 51));
    expect(next).toHaveLength(1);
    expect(next[0]).toMatch(/^SEARCH submissions USING INDEX submissions_by_created /);
  });

  it('the timeline of a lead, and the next page of keys', async ({ expect }) => {
    const plans = await Promise.all([
      planOf((orm) => selectLeadEvents(orm, 'lead_a', position, 51)),
      planOf((orm) => selectKeys(orm, position, 51)),
    ]);
    expect(plans.flat().filter((step) => scan.test(step))).toEqual([]);
  });

  const outboxQueries: [what: string, query: Query][] = [
    [
      'the claim',
      (orm) =>
        claimDue(orm, { topics: ['a', 'b'], token: 'a', at: 1, until: 2, count: 10 }) as never,
    ],
    ['what is given up', (orm) => giveUpCrashed(orm, ['a', 'b'], 1) as never],
    [
      'what was claimed',
      (orm) => selectClaimed(orm, { topics: [], token: 'a', at: 1, until: 2, count: 10 }),
    ],
    ['what waits', (orm) => selectWaiting(orm)],
    ['its rows', (orm) => selectRows(orm, undefined, 'out_a', 51)],
    ['its rows in one state', (orm) => selectRows(orm, 'dead', 'out_a', 51)],
    ['what is to be removed', (orm) => removeEnded(orm, 'done', 'out_a') as never],
    ['what is taken back', (orm) => dropNotices(orm, ['sub_a']) as never],
    ['what is told', (orm) => selectNotices(orm, ['sub_a', 'sub_b'])],
  ];
  it.for(outboxQueries)('the outbox: %s', async ([what, query], { expect }) => {
    const plan = await planOf(query);
    expect(
      plan.filter((step) => scan.test(step) && !/^SCAN (json_each|\(subquery)/.test(step)),
    ).toEqual([]);
    if (what === 'the claim') expect(plan.join()).toContain('outbox_by_due (state=? AND due_at<?)');
  });

  const purges: [what: string, query: Query, index: string][] = [
    [
      'leads',
      (orm) => orm.all(sql`SELECT id FROM ${oldLeads(1)}`),
      'leads_by_form (form_id=? AND created_at<?)',
    ],
    [
      'the spam folder',
      (orm) => orm.all(sql`SELECT id FROM ${oldSubmissions(1)}`),
      'submissions_by_form (form_id=? AND created_at<?)',
    ],
    [
      'people who left',
      (orm) => selectEnded(orm, 1),
      'subscriptions_by_list_and_state (list_id=? AND state=?)',
    ],
    [
      'sign-ups',
      (orm) => selectUnconfirmed(orm, 1),
      'subscriptions_by_state_and_update (state=? AND updated_at<?)',
    ],
    [
      'confirmations',
      (orm) => removeOldConfirmations(orm, 1) as never,
      'confirmations_by_expiry (expires_at<?)',
    ],
  ];
  it.for(purges)('what is removed once it is over: %s', async ([, query, index], { expect }) => {
    const plan = await planOf(query);
    expect(plan.join()).toContain(index);
    // There are few forms and lists.
    expect(plan.filter((step) => scan.test(step) && !/^SCAN (forms|lists)$/.test(step))).toEqual(
      [],
    );
  });

  it('what is kept of a person', async ({ expect }) => {
    const subject = { key: 'a', hashes: ['a', 'b'] as [string, string], submissionIds: ['a'] };
    const plan = await planOf((orm) => countKinds(orm, subject));
    const scans = plan.filter((step) => scan.test(step));
    expect(scans.filter((step) => !/^SCAN (json_each|\(subquery)/.test(step))).toEqual([]);
  });
});
