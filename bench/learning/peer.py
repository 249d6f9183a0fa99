"""LightGBM's LambdaMART on the folds that the bench hands over: learning.json
says which rows are of which query and fold, the numbers lie beside it."""
import json, sys, time
import lightgbm as lgb
import numpy as np

folder = sys.argv[1]
about = json.load(open(folder + "/learning.json"))
sizes, folds = np.array(about["sizes"]), np.array(about["folds"])
x = np.fromfile(folder + "/features.f64").reshape(-1, about["features"])
grade = np.fromfile(folder + "/grades.f64")
prior = np.fromfile(folder + "/prior.f64")
fold = np.repeat(folds, sizes)
judged = ~np.isnan(grade)
label = np.nan_to_num(grade, nan=0.0).astype(int)
query = np.repeat(np.arange(len(sizes)), sizes)
settings = dict(
    objective="lambdarank", metric="None", num_leaves=31, learning_rate=0.1,
    min_data_in_leaf=20, num_threads=about["threads"], verbose=-1, seed=about["seed"],
    deterministic=True, force_row_wise=True, label_gain=[2**i - 1 for i in range(max(label) + 1)],
)
variants = {
    "judged": dict(rows=judged, init=False),
    "unjudged": dict(rows=np.ones(len(grade), bool), init=False),
    "prior": dict(rows=np.ones(len(grade), bool), init=True),
}
seconds = {}
for name, v in variants.items():
    scores = np.zeros(len(grade))
    seconds[name] = 0.0
    for f in sorted(set(folds)):
        rows = v["rows"] & (fold != f)
        start = time.perf_counter()
        train = lgb.Dataset(x[rows], label[rows], group=np.unique(query[rows], return_counts=True)[1],
                            init_score=prior[rows] if v["init"] else None)
        model = lgb.train(settings, train, num_boost_round=100)
        seconds[name] += time.perf_counter() - start
        left = fold == f
        scores[left] = model.predict(x[left], raw_score=True) + (prior[left] if v["init"] else 0)
    scores.tofile(folder + "/" + name + ".f64")
print(json.dumps(dict(version=lgb.__version__, seconds=seconds)))
