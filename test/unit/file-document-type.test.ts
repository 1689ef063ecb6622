import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { readDocumentType } from '../../src/lib/document-type.ts';
import { bytesOf, makeDocx, makeOle, makePdf, makeText, makeZip } from '../support/sample-files.ts';

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

describe('the kind of a document', () => {
  it('is known by its bytes', ({ expect }) => {
    expect(readDocumentType(makePdf())).toBe('application/pdf');
    expect(readDocumentType(makeOle('1Table', 'WordDocument'))).toBe('application/msword');
    expect(readDocumentType(makeDocx('word/styles.xml'))).toBe(docx);
    expect(readDocumentType(makeZip('[Content_Types].xml', 'word/document2.xml'))).toBe(docx);
    expect(readDocumentType(bytesOf(makeDocx(), 'a comment'))).toBe(docx);
    for (const text of ['Grüße, Zoë\r\n\tund 1 < 2 > 0', '\ufeffمرحبا', 'I <3 it; a<b', '👩‍👩‍👧‍👦']) {
      expect(readDocumentType(makeText(text)), text).toBe('text/plain');
    }
  });

  it.for([
    ['nothing', ''],
    ['HTML', '<!DOCTYPE html><p>Hello'],
    ['HTML after blanks', '\n\t <p>Hello'],
    ['HTML after a BOM', '\ufeff<b>Hello'],
    ['HTML after a text', 'Hello\n<HTML><body>'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['XML', '<?xml version="1.0"?><svg/>'],
    ['a script in a page', 'text <ScRiPt src="//evil.example">'],
    ['a frame', 'text <iframe src="//evil.example">'],
    ['a shell script', '#!/bin/sh\nrm -rf ~\n'],
    ['a batch file', '@echo off\r\ndel *.*\r\n'],
    ['PHP', 'hello <?php system($_GET["c"]);'],
    ['PostScript', '%!PS-Adobe-3.0\n'],
    ['half a PDF', '%PDF1'],
    ['rich text, which may hold anything', '{\\rtf1\\ansi Hello}'],
    ['control characters', 'a\u0000b'],
    ['escapes', 'a\u001b[31mb'],
  ])('is none that a form takes: %s', ([, text = ''], { expect }) => {
    expect(readDocumentType(makeText(text))).toBeNull();
  });

  it.for<[string, Uint8Array]>([
    ['a program for Windows', bytesOf('MZ\x90\0\x03\0\0\0', Array(64).fill(0))],
    ['a program for Linux', bytesOf('\x7fELF\x02\x01\x01\0', Array(64).fill(0))],
    ['WebAssembly', bytesOf('\0asm\x01\0\0\0')],
    ['an installer', makeOle('DigitalSignature', '!_StringPool')],
    ['a spreadsheet', makeOle('Workbook')],
    ['a Word document with macros', makeOle('WordDocument', '_VBA_PROJECT')],
    ['a docx with macros', makeDocx('word/vbaProject.bin')],
    ['a ZIP', makeZip('a.txt', 'run.exe')],
    ['a ZIP with a name like a docx has', makeZip('word/document.xml')],
    ['a ZIP that hides its directory', makeDocx().subarray(0, -10)],
    ['a ZIP behind a program', bytesOf('MZ', makeDocx())],
    ['a JAR', makeZip('META-INF/MANIFEST.MF')],
    ['text in UTF-16', bytesOf('\xff\xfeH\0i\0')],
    ['text in Latin-1', bytesOf('Gr\xfc\xdfe')],
  ])('is none that a form takes: %s', ([, bytes], { expect }) => {
    expect(readDocumentType(bytes)).toBeNull();
  });

  it('is found out without a failure, whatever the bytes', ({ expect }) => {
    const bases = [makePdf(), makeOle('WordDocument'), makeDocx('word/styles.xml')];
    const change = fc.tuple(fc.nat({ max: 900 }), fc.integer({ min: 0, max: 255 }));
    const allowed = [null, 'application/pdf', 'application/msword', docx, 'text/plain'];
    fc.assert(
      fc.property(
        fc.constantFrom(...bases),
        fc.array(change, { maxLength: 20 }),
        fc.nat({ max: 1_000 }),
        (base, changes, length) => {
          const bytes = base.slice(0, length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          expect(allowed).toContain(readDocumentType(bytes));
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('is not long looked for in a directory that leads astray', ({ expect }) => {
    const zip = makeDocx();
    const end = zip.length - 22;
    // 65,535 entries, all of them the same one.
    zip.set([255, 255], end + 10);
    expect(readDocumentType(zip)).toBeNull();
    zip.set([255, 255, 255, 255], end + 16);
    expect(readDocumentType(zip)).toBeNull();
  });
});
