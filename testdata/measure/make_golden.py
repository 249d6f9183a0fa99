"""Makes golden.json: what other tools say of run.txt against qrels.txt, and what
scipy says of differences between rankings. The tests of engine/measure hold our
numbers to it.

    python3 -m venv /tmp/golden
    /tmp/golden/bin/pip install scipy==1.* pytrec-eval-terrier ir_measures ranx rbo
    /tmp/golden/bin/python testdata/measure/make_golden.py

qrels.txt and run.txt are made here too, from a fixed seed: 40 queries with 0 to
60 results and grades 0 to 3, some of them on products that no one found, many
results that no one judged, one query without results and one without a good
product. Scores have no ties, since tools break them differently.
"""
import importlib.metadata
import json
import pathlib
import random

import ir_measures
import numpy
import pytrec_eval
import ranx
import rbo
import scipy.stats

here = pathlib.Path(__file__).parent
random.seed(20260301)

qrels, run = {}, {}
for q in range(40):
    query = f"q{q:02d}"
    products = [f"p{i:03d}" for i in random.sample(range(300), 90)]
    judged = random.sample(products, random.randint(5, 60))
    qrels[query] = {p: random.choices([0, 1, 2, 3], [4, 3, 2, 1])[0] for p in judged}
    qrels[query][judged[0]] = 3  # something to find
    found = random.sample(products, random.randint(1, 60))
    run[query] = {p: float(1000 - 7 * i) for i, p in enumerate(found)}
qrels["q38"] = dict.fromkeys(qrels["q38"], 0)
del run["q39"]

with open(here / "qrels.txt", "w") as f:
    for query, grades in qrels.items():
        f.writelines(f"{query} 0 {p} {g}\n" for p, g in grades.items())
with open(here / "run.txt", "w") as f:
    for query, results in run.items():
        f.writelines(f"{query} Q0 {p} {i + 1} {s} golden\n" for i, (p, s) in enumerate(results.items()))

metrics = []


def add(tool, measure, ours, values):
    """values: query → value; ours: the name under which we compute the same."""
    values = {q: float(v) for q, v in values.items()}
    metrics.append({"tool": tool, "measure": measure, "metric": ours, "values": values})


# trec_eval itself, through pytrec_eval; relevant from grade 1, and from grade 2
# as our standard convention has it.
names = {
    "ndcg": "ndcg", "ndcg_cut_5": "ndcg@5", "ndcg_cut_10": "ndcg@10", "ndcg_cut_20": "ndcg@20", "map": "ap", "map_cut_10": "ap@10",
    "P_5": "p@5", "P_10": "p@10", "P_100": "p@100", "recall_10": "recall@10", "recall_100": "recall@100", "recip_rank": "rr", "bpref": "bpref",
}
wanted = {"ndcg", "ndcg_cut", "map", "map_cut", "P", "recall", "recip_rank", "bpref"}
for level, convention in [(1, "trec"), (2, "standard")]:
    scored = pytrec_eval.RelevanceEvaluator(qrels, wanted, relevance_level=level).evaluate(run)
    for theirs, ours in names.items():
        if not (convention == "standard" and theirs.startswith("ndcg")):
            add("pytrec_eval", f"{theirs}, relevant from {level}", f"{ours}:{convention}", {q: scored[q][theirs] for q in scored})

exponential = {g: 2**g - 1 for g in range(4)}
for measure, ours in [
    (ir_measures.nDCG @ 10, "ndcg@10:trec"),
    (ir_measures.nDCG(gains=exponential) @ 10, "ndcg@10:standard"),
    (ir_measures.nDCG(gains=exponential), "ndcg:standard"),
    (ir_measures.AP, "ap:trec"),
    (ir_measures.AP(rel=2) @ 20, "ap@20:standard"),
    (ir_measures.P(rel=2) @ 5, "p@5:standard"),
    (ir_measures.R @ 10, "recall@10:trec"),
    (ir_measures.RR(rel=2), "rr:standard"),
    (ir_measures.Judged @ 10, "judged@10:standard"),
]:
    values = {m.query_id: m.value for m in ir_measures.iter_calc([measure], qrels, run)}
    add("ir_measures", str(measure), ours, {q: v for q, v in values.items() if q in run})

# ranx wants the same queries on both sides.
ranx_qrels = ranx.Qrels({q: qrels[q] for q in run})
ranx_run = ranx.Run(run)
for theirs, ours in [
    ("ndcg@10", "ndcg@10:ranx"), ("ndcg@5", "ndcg@5:ranx"), ("ndcg", "ndcg:ranx"), ("ndcg_burges@10", "ndcg@10:standard"),
    ("map", "ap:ranx"), ("map@10", "ap@10:ranx"), ("precision@10", "p@10:ranx"), ("recall@10", "recall@10:ranx"), ("mrr", "rr:ranx"), ("mrr@5", "rr@5:ranx"),
]:
    ranx.evaluate(ranx_qrels, ranx_run, theirs)
    values = ranx_run.scores[theirs]
    add("ranx", theirs, ours, values)

# Differences: few and many queries, skewed, with ties and small effects.
rng = numpy.random.default_rng(7)
differences = {
    "eight": rng.normal(0.1, 0.2, 8),
    "twenty-five": rng.normal(0.05, 0.15, 25),
    "no difference": rng.normal(0, 0.2, 60),
    "mostly equal": numpy.where(rng.random(120) < 0.7, 0, rng.normal(0.05, 0.2, 120)),
    "skewed": rng.exponential(0.1, 84) - 0.08,
    "worse": rng.normal(-0.03, 0.2, 400),
}
tests = []
for name, d in differences.items():
    d = numpy.round(d, 6)
    p = scipy.stats.permutation_test(
        (d, numpy.zeros_like(d)), lambda x, y, axis: numpy.mean(x - y, axis=axis), permutation_type="samples",
        vectorized=True, n_resamples=1_000_000, batch=10_000, rng=numpy.random.default_rng(1)).pvalue
    interval = scipy.stats.bootstrap(
        (d,), numpy.mean, method="percentile", n_resamples=200_000, batch=10_000, rng=numpy.random.default_rng(1)).confidence_interval
    tests.append({"name": name, "differences": d.tolist(), "p": float(p), "low": float(interval.low), "high": float(interval.high)})

overlaps = []
for _ in range(30):
    items = [f"p{i}" for i in range(14)]
    a, b = random.sample(items, random.randint(1, 12)), random.sample(items, random.randint(1, 12))
    p = random.choice([0.5, 0.8, 0.9, 0.98])
    overlaps.append({"a": a, "b": b, "persistence": p, "rbo": float(rbo.RankingSimilarity(a, b).rbo_ext(p=p))})

versions = {n: importlib.metadata.version(n) for n in ["pytrec-eval-terrier", "ir-measures", "ranx", "scipy", "numpy", "rbo"]}
with open(here / "golden.json", "w") as f:
    json.dump({"versions": versions, "metrics": metrics, "tests": tests, "overlaps": overlaps}, f, indent=1)
    f.write("\n")
