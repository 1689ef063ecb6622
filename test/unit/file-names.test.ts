import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { safeFilename } from '../../src/files/safe-filename.ts';
import { attachmentNamed } from '../../src/lib/attachment.ts';

describe('the name of a file', () => {
  it.for([
    ['Lebenslauf – Zoë.pdf', 'Lebenslauf – Zoë.pdf'],
    ['SCAN.PDF', 'SCAN.PDF'],
    ['C:\\Users\\Zoë\\cv.pdf', 'cv.pdf'],
    ['../../etc/passwd', 'passwd.pdf'],
    ['run.js', 'run.js.pdf'],
    ['cv.pdf.exe', 'cv.pdf.exe.pdf'],
    ['cv\u202efdp.exe', 'cv fdp.exe.pdf'],
    ['a\u0000b\r\nc.pdf', 'a b c.pdf'],
    ['"<a>|b?*:c%00.pdf', '__a__b___c_00.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['-rf.pdf', 'rf.pdf'],
    ['cv. . .', 'cv.pdf'],
    ['', 'file.pdf'],
    ['.pdf', 'pdf.pdf'],
    ['...', 'file.pdf'],
    ['الملف.pdf', 'الملف.pdf'],
    [`${'ä'.repeat(300)}.pdf`, `${'ä'.repeat(120)}.pdf`],
  ] as const)('%j becomes %j', ([given, kept], { expect }) => {
    expect(safeFilename(given, 'application/pdf')).toBe(kept);
  });

  it('is one part of a path with the ending of its content, whatever was sent', ({ expect }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const name = safeFilename(given, 'text/plain');
        expect(name).toMatch(
          /^[^\p{Cc}\p{Cf}\p{Cs}/\\<>:"|?*%.\s-][^\p{Cc}\p{Cf}\p{Cs}/\\<>:"|?*%]*\.txt$/iu,
        );
        expect(name.isWellFormed()).toBe(true);
        expect(Array.from(name).length).toBeLessThanOrEqual(124);
        expect(safeFilename(name, 'text/plain')).toBe(name);
      }),
      { numRuns: 1_000 },
    );
  });

  it('goes into a header as it is, and in ASCII', ({ expect }) => {
    expect(attachmentNamed("Zoë's (1)*.pdf")).toBe(
      `attachment; filename="Zoe_s (1)_.pdf"; filename*=UTF-8''Zo%C3%AB%27s%20%281%29%2A.pdf`,
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (name) => {
        const header = attachmentNamed(name);
        expect(header).toMatch(
          /^attachment; filename="[\w.() -]*"; filename\*=UTF-8''(?:[\w.!~-]|%[0-9A-F]{2})*$/,
        );
        const [, encoded = ''] = header.split("''");
        expect(decodeURIComponent(encoded)).toBe(name.toWellFormed());
      }),
      { numRuns: 1_000 },
    );
  });
});
