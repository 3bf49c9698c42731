"""Operations on vectors: stored, embedded by a small embedder that every language has, searched, removed."""

import json
import struct

WORDS = ["[UNK]", "error", "test", "file", "the"]
ROWS = [0, 0, 1, 0, 0.5, 0.5, 0, 1, 0.25, -0.25]


def write_model(folder):
    """A small model of static embeddings, in the format of model2vec."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: index for index, word in enumerate(WORDS)}
    tokenizer = {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }
    data = struct.pack(f"<{len(ROWS)}f", *ROWS)
    tensors = {"embeddings": {"dtype": "F32", "shape": [len(WORDS), 2], "data_offsets": [0, len(data)]}}
    header = json.dumps(tensors).encode()
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    (folder / "config.json").write_text('{"normalize": true}', encoding="utf-8")
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + data)


def vector_steps(ids, session, folder):
    static = {"query": "a test of the error", "model": "words", "first": 5}
    given = [
        {"messageId": ids[0], "vector": [1, 0.5, -0.25]},
        {"messageId": ids[1], "chunk": 0, "field": "user", "start": 0, "end": 4, "vector": [0.1, 2, 3]},
        {"messageId": ids[1], "chunk": 1, "vector": [1, 1, 1]},
        {"messageId": "nonsense", "vector": [1, 2, 3]},
    ]
    near = [0.9, 0.6, 0.1]
    letters = {"query": "the error in the test", "model": "letters", "first": 6}
    return [
        {"op": "vectors.models"},
        {"op": "searchVectors", "args": {"vector": near}},
        {"op": "indexVectors", "args": {"model": "given", "items": given}},
        {"op": "indexVectors", "args": {"model": "given", "items": []}},
        {"op": "indexVectors", "args": {"model": "given", "items": [{"messageId": ids[0], "vector": [1, 2]}]}},
        {"op": "indexVectors", "args": {"model": "given", "items": [{"messageId": ids[0], "vector": [0, 0, 0]}]}},
        {"op": "indexVectors", "args": {"model": "", "items": given}},
        {"op": "indexVectors", "args": {"model": "given", "items": [{**given[0], "bogus": 1}]}},
        {"op": "vectors.models"},
        {"op": "searchVectors", "args": {"vector": near}},
        {"op": "searchVectors", "args": {"vector": near, "model": "given", "sessionId": session, "first": 1}},
        {"op": "searchVectors", "args": {"vector": near, "fields": ["title"], "until": "2000-01-01"}},
        {"op": "searchVectors", "args": {"vector": [1, 2]}},
        {"op": "searchVectors", "args": {"vector": near, "model": "unknown"}},
        {"op": "searchVectors", "args": {"vector": near, "bogus": 1}},
        {"op": "search", "args": {"query": "test", "mode": "hybrid", "vector": near, "first": 8}},
        {"op": "search", "args": {"query": "", "mode": "vector", "vector": near}},
        {"op": "search", "args": {"query": "test", "mode": "hybrid"}},
        {"op": "search", "args": {"query": "test", "mode": "text", "vector": near}},
        {"op": "search", "args": {"query": "test", "mode": "sideways"}},
        {"op": "vectors.pending", "args": {"model": "letters", "first": 3}},
        {"op": "vectors.pending", "args": {"model": "letters", "first": 0}},
        {"op": "vectors.embedPending", "args": {"model": "letters"}},
        {"op": "registerLetters"},
        {"op": "vectors.embedPending", "args": {"model": "letters", "limit": 40}},
        {"op": "vectors.embedPending", "args": {"model": "letters", "limit": 0}},
        {"op": "vectors.embedPending", "args": {"model": "letters"}},
        {"op": "vectors.embedPending", "args": {"model": "letters"}},
        {"op": "vectors.pending", "args": {"model": "letters"}},
        {"op": "vectors.models"},
        {"op": "search", "args": {**letters, "mode": "vector"}},
        {"op": "search", "args": {**letters, "mode": "hybrid"}},
        {"op": "search", "args": {**letters, "mode": "hybrid", "sessionId": session, "fields": ["user", "assistant"]}},
        {"op": "search", "args": {**letters, "mode": "vector", "query": "poison"}},
        {"op": "search", "args": {**letters, "mode": "vector", "query": " "}},
        {"op": "loadEmbedder", "args": {"folder": str(folder / "nowhere")}},
        {"op": "loadEmbedder", "args": {"folder": str(folder)}},
        {"op": "search", "args": {"query": "test", "mode": "vector"}},
        {"op": "loadEmbedder", "args": {"folder": str(folder), "model": "words"}},
        {"op": "vectors.embedPending", "args": {"model": "words", "limit": 100}},
        {"op": "search", "args": {**static, "mode": "vector"}},
        {"op": "search", "args": {**static, "mode": "hybrid"}},
        *({"op": "vectors.remove", "args": {"model": model}} for model in ["given", "given", "letters", "words"]),
        {"op": "vectors.models"},
    ]


def table_steps(ids, folder):
    """Steps that need no hand-written code, so that C runs them, too."""
    near = [0.9, 0.6]
    return [
        {"op": "vectors.models"},
        {"op": "vectors.pending", "args": {"model": "words", "first": 2}},
        {"op": "vectors.embedPending", "args": {"model": "words", "limit": 3}},
        {"op": "loadEmbedder", "args": {"folder": str(folder), "model": "words"}},
        {"op": "vectors.embedPending", "args": {"model": "words", "limit": 50}},
        {"op": "vectors.models"},
        {"op": "searchVectors", "args": {"vector": near, "first": 4}},
        {"op": "searchVectors", "args": {"vector": [1]}},
        {"op": "search", "args": {"query": "the error", "mode": "hybrid", "first": 4}},
        {"op": "vectors.remove", "args": {"model": "words"}},
        {"op": "vectors.remove", "args": {"model": "words"}},
    ]
