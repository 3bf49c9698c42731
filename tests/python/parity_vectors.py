"""The operations on vectors of a parity script, and the small embedder that the runner of every language has."""


def letters(text):
    """Counts letters."""
    return [0.125 + text.count(chr(ord("a") + at)) for at in range(26)]


def embed(texts):
    if "poison" in texts:
        raise ValueError("it was poisoned")
    return [letters(text) for text in texts]


VECTOR_OPERATIONS = {
    "indexVectors": lambda han, args: han.index_vectors(args["model"], args["items"]),
    "searchVectors": lambda han, args: han.search_vectors(args),
    "vectors.models": lambda han, args: han.vectors_models(**args),
    "vectors.pending": lambda han, args: han.vectors_pending(args),
    "vectors.remove": lambda han, args: han.vectors_remove(**args),
    "vectors.embedPending": lambda han, args: han.embed_pending(**args),
    "loadEmbedder": lambda han, args: han.load_embedder(**args),
    "registerLetters": lambda han, args: han.register_embedder("letters", 26, embed),
}
