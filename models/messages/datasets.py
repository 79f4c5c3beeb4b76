"""What datasets that cannot be used say to people."""

DATASETS: dict[str, tuple[str, str]] = {
    "dataset.no_store": (
        "a store of datasets; none was given",
        "须有数据仓库；此处未提供",
    ),
    "dataset.absent": (
        "a dataset that is in the store (muster dataset add)",
        "须为数据仓库中已有的数据集（用 muster dataset add 添加）",
    ),
    "dataset.damaged": (
        "a dataset that is whole; this one is damaged",
        "须为完整的数据集；此数据集已损坏",
    ),
    "dataset.format": ("a dataset in Parquet or NPZ", "须为 Parquet 或 NPZ 格式的数据集"),
    "dataset.columns": (
        "a dataset with columns of one length, at least 1",
        "数据集各列须等长，且至少有一行",
    ),
    "dataset.finite": (
        "a dataset with finite numbers in column {name}",
        "数据集 {name} 列须全为有限数值",
    ),
    "dataset.not_negative": (
        "a dataset with no negative number in column {name}",
        "数据集 {name} 列不得有负数",
    ),
    "dataset.matrix": (
        "a dataset that holds a matrix of numbers named {name}",
        "数据集须含名为 {name} 的数值矩阵",
    ),
    "dataset.times": ("a dataset with no negative time", "数据集不得有负的时间"),
}
