"""Makes golden.json: agreement of the three judges of judge_ratings.csv by statsmodels, krippendorff and irrCAC.

    pip install numpy statsmodels krippendorff irrCAC
    python golden.py ../../../../../shared/data/electronics/judge_ratings.csv >golden.json

"missing" is the same ratings without every fifth cell: cell (row, judge), both from 0, is left out where
(row + 2 * judge) % 5 == 0, so that a row has two or three; "fleiss" of it is irrCAC's, as statsmodels
wants as many judges for each row.
"""
import csv, json, sys
import importlib.metadata
import irrCAC.raw, krippendorff, numpy, pandas, scipy, statsmodels
from statsmodels.stats import inter_rater

rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
data = numpy.array([[int(r[f"agent_{j}_rating"]) for j in (1, 2, 3)] for r in rows])


def alphas(values):
    return {level: krippendorff.alpha(reliability_data=values.T, level_of_measurement=level)
            for level in ("nominal", "ordinal", "interval")}


def pair(a, b):
    table = numpy.zeros((4, 4), int)
    numpy.add.at(table, (data[:, a], data[:, b]), 1)
    kappa = lambda wt: inter_rater.cohens_kappa(table, wt=wt, return_results=False)
    return {"a": a, "b": b, "confusion": table.tolist(), "kappa": kappa(None), "linear": kappa("linear"), "quadratic": kappa("quadratic")}


missing = data.astype(float)
for i in range(len(data)):
    for j in range(3):
        if (i + 2 * j) % 5 == 0:
            missing[i, j] = numpy.nan

json.dump({
    "made_with": {"statsmodels": statsmodels.__version__, "krippendorff": krippendorff.__version__ if hasattr(krippendorff, "__version__") else "",
                  "irrCAC": importlib.metadata.version("irrCAC"), "numpy": numpy.__version__, "scipy": scipy.__version__},
    "pairs": len(data),
    "fleiss": inter_rater.fleiss_kappa(inter_rater.aggregate_raters(data)[0]),
    "alpha": alphas(data.astype(float)),
    "missing": alphas(missing) | {"fleiss": float(irrCAC.raw.CAC(pandas.DataFrame(missing), digits=15).fleiss()["est"]["coefficient_value"])},
    "between": [pair(0, 1), pair(0, 2), pair(1, 2)],
}, sys.stdout, indent=1)
print()
