import type { Block, Message, MessageBlocks } from '../native.js';
import type { Output } from './output.js';
import { fitWidth, indent, printable, printableLine, wrap } from './text.js';
import { localClock, localDay } from './units.js';

/** How many lines of a tool's result are shown. */
const shownResultLines = 8;

/** How much of a line of a tool's input or result is shown if no terminal limits it. */
const shownColumns = 200;

/** How a conversation is laid out. */
export interface Layout {
  /** Whether inputs and results of tools are shown in full. */
  isWhole: boolean;
  /** The width that lines are wrapped or cut to; undefined if they stay as they are. */
  columns: number | undefined;
}

/** One thing that a message says. */
type Part =
  | { kind: 'prompt' | 'answer' | 'thinking' | 'event'; text: string }
  | { kind: 'call'; name: string; text: string }
  | { kind: 'result'; isError: boolean; text: string };

/** How parts are grouped: tools have no blank lines between them, everything else is a paragraph of its own. */
type Group = 'tools' | 'paragraph';

/** Turns records into the text of a conversation, one by one; it remembers who spoke last, how, and on which day. */
export class Conversation {
  private speaker = '';
  private group: Group = 'paragraph';
  private day = '';

  constructor(
    private readonly colors: Output['colors'],
    private readonly layout: Layout,
  ) {}

  /** The text of the next message; empty for one that no reader of a conversation needs. */
  next(message: Message, content: MessageBlocks): string {
    let text = '';
    for (const part of parts(message, content)) {
      const body = this.body(part);
      if (body === '') continue;
      text += (this.heading(part, message) || this.gap(part)) + body;
      this.group = groupOf(part);
    }
    return text;
  }

  private heading(part: Part, message: Message): string {
    const { bold, cyan, green, dim } = this.colors;
    const date = message.effectiveTimestamp ? new Date(message.effectiveTimestamp) : undefined;
    let heading = '';
    if (date && localDay(date) !== this.day) {
      this.day = localDay(date);
      this.speaker = '';
      heading += `\n${dim(`── ${this.day} ──`)}\n`;
    }
    const agent = message.agentId ? ` ${dim(`agent ${printableLine(message.agentId)}`)}` : '';
    const speaker = (part.kind === 'prompt' ? 'you' : part.kind === 'event' ? 'event' : 'assistant') + agent;
    // Each prompt has a heading; consecutive parts of an assistant share one.
    if (speaker === this.speaker && part.kind !== 'prompt') return heading;
    this.speaker = speaker;
    if (part.kind === 'event') return `${heading}\n`;
    const name = part.kind === 'prompt' ? bold(cyan('you')) : bold(green('assistant'));
    const fate = part.kind === 'prompt' && message.isRewound ? ` ${dim('rewound')}` : '';
    return `${heading}\n${name}${agent}${fate}${date ? ` ${dim(localClock(date))}` : ''}\n`;
  }

  private gap(part: Part): string {
    const isClose = part.kind === 'event' || (groupOf(part) === 'tools' && this.group === 'tools');
    return isClose ? '' : '\n';
  }

  private body(part: Part): string {
    const { bold, dim, italic, red } = this.colors;
    const text = printable(part.text).replace(/^\s*\n|\s+$/g, '');
    if (part.kind === 'call') {
      const name = printableLine(part.name);
      return `  ${dim('→')} ${bold(name)}${text && ` ${this.cutLine(printableLine(text), name.length + 5)}`}\n`;
    }
    if (text === '') return '';
    switch (part.kind) {
      case 'prompt':
      case 'answer':
        return `${indent(this.wrap(text), '  ')}\n`;
      case 'thinking':
        return `${indent(
          everyLine(this.wrap(text), (line) => dim(italic(line))),
          '  ',
        )}\n`;
      case 'result': {
        const shown = indent(everyLine(this.cut(text), part.isError ? red : dim), '    ');
        return `  ${dim('←')} ${shown.slice(4)}\n`;
      }
      case 'event':
        return `${dim(`· ${printableLine(text)}`)}\n`;
    }
  }

  private wrap(text: string): string {
    return wrap(this.untabbed(text), this.layout.columns === undefined ? undefined : this.layout.columns - 2);
  }

  /** Only the terminal knows the width of a tab: if lines must fit, it is replaced with spaces. */
  private untabbed(text: string): string {
    return this.layout.columns === undefined ? text : text.replaceAll('\t', '    ');
  }

  private cutLine(line: string, room = 4): string {
    if (this.layout.isWhole) return line;
    const columns = this.layout.columns === undefined ? shownColumns : Math.max(20, this.layout.columns - room);
    // A line of a megabyte is not measured to show its beginning.
    return fitWidth(line.slice(0, columns * 10), columns);
  }

  private cut(text: string): string {
    const lines = this.untabbed(text).split('\n');
    const isShort = this.layout.isWhole || lines.length <= shownResultLines + 1;
    const shown = (isShort ? lines : lines.slice(0, shownResultLines)).map((line) => this.cutLine(line));
    return [...shown, ...(isShort ? [] : [`… ${lines.length - shownResultLines} more lines`])].join('\n');
  }
}

/** What a message says to the reader of a conversation. */
function parts(message: Message, { isBookkeeping, turn, blocks }: MessageBlocks): Part[] {
  if (isBookkeeping) return [];
  // A prompt typed while the agent worked is a record of another type.
  if (turn !== 'prompt' && message.type !== 'user' && message.type !== 'assistant') {
    const label = message.subtype ?? message.type;
    return [{ kind: 'event', text: message.preview === '' ? label : `${label}: ${message.preview}` }];
  }
  // Long text that the agent program inserts is represented by its preview.
  const said = (text: string): Part => ({ kind: turn, text: turn === 'event' ? message.preview || text : text });
  return blocks.flatMap((block) => blockParts(message, block, said));
}

function blockParts(message: Message, block: Block, said: (text: string) => Part): Part[] {
  switch (block.type) {
    case 'text':
      return [said(block.text)];
    case 'thinking':
      return [{ kind: 'thinking', text: block.text }];
    case 'toolCall':
      return [{ kind: 'call', name: block.name ?? '', text: block.summary }];
    case 'toolResult':
      return [{ kind: 'result', isError: block.isError, text: block.text }];
    case 'image':
      // The text of a result says where its pictures are.
      return block.toolUseId === null ? [{ kind: 'event', text: '[image]' }] : [];
    case 'other':
      // A message without content is shown by its preview.
      return [block.kind === message.type ? said(block.text) : { kind: 'event', text: `[${block.kind}]` }];
  }
}

function groupOf(part: Part): Group {
  return part.kind === 'call' || part.kind === 'result' ? 'tools' : 'paragraph';
}

/** Paints line by line: a pager that scrolls into the middle keeps the colour. */
function everyLine(text: string, paint: (line: string) => string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : paint(line)))
    .join('\n');
}
