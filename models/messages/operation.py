"""What is said about keeping the service going: doctor, backup and restore, the disk."""

OPERATION: dict[str, tuple[str, str]] = {
    "doctor.fit": ("ok  ", "正常"),
    "doctor.unfit": ("BAD ", "异常"),
    "doctor.unknown": ("{name} is no setting of Muster", "{name} 不是 Muster 的设置"),
    "doctor.setting": ("{name} cannot be used: {problem}", "{name} 无法使用：{problem}"),
    "doctor.settings": ("all settings are in range", "所有设置均在允许范围内"),
    "doctor.store": ("datasets can be written to {path}", "数据仓库 {path} 可写"),
    "doctor.cache": (
        "beside the datasets {used} of at most {limit} MB are kept of what earlier runs found out",
        "数据仓库旁保存了以往运行的中间结果 {used} MB（上限 {limit} MB）",
    ),
    "doctor.no_cache": (
        "nothing is kept of what earlier runs found out (MUSTER_CACHE_LIMIT_BYTES is 0)",
        "不保存以往运行的中间结果（MUSTER_CACHE_LIMIT_BYTES 为 0）",
    ),
    "doctor.no_store": ("{path} cannot be written to: {problem}", "{path} 不可写：{problem}"),
    "doctor.database": (
        "the database {url} can be written to; its tables are of revision {revision}",
        "数据库 {url} 可写，表结构版本 {revision}",
    ),
    "doctor.new_database": (
        "the database {url} is not there yet and can be made",
        "数据库 {url} 尚不存在，可以创建",
    ),
    "doctor.old_database": (
        "the tables of {url} are of revision {revision}; the next start makes them {newest}",
        "数据库 {url} 的表结构版本为 {revision}，下次启动时升级到 {newest}",
    ),
    "doctor.no_database": (
        "the database cannot be written to: {problem}",
        "数据库不可写：{problem}",
    ),
    "doctor.disk": (
        "{free:count} MB are free, {kept:count} MB are kept free",
        "磁盘剩余 {free:count} MB，保留 {kept:count} MB",
    ),
    "doctor.full": (
        "only {free:count} MB are free, {kept:count} MB are to be: new work is refused",
        "磁盘仅剩 {free:count} MB，应保留 {kept:count} MB：将拒绝新作业",
    ),
    "doctor.quota": (
        "{taken:count} MB are kept, {quota:count} MB may be",
        "已保存 {taken:count} MB，配额 {quota:count} MB",
    ),
    "doctor.quota_taken": (
        "{taken:count} MB are kept, only {quota:count} MB may be: new work is refused",
        "已保存 {taken:count} MB，达到配额 {quota:count} MB：将拒绝新作业",
    ),
    "doctor.font": ("Chinese documents use the font {path}", "中文文档使用字体 {path}"),
    "doctor.no_font": (
        "there is no font with Chinese signs: apt-get install fonts-wqy-microhei",
        "没有中文字体：apt-get install fonts-wqy-microhei",
    ),
    "doctor.solver": ("the solver {name} works ({status})", "求解器 {name} 可用（{status}）"),
    "doctor.no_solver": ("the solver {name} fails: {problem}", "求解器 {name} 不可用：{problem}"),
    "doctor.library": ("the map library of the report is there", "报告所用的地图库已安装"),
    "doctor.no_library": (
        "the map library of the report is missing: {problem}",
        "缺少报告所用的地图库：{problem}",
    ),
    "http.disk_full": (
        "The disk is nearly full: {free:count} MB are free, {kept:count} MB are kept free",
        "磁盘将满：剩余 {free:count} MB，须保留 {kept:count} MB",
    ),
    "http.quota_taken": (
        "The service keeps {taken:count} MB; its quota is {quota:count} MB",
        "服务已保存 {taken:count} MB；配额为 {quota:count} MB",
    ),
    "need.backup": (
        "a backup that muster backup has written, whole",
        "须为 muster backup 写出的完整备份",
    ),
    "need.empty_database": (
        "an empty database; --replace puts the backup in the place of what is there",
        "须为空数据库；--replace 以备份替换现有内容",
    ),
    "need.own_database": (
        "a database that Muster has made, of this version or an earlier one",
        "须为 Muster 本版本或更早版本建立的数据库",
    ),
    "need.known_revision": (
        "tables of this version of Muster or of an earlier one",
        "须为 Muster 本版本或更早版本的表结构",
    ),
    "need.works": ("something that works here: {problem}", "无法使用：{problem}"),
    "backup.written": (
        "Backed up {jobs:count} job(s) and {datasets:count} dataset(s) to {path}",
        "已将 {jobs:count} 个作业和 {datasets:count} 个数据集备份到 {path}",
    ),
    "backup.restored": (
        "Restored {jobs:count} job(s) and {datasets:count} dataset(s)",
        "已恢复 {jobs:count} 个作业和 {datasets:count} 个数据集",
    ),
    "backup.left_out": ("Not in the backup: {names}", "备份中未包含：{names}"),
}
