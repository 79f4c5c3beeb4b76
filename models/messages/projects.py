"""What projects say to people."""

PROJECTS: dict[str, tuple[str, str]] = {
    "project.need.folder": ("a folder that exists", "须为存在的文件夹"),
    "project.need.toml": ("TOML that can be read", "须为可读取的 TOML 文件"),
    "project.need.key": ("one of {known}", "须为 {known} 之一"),
    "project.need.type": (
        "text in quotation marks; columns is a table of texts",
        "须为加引号的文本；columns 须为由文本组成的表",
    ),
    "project.unused": (
        "Not used, as its name tells no role: {table}",
        "名称未表明用途，未予采用：{table}",
    ),
    "project.need.crs": (
        "the coordinate system of the file, by --crs or crs in project.toml",
        "须用 --crs 或 project.toml 中的 crs 指明坐标系",
    ),
    "project.need.crs_claimed": (
        (
            "--crs, or crs in project.toml, to say it outright: it claims {claim}, but degrees in "
            "mainland China are often shifted by 600 m, which no file can say"
        ),
        (
            "须用 --crs 或 project.toml 中的 crs 明确指定坐标系：文件自称 {claim}，"
            "但中国大陆的经纬度常有约 600 米的偏移，文件本身无法说明"
        ),
    ),
    "project.need.network": (
        "a road file that lies beside it, or a name of the store",
        "须为同一文件夹内的路网文件名，或数据仓库中的名称",
    ),
    "project.need.table": (
        "a file or sheet named {role}",
        "缺少名为 {role} 的文件或工作表",
    ),
    "project.need.one_table": ("one file or sheet for {role}", "{role} 只能有一个文件或工作表"),
    "project.need.new_stations": (
        "how many stations to build, by --new-stations or new_stations in project.toml",
        "须用 --new-stations 或 project.toml 中的 new_stations 指明新建数量",
    ),
    "project.need.good_row": ("at least one row without a fault", "至少须有一行无误的数据"),
    "project.dropped": (
        "WARNING: {count} faulty rows were left out; the request is made from the rest.",
        "警告：{count} 行有误，未予采用；请求仅含其余各行。",
    ),
    "project.all_good": ("Every row was used.", "所有行均已采用。"),
}
