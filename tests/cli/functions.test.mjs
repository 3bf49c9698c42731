import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../node/dist/input/day.js';
import { parseInstant } from '../../node/dist/input/time.js';
import { parseProject } from '../../node/dist/input/values.js';
import { answerLines, answerTable } from '../../node/dist/output/answer.js';
import { printReport } from '../../node/dist/output/doctor-report.js';
import { progressReporter } from '../../node/dist/output/progress.js';
import { highlighted } from '../../node/dist/output/snippet.js';
import { fitWidth, pad, printable } from '../../node/dist/output/text.js';
import { dollars, duration, percent } from '../../node/dist/output/units.js';

test('times are read in the local zone unless they name one', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  assert.equal(parseInstant('7d', now), '2026-03-03T12:00:00.000Z');
  assert.equal(parseInstant('12h', now), '2026-03-10T00:00:00.000Z');
  assert.equal(parseInstant('2026-01-31T08:15:00Z'), '2026-01-31T08:15:00.000Z');
  assert.equal(parseInstant('2026-01-31T08:15:00.5+02:00'), '2026-01-31T06:15:00.500Z');
  assert.equal(parseInstant('2026-01-31 08:15+0200'), '2026-01-31T06:15:00.000Z');
  assert.equal(parseInstant('2026-01-31'), new Date(2026, 0, 31).toISOString());
  assert.equal(parseInstant('2024-02-29'), new Date(2024, 1, 29).toISOString());
  for (const bad of ['', 'now', '2026', '2026-13-01', '2026-02-29', '2026-01-31T25:00', '999999w']) {
    assert.throws(() => parseInstant(bad, now), { code: 'commander.invalidArgument' }, bad);
  }
});

test('a day stays a day, a time or an age becomes an instant', () => {
  assert.equal(parseDay('2026-01-31'), '2026-01-31');
  assert.equal(parseDay('2026-01-31T08:15Z'), '2026-01-31T08:15:00.000Z');
  assert.match(parseDay('7d'), /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.throws(() => parseDay('2026-02-30'), { code: 'commander.invalidArgument' });
});

test('a project is an id or a folder', () => {
  assert.equal(parseProject('-home-me-shop'), '-home-me-shop');
  assert.equal(parseProject('/home/me/my.shop_1'), '-home-me-my-shop-1');
});

test('matches are painted though cleaning moves the offsets', () => {
  const paint = (match) => `<${match}>`;
  const snippet = '…\u001b[31m one\ntwo\u0000 three';
  const start = snippet.indexOf('two');
  assert.equal(highlighted(snippet, [{ start, end: start + 3 }], paint), '… one <two> three');
  assert.equal(
    highlighted(
      'ab',
      [
        { start: 0, end: 1 },
        { start: 1, end: 2 },
      ],
      paint,
    ),
    '<a><b>',
  );
  assert.equal(highlighted('plain', [], paint), 'plain');
});

test('text is cut and filled by columns, not by characters', () => {
  assert.equal(fitWidth('abcdef', 6), 'abcdef');
  assert.equal(fitWidth('abcdefg', 6), 'abcde…');
  assert.equal(fitWidth('漢字漢字', 6), '漢字…');
  assert.equal(fitWidth('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 5), '👩‍👩‍👧👩‍👩‍👧…');
  assert.equal(pad('漢', 4), '漢  ');
  assert.equal(pad('7', 3, 'right'), '  7');
});

test('printable keeps lines, tabs and every script', () => {
  assert.equal(printable('a\tb\r\nc\u001b[1md é 漢 👩‍👩‍👧'), 'a\tb\ncd é 漢 👩‍👩‍👧');
});

test('units are human-readable', () => {
  assert.equal(percent(1, 3), '33 %');
  assert.equal(percent(999, 1_000), '99 %');
  assert.equal(percent(0, 0), '100 %');
  assert.equal(duration(350), '350ms');
  assert.equal(duration(80_000), '1m 20s');
  assert.deepEqual([0, 0.004, 0.014, 1234.5].map(dollars), ['$0.00', '<$0.01', '$0.01', '$1,234.50']);
});

test('a pipe gets the progress of a long scan now and then, not at every step', () => {
  const lines = [];
  let time = 0;
  const output = { isJson: false, isNoteTerminal: false, note: (line) => lines.push(line) };
  const progress = progressReporter(output, () => time);
  for (let done = 0; done <= 100; done += 1) {
    time = done * 100;
    progress.report({
      filesDone: done,
      filesTotal: 100,
      bytesDone: done * 1e6,
      bytesTotal: 1e8,
      messagesIndexed: done,
      path: null,
    });
  }
  progress.end();
  assert.deepEqual(lines, [
    ' 10 %  10 MB of 100 MB  9s left  10 of 100 files',
    ' 60 %  60 MB of 100 MB  4s left  60 of 100 files',
  ]);
});

function answerOf(names, rows) {
  return { columns: names.map((name) => ({ name, type: null })), rows, isTruncated: false };
}

test('the answer of a statement is one line per row for a program, however many there are', () => {
  const values = ['a\tb\r\nc  d\u001b[31m', null, 1.5, { hex: '00ff' }];
  const rows = Array.from({ length: 200_000 }, () => values);
  const lines = [...answerLines(answerOf(['text', 'none', 'x\ty', 'blob'], rows))].join('').split('\n');
  assert.equal(lines.length, rows.length + 2);
  assert.equal(lines[0], 'text\tnone\tx y\tblob');
  assert.equal(lines[1], "a b c  d\t\t1.5\tx'00ff'");
  assert.equal(lines[200_000], lines[1]);
  assert.deepEqual([...answerLines(answerOf(['none'], []))], ['none\n']);
});

test('the answer of a statement fits a terminal: wide columns give way, narrow ones do not', () => {
  const text = 'word '.repeat(100_000);
  const lines = (answer, columns) =>
    answerTable(answer, columns, (title) => title)
      .trimEnd()
      .split('\n');
  const answer = answerOf(
    ['id', 'one', 'two', 'n'],
    [
      ['7f3c', text, text, 12],
      ['7f3d', 'short', null, 3],
    ],
  );
  const [titles, first, second] = lines(answer, 60);
  assert.match(titles, /^id {4}one {20,}two {20,}n$/);
  assert.match(first, /^7f3c {2}(word ){4}.*… +(word ){4}.*… +12$/);
  assert.match(second, /^7f3d {2}short +3$/);
  for (const line of [titles, first, second]) assert.ok(line.length <= 60, line);
  assert.deepEqual(lines(answerOf(['n'], [[1], [20]]), 60), [' n', ' 1', '20']);
  const many = Array.from({ length: 40 }, () => text);
  assert.equal(lines(answerOf(many, [many]), 60)[1].length, 40 * 8 + 39 * 2);
  const rows = Array.from({ length: 200_000 }, (_, index) => [index]);
  assert.equal(lines(answerOf(['n'], rows), 60).length, rows.length + 1);
});

test('doctor prints a warning, which is not damage', async () => {
  let printed = '';
  const same = (text) => text;
  const output = {
    colors: { green: same, red: same, yellow: same },
    write: async (text) => {
      printed += text;
    },
    note: (text) => assert.fail(text),
  };
  const warnings = [{ code: 'shared_page_cache', message: 'SQLite was built\nfor one cache' }];
  await printReport(output, { isHealthy: true, filesChecked: 2, issues: [], warnings }, false);
  assert.equal(printed, 'warning  SQLite was built for one cache (shared_page_cache)\nhealthy  2 files checked\n');
});
