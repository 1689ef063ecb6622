import { toPlainText, withoutInvisible } from '../lib/plain-text.ts';
import type { Group } from './field-groups.ts';
import { firstCharacters } from '../lib/text.ts';

const parameters = [
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'],
  ...['gclid', 'gbraid', 'wbraid', 'fbclid', 'msclkid', 'ttclid', 'li_fat_id'],
];

/** What other services call the page, Basin and HubSpot among them. */
const pages = ['page', 'pageurl', 'pageuri', 'sourceurl', 'landingpage'];
const referrers = ['referrer', 'referer', 'referrerurl'];

const longest = { parameter: 255, address: 2_048 };

/**
 * Where a visitor came from: what the form says of it, else what the address of the page says. Cut to what is
 * stored, since nobody typed it and nobody could mend it. The `Referer` header is kept without its query, in which
 * sites put what they like.
 */
export function findAttribution(groups: Group[], referer: string | null): Record<string, string> {
  const said = (name: string) =>
    groups.map((group) => group.get(name)?.text ?? '').find((text) => text !== '');
  // A form of several pages numbers them.
  const address = (named: string[]) =>
    named.map(said).find((text) => /^(https?:\/)?\//i.test(text ?? ''));
  const page = address(pages);
  const from = page ?? referer ?? '';
  const query = URL.canParse(from) ? new URL(from).searchParams : new URLSearchParams();
  const found = parameters.map(
    (name) => [name, said(name.replaceAll('_', '')) ?? query.get(name), longest.parameter] as const,
  );
  return Object.fromEntries(
    [
      ...found,
      ['page', page ?? withoutQuery(referer), longest.address] as const,
      ['referrer', address(referrers), longest.address] as const,
    ]
      .map(([name, text, room]) => [name, cut(text ?? '', room)] as const)
      .filter(([, text]) => text !== ''),
  );
}

function withoutQuery(address: string | null): string {
  if (address === null || !URL.canParse(address)) return '';
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

function cut(text: string, room: number): string {
  const tidy = withoutInvisible(toPlainText(text));
  return firstCharacters(tidy, room).trim();
}
