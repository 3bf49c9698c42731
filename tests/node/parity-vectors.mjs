// The operations on vectors of a parity script, and the small embedder that the runner of every language has.

/** Counts letters. */
function letters(text) {
  const counts = new Float32Array(26).fill(0.125);
  for (const letter of text) if (/^[a-z]$/.test(letter)) counts[letter.codePointAt(0) - 97] += 1;
  return counts;
}

const embedder = {
  model: 'letters',
  dimensions: 26,
  async embed(texts) {
    if (texts.includes('poison')) throw new Error('it was poisoned');
    return texts.map(letters);
  },
};

export const VECTOR_OPERATIONS = {
  indexVectors: (han, { model, items }) =>
    han.indexVectors({ model, items: items.map((item) => ({ ...item, vector: Float32Array.from(item.vector) })) }),
  registerLetters: (han) => han.registerEmbedder(embedder),
};
