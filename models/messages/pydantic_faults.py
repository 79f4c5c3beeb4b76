"""What a single field needs: the messages for faults that the models find.

One entry per kind of fault; `api.requests.faults` maps the kinds of the validation library
and of the JSON reader to them.
"""

PYDANTIC_FAULTS: dict[str, tuple[str, str]] = {
    "need.present": ("this field; it is missing", "缺少此字段，须填写"),
    "need.absent": (
        "nothing: no field has this name here",
        "应删除：此处没有名为此的字段",
    ),
    "need.finite": (
        "a finite number (not NaN, not infinite)",
        "须为有限数值（不得为 NaN 或无穷大）",
    ),
    "need.at_least": ("at least {limit}", "须不小于 {limit}"),
    "need.more_than": ("more than {limit}", "须大于 {limit}"),
    "need.at_most": ("at most {limit}", "须不大于 {limit}"),
    "need.less_than": ("less than {limit}", "须小于 {limit}"),
    "need.number": ("a number", "须为数值"),
    "need.whole": ("a whole number", "须为整数"),
    "need.whole_in_range": ("a whole number of usual size", "须为常规大小的整数"),
    "need.text": ("text", "须为文本"),
    "need.unicode": ("text in valid Unicode", "须为有效的 Unicode 文本"),
    "need.boolean": ("true or false", "须为 true 或 false"),
    "need.list": ("a list: [...]", "须为列表：[...]"),
    "need.object": ("an object: {{...}}", "须为对象：{{...}}"),
    "need.null": ("null", "须为 null"),
    "need.forms": ("one of: {forms}", "须为以下形式之一：{forms}"),
    "need.one_of": ("one of: {expected}", "须为以下之一：{expected}"),
    "need.kind_of": (
        "a field {field} that is one of: {expected}",
        "须有字段 {field}，取值为以下之一：{expected}",
    ),
    "need.kind": (
        "a field {field} that says which kind it is",
        "须有字段 {field} 说明其种类",
    ),
    "need.items_min": ("at least {count} of them", "至少须有 {count} 项"),
    "need.items_max": ("at most {count} of them", "至多 {count} 项"),
    "need.characters_min": ("at least {count} character(s)", "至少 {count} 个字符"),
    "need.characters_max": ("at most {count} characters", "至多 {count} 个字符"),
    "need.pattern": ("text of the form {pattern}", "须为符合 {pattern} 格式的文本"),
    "need.valid": ("a valid value ({problem})", "须为有效值（{problem}）"),
    "need.once": (
        "each name once; this one stands here several times",
        "同一对象内字段名不得重复；此字段出现多次",
    ),
    "need.not_empty": (
        "a JSON object; this is empty",
        "须为 JSON 对象；内容为空",
    ),
    "need.json": (
        "valid JSON; it breaks at line {line}, column {column}",
        "须为有效的 JSON；在第 {line} 行第 {column} 列出错",
    ),
    "need.short_numbers": (
        "numbers of usual length; one has thousands of digits",
        "数字长度须正常；其中有一个长达数千位",
    ),
    "need.shallow": (
        "JSON nested at most {limit} levels deep; this goes {depth} deep",
        "JSON 嵌套不得超过 {limit} 层；现为 {depth} 层",
    ),
    "need.utf8": (
        "UTF-8 text; byte {position} is not",
        "须为 UTF-8 编码的文本；第 {position} 个字节不是",
    ),
    "need.utf8_not_gbk": (
        "UTF-8 text; this looks like GBK: save the file again with the encoding UTF-8",
        "须为 UTF-8 编码；此文件疑为 GBK 编码：请以 UTF-8 编码另存",
    ),
    "need.utf8_not_utf16": (
        "UTF-8 text; this looks like UTF-16: save the file again with the encoding UTF-8",
        "须为 UTF-8 编码；此文件疑为 UTF-16 编码：请以 UTF-8 编码另存",
    ),
    "need.smaller": (
        "at most {limit_mb} MB; put bulk data into a dataset (muster dataset add FILE) and name it",
        "不得超过 {limit_mb} MB；大批量数据请存入数据仓库（muster dataset add FILE）后按名引用",
    ),
    "need.file": ("a file that exists", "须为存在的文件"),
    "need.file_not_folder": ("a file, not a folder", "须为文件，而非文件夹"),
    "need.file_readable": ("a file that can be read", "须为可读取的文件"),
    "need.file_writable": (
        "a place where a file can be written",
        "须为可写入文件的位置",
    ),
    "need.plan": (
        "a plan; the answer holds none (status: {status})",
        "须含有方案；此答复中没有方案（状态：{status}）",
    ),
    "need.problem": ("a request of one of the kinds {known}", "须为以下类别之一的请求：{known}"),
    "need.answer": (
        "a whole answer, as muster solve --out writes it, or a request beside the bare plan",
        "须为 muster solve --out 写出的完整答复，或另给出方案所对应的请求",
    ),
    "need.own_answer": (
        "an answer to this very request",
        "须为对同一请求的答复",
    ),
    "need.record": (
        "an answer that records its run",
        "须为含运行记录的答复",
    ),
    "need.proposal": (
        "a plan, or stations to open: --open A:city,B:small",
        "须给出方案，或用 --open A:city,B:small 指明要开的站",
    ),
    "need.site_and_class": (
        "a site and its class, as in A:city",
        "须为站址及站级，如 A:city",
    ),
    "need.time_limit": (
        "at most {limit} s over HTTP; use the command line for longer runs",
        "经 HTTP 求解不得超过 {limit} 秒；更长的求解请用命令行",
    ),
}
