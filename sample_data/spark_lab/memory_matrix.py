import plan
def runs():
    return [plan.specification("wide_aggregation", "small", {"rows": 200000, "groups": 2, "repeat": 8}, {"spark.executor.memory": m}) for m in ("512m", "768m", "1g","2g")]
