"""Compares two CSV files in SQLite: python3 sqlite.py LEFT RIGHT."""

import csv
import json
import sqlite3
import sys

db = sqlite3.connect(":memory:")
for name, path in zip("lr", sys.argv[1:3]):
    db.execute(f"CREATE TABLE {name} (key TEXT PRIMARY KEY, price NUMERIC, qty INTEGER, status TEXT, updated_at TEXT) WITHOUT ROWID")
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        db.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", rows)
same = "l.price = r.price AND l.qty = r.qty AND l.status = r.status AND l.updated_at = r.updated_at"
agree, both = db.execute(f"SELECT sum({same}), count(*) FROM l JOIN r USING (key)").fetchone()
count = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in "lr"}
print(json.dumps({"agree": agree, "differ": both - agree, "only_left": count["l"] - both, "only_right": count["r"] - both}))
