/** What a browser makes of a page: its elements in their order, with their attributes, and its text. */
export type ReadPage = {
  elements: { tag: string; attributes: Record<string, string> }[];
  text: string;
};

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Reads HTML with the parser of the platform. */
export async function readPage(response: Response): Promise<ReadPage> {
  const page: ReadPage = { elements: [], text: '' };
  const rewriter = new HTMLRewriter().on('*', {
    element({ tagName, attributes }) {
      const read = [...attributes].map(([name = '', value = '']) => [name, decode(value)]);
      page.elements.push({ tag: tagName, attributes: Object.fromEntries(read) });
    },
    text({ text }) {
      page.text += text;
    },
  });
  await rewriter.transform(response).text();
  return { ...page, text: decode(page.text).replaceAll(/[ \n]+/g, ' ') };
}

/** What the form on a page would send, as it stands. */
export function inputsOf({ elements }: ReadPage): [name: string, value: string][] {
  return elements
    .filter(
      ({ attributes }) => attributes['name'] !== undefined && attributes['value'] !== undefined,
    )
    .map(({ attributes }) => [attributes['name'] ?? '', attributes['value'] ?? '']);
}

function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');
}
