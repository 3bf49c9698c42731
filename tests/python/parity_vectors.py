"""The hand-written part of the operations on vectors, and the small embedder that the runner of every language has."""


def letters(text):
    """Counts letters."""
    return [0.125 + text.count(chr(ord("a") + at)) for at in range(26)]


def embed(texts):
    if "poison" in texts:
        raise ValueError("it was poisoned")
    return [letters(text) for text in texts]


VECTOR_OPERATIONS = {
    "indexVectors": lambda han, args: han.index_vectors(args.get("model"), args.get("items")),
    "searchVectors": lambda han, args: han.search_vectors(args),
    "registerLetters": lambda han, args: han.register_embedder("letters", 26, embed),
}
