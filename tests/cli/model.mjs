// A small model of static embeddings, in the format of model2vec.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Words close to each other, by row: forms and validators, parsers and lines, tests. */
const rows = {
  '[UNK]': [0, 0, 0],
  form: [1, 0, 0],
  login: [1, 0.1, 0],
  validator: [0.9, 0, 0.1],
  checker: [0.9, 0, 0.1],
  parser: [0, 1, 0],
  line: [0, 1, 0.1],
  grammar: [0, 1, 0],
  tests: [0, 0.1, 1],
};

/** Writes the three files of a model into a new folder. */
export function writeModel(folder) {
  mkdirSync(folder, { recursive: true });
  const words = Object.keys(rows);
  const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  };
  const data = Buffer.from(Float32Array.from(words.flatMap((word) => rows[word])).buffer);
  const header = Buffer.from(
    JSON.stringify({ embeddings: { dtype: 'F32', shape: [words.length, 3], data_offsets: [0, data.length] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, header, data]));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'model2vec', normalize: true }));
  return folder;
}
