import { describe, it } from 'vitest';
import { mapLead } from '../../src/forms/map-lead.ts';
import { emptyContent, type Content } from '../../src/lib/content.ts';

const asContent = (sent: object): Content => Object.assign(emptyContent(), sent);
const map = (sent: object, referer: string | null = null) =>
  mapLead(asContent(sent), { referer }).fields;

describe('the fields of a lead', () => {
  it.for([
    [{ name: 'Ada L' }, { full_name: 'Ada L' }],
    [{ fullName: 'Ada L' }, { full_name: 'Ada L' }],
    [{ 'Full Name': 'Ada L' }, { full_name: 'Ada L' }],
    [{ 'your-name': 'Ada L' }, { full_name: 'Ada L' }],
    [{ first_name: 'Ada', last_name: 'L' }, { full_name: 'Ada L' }],
    [{ lastname: 'L', firstname: 'Ada' }, { full_name: 'Ada L' }],
    [{ name: 'Ada', surname: 'L' }, { full_name: 'Ada L' }],
    [{ name: 'Ada L', last_name: 'L' }, { full_name: 'Ada L' }],
    [{ name: 'Ada L', first_name: 'A', last_name: 'B' }, { full_name: 'Ada L' }],
    [{ name: '', first_name: 'Ada' }, { full_name: 'Ada' }],
    [{ name: asContent({ first: 'Ada', last: 'L' }) }, { full_name: 'Ada L' }],
    [{ 'fi-sender-firstName': 'Ada', 'fi-sender-lastName': 'L' }, { full_name: 'Ada L' }],
    [
      { email: 'a@b.c', company: 'Engines' },
      { full_name: 'Engines', company_name: 'Engines' },
    ],
    [{ email: 'a@b.c' }, { full_name: 'a@b.c', email: 'a@b.c' }],
    [
      { name: ' ', email: 'a@b.c' },
      { full_name: '', email: 'a@b.c' },
    ],
    [{ phone: '030 123456' }, { full_name: undefined, phone_number: '030 123456' }],
    [{ _replyto: 'a@b.c' }, { email: 'a@b.c' }],
    [{ replyto: 'x@b.c', Email: 'a@b.c' }, { email: 'a@b.c' }],
    [{ 'E-Mail': '\u200ba@b.c\ufeff' }, { email: 'a@b.c' }],
    [{ email: ['', 'a@b.c', 'a@b.c'] }, { email: 'a@b.c' }],
    [{ tel: '', mobile: '\u202a030 123456\u202c' }, { phone_number: '030 123456' }],
    [{ name: 'Ada\tL\u202e' }, { full_name: 'Ada L' }],
    [
      { email: 'a@b.c', company: 'X' },
      { full_name: 'a@b.c', company_name: 'X' },
    ],
    [
      { email: 'a@b.c', company: '1&1' },
      { full_name: 'a@b.c', company_name: '1&1' },
    ],
    [
      { email: 'a@b.c', company: '3M' },
      { full_name: '3M', company_name: '3M' },
    ],
    [{ organization: 'Engines' }, { company_name: 'Engines' }],
    [{ jobtitle: 'Countess', title: 'Dr' }, { position: 'Countess' }],
    [{ comments: 'a\r\nb' }, { notes: 'a\r\nb' }],
    [{ 'fi-text-message': 'hello' }, { notes: 'hello' }],
    [{ message: ['a', 'b'] }, { notes: 'a, b' }],
    [{ lead_source: 'Web', utm_source: 'news' }, { source: 'Web' }],
    [{ utm_source: 'news' }, { source: 'news' }],
    [{ utm_source: 'network_'.repeat(20) }, { source: `${'network_'.repeat(12)}netw` }],
    [{ topic: 'Sales' }, { category: 'Sales' }],
  ] as const)('%j', ([sent, fields], { expect }) => {
    expect(map(sent)).toMatchObject(fields);
  });

  it('may stand together in a group', ({ expect }) => {
    const contact = asContent({ name: 'Ada L', email: 'a@b.c' });
    const inputs = new Map([['contact.email', 'contact[email]']]);
    const lead = mapLead(asContent({ contact, commit: 'Send' }), { inputs });
    expect(lead.fields).toMatchObject({ full_name: 'Ada L', email: 'a@b.c' });
    expect(lead.inputs).toMatchObject({ email: 'contact[email]', full_name: 'contact.name' });
  });

  it('are taken from a group where the top leaves them empty', ({ expect }) => {
    const contact = asContent({ name: 'Ada L', email: 'a@b.c' });
    const lead = mapLead(asContent({ _replyto: '', email: ' ', contact }));
    expect(lead.fields).toMatchObject({ full_name: 'Ada L', email: 'a@b.c' });
  });

  it('are not taken from a group where the top has them', ({ expect }) => {
    const friend = asContent({ name: 'Bob', email: 'bob@b.c' });
    expect(map({ name: 'Ada', phone: '030 123456', friend })).toMatchObject({
      full_name: 'Ada',
      email: '',
      phone_number: '030 123456',
    });
  });

  it('may be a list, as HubSpot and Forminit send them', ({ expect }) => {
    const hubspot = mapLead(
      asContent({
        fields: [
          asContent({ objectTypeId: '0-1', name: 'email', value: 'a@b.c' }),
          asContent({ name: 'firstname', value: 'Ada' }),
          asContent({ name: 'lastname', value: 'L' }),
        ],
        context: asContent({ pageUri: 'https://shop.example/?utm_medium=mail', pageName: 'Home' }),
      }),
    );
    expect(hubspot.fields).toMatchObject({
      full_name: 'Ada L',
      email: 'a@b.c',
      attribution: { page: 'https://shop.example/?utm_medium=mail', utm_medium: 'mail' },
    });
    expect(hubspot.inputs).toMatchObject({ email: 'email', full_name: 'firstname' });
    const properties = asContent({ fullName: 'Ada L', email: 'a@b.c', company: 'Engines' });
    const forminit = map({
      blocks: [
        asContent({ type: 'tracking', properties: asContent({ utmSource: 'news' }) }),
        asContent({ type: 'sender', properties }),
        asContent({ type: 'text', name: 'message', value: 'hello' }),
      ],
    });
    expect(forminit).toMatchObject({
      full_name: 'Ada L',
      company_name: 'Engines',
      notes: 'hello',
      source: 'news',
    });
  });

  it('are those ten and no other, whatever is sent', ({ expect }) => {
    const sent = {
      ...{ id: 'lead_x', status: 'converted', form_id: 'form_x', created_at: '1', version: '9' },
      ...{ email_key: 'x', emailKey: 'x', seq: '1', verdict: 'accepted', lead_id: 'lead_x' },
      ...{ fields: asContent({ status: 'lost' }), attribution: asContent({ admin: 'x' }) },
    };
    expect(map(sent)).toEqual({
      full_name: undefined,
      email: '',
      phone_number: '',
      company_name: '',
      position: '',
      notes: '',
      category: '',
      source: null,
      attribution: {},
    });
  });

  it('name their inputs as the form has them', ({ expect }) => {
    const sent = { 'Your Name': '', 'E-Mail': 'x', Tel: '1', 'fi-text-message': 'y' };
    expect(mapLead(asContent(sent)).inputs).toEqual({
      full_name: 'Your Name',
      email: 'E-Mail',
      phone_number: 'Tel',
      notes: 'fi-text-message',
    });
    // Who asks for a phone number alone has no other input to mend.
    expect(mapLead(asContent({ phone: '' })).inputs).toMatchObject({ email: 'phone' });
  });
});

describe('where a visitor came from', () => {
  const page = 'https://shop.example/contact';
  it.for([
    [
      { utm_source: 'news', utmMedium: 'mail', gclid: 'x' },
      null,
      { utm_source: 'news', utm_medium: 'mail', gclid: 'x' },
    ],
    [{ 'fi-tracking-utmCampaign': 'june' }, null, { utm_campaign: 'june' }],
    [{ source_url: `${page}?utm_term=a` }, null, { page: `${page}?utm_term=a`, utm_term: 'a' }],
    [
      { page: '/contact', referrer: 'https://a.example/' },
      null,
      { page: '/contact', referrer: 'https://a.example/' },
    ],
    [{ page: '2', referrer: 'a friend' }, null, {}],
    [{}, `${page}?utm_source=news&token=secret#x`, { page, utm_source: 'news' }],
    [{ page: '/mine' }, `${page}?utm_source=news`, { page: '/mine' }],
    [{ utm_source: 'mine' }, `${page}?utm_source=news`, { page, utm_source: 'mine' }],
    [{ utm_source: 'a\u0000b\u202e' }, 'no address', { utm_source: 'a b' }],
  ] as const)('%j from %j', ([sent, referer, attribution], { expect }) => {
    expect(map(sent, referer)).toMatchObject({ attribution });
    expect(Object.keys(map(sent, referer)['attribution'] as object)).toEqual(
      expect.arrayContaining(Object.keys(attribution)),
    );
  });

  it('is cut to what is stored, between characters', ({ expect }) => {
    const attribution = map({ gclid: '😀'.repeat(300) }, `${page}/${'a'.repeat(3_000)}`)[
      'attribution'
    ] as Record<string, string>;
    expect(Array.from(attribution['gclid'] ?? '')).toHaveLength(255);
    expect(attribution['page']).toHaveLength(2_048);
  });
});
