"""What is said of an answer whatever was asked."""

ANSWERS: dict[str, tuple[str, str]] = {
    "answer.illustrative": (
        "Rests on illustrative data: a demonstration, not advice",
        "基于示意数据：仅作演示，不构成建议",
    ),
    "answer.conflict": ("These rules cannot all hold:", "以下规则不能同时满足："),
    "answer.restores": (
        " (alone, it would do at {value:number})",
        "（仅调整此项，取 {value:number} 即可行）",
    ),
    "answer.level": (
        "{objective}: {value}, proven limit {bound}, gap {gap}",
        "{objective}：{value}，已证明的界 {bound}，差距 {gap}",
    ),
    "answer.verified": (
        "Verified independently: {passed:count} of {count:count} checks hold",
        "独立校核：{count:count} 项检查中 {passed:count} 项通过",
    ),
}
