"""Vectors through ctypes: passed, or made by an embedder that is written in Python."""

from parity_vectors import embed, letters
from support import SESSION, Case, run_tests


class Vectors(Case):
    def test_vectors_are_stored_found_and_removed(self):
        opened = self.open()
        opened.scan()
        ids = [message["id"] for message in opened.messages.list({"sessionId": SESSION})["items"]]
        items = [{"messageId": ids[0], "vector": [1, 0]}, {"messageId": ids[1], "chunk": 3, "vector": (0.25, 1)}]
        report = opened.index_vectors("m", items + [{"messageId": "nonsense", "vector": [1, 1]}])
        self.assertEqual(report, {"messages": 2, "vectors": 2, "unknown": ["nonsense"]})
        hits = opened.search_vectors({"vector": [0, 1], "model": "m"})["items"]
        self.assertEqual([(hit["message"]["id"], hit["chunk"]) for hit in hits], [(ids[1], 3), (ids[0], 0)])
        self.assertEqual(opened.vectors.models()[0]["vectors"], 2)
        self.fails("HAN_INVALID_ARGUMENT", opened.index_vectors, "m", [{"messageId": ids[0], "vector": [1, 2, 3]}])
        self.fails("HAN_INVALID_ARGUMENT", opened.search_vectors, {"vector": [float("nan"), 1]})
        self.assertEqual(opened.vectors.remove("m"), {"vectors": 2})
        self.fails("HAN_NOT_FOUND", opened.vectors.remove, "m")

    def test_an_embedder_embeds_what_is_pending_and_queries(self):
        opened = self.open()
        opened.scan()
        asked = []

        def remember(texts):
            asked.extend(texts)
            return embed(texts)

        opened.register_embedder("letters", 26, remember)
        pending = opened.vectors.pending({"model": "letters"})["items"]
        told = []
        report = opened.vectors.embed_pending("letters", on_progress=told.append)
        self.assertEqual((report["messages"], report["hasMore"]), (len(pending), False))
        self.assertEqual(told, [{"messages": report["messages"], "vectors": report["vectors"]}])
        self.assertEqual(asked, [chunk["text"] for message in pending for chunk in message["chunks"]])
        self.assertEqual(opened.vectors.pending({"model": "letters"})["items"], [])
        hits = opened.search({"query": asked[0], "mode": "hybrid"})["items"]
        self.assertEqual((hits[0]["message"]["id"], hits[0]["vectorRank"]), (pending[0]["messageId"], 1))
        hits = opened.search_vectors({"vector": letters(asked[0])})["items"]
        self.assertEqual(hits[0]["message"]["id"], pending[0]["messageId"])
        with self.assertRaisesRegex(Exception, "letters failed: it was poisoned"):
            opened.search({"query": "poison", "mode": "vector"})

    def test_an_embedder_that_breaks_its_contract_is_an_error(self):
        opened = self.open()
        opened.scan()
        for made in [[], [[1.0]], "no vectors"]:
            opened.register_embedder("odd", 2, lambda _, made=made: made)
            self.fails("HAN_EMBEDDER", opened.vectors.embed_pending, "odd")
        self.assertEqual(opened.vectors.models(), [])


if __name__ == "__main__":
    run_tests("Python, vectors")
