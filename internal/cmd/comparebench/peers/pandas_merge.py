"""Compares two CSV files with pandas: python3 pandas_merge.py LEFT RIGHT."""

import json
import sys

import pandas

left, right = (pandas.read_csv(path) for path in sys.argv[1:3])
both = left.merge(right, on="key", how="outer", suffixes=("_l", "_r"), indicator=True)
pairs = both[both["_merge"] == "both"]
same = pandas.Series(True, index=pairs.index)
for column in ("price", "qty", "status", "updated_at"):
    same &= pairs[column + "_l"] == pairs[column + "_r"]
count = both["_merge"].value_counts()
agree = int(same.sum())
print(json.dumps({"agree": agree, "differ": len(pairs) - agree, "only_left": int(count["left_only"]), "only_right": int(count["right_only"])}))
