"""The Python peers of bench/search: answers one JSON request a line on stdin with
one JSON line on stdout. Started by the Go command, in the environment it made."""

import json
import os
import sys
import time

folder, threads = sys.argv[1], int(sys.argv[2])
os.environ["OMP_NUM_THREADS"] = str(threads)

import bm25s
import faiss
import numpy

faiss.omp_set_num_threads(threads)
indexes = {}
words = None


def load_vectors(request):
    """Reads float32 rows and makes both faiss indexes."""
    rows = numpy.memmap(request["file"], dtype=numpy.float32, mode="r").reshape(-1, request["dim"])
    flat = faiss.IndexFlatIP(request["dim"])
    codes = faiss.IndexScalarQuantizer(request["dim"], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    codes.train(numpy.ascontiguousarray(rows[:100_000]))
    for start in range(0, len(rows), 100_000):
        part = numpy.ascontiguousarray(rows[start : start + 100_000])
        flat.add(part)
        codes.add(part)
    indexes["flat"], indexes["sq8"] = flat, codes
    return {"rows": flat.ntotal}


def search_vectors(request):
    queries = numpy.array(request["queries"], dtype=numpy.float32)
    start = time.perf_counter()
    _, found = indexes[request["index"]].search(queries, request["k"])
    return {"ms": (time.perf_counter() - start) * 1000, "found": found.tolist()}


def load_words(request):
    """Reads one document a line, words apart by spaces, and makes or opens the
    index of bm25s."""
    global words
    saved = os.path.join(folder, request["name"])
    if not os.path.exists(os.path.join(saved, "done")):
        vocabulary, documents = {}, []
        with open(request["file"], encoding="utf-8") as lines:
            for line in lines:
                documents.append([vocabulary.setdefault(w, len(vocabulary)) for w in line.split()])
        made = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        made.index((documents, vocabulary), show_progress=False)
        made.save(saved)
        open(os.path.join(saved, "done"), "w").close()
    words = bm25s.BM25.load(saved)
    return {"rows": int(words.scores["num_docs"])}


def search_words(request):
    query = [w for w in request["words"] if w in words.vocab_dict]
    start = time.perf_counter()
    if not query:
        return {"ms": 0, "found": []}
    found, scores = words.retrieve([query], k=request["k"], n_threads=request["threads"], show_progress=False)
    return {"ms": (time.perf_counter() - start) * 1000, "found": [int(i) for i, s in zip(found[0], scores[0]) if s > 0]}


print(json.dumps(f"faiss {faiss.__version__}, bm25s {bm25s.__version__}, numpy {numpy.__version__}, Python {sys.version.split()[0]}"), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"load_vectors": load_vectors, "search_vectors": search_vectors, "load_words": load_words, "search_words": search_words}[request["do"]](request)), flush=True)
