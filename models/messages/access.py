"""Keys, what they may, and the audit log."""

ACCESS: dict[str, tuple[str, str]] = {
    "http.key_needed": (
        "A key is needed: Authorization: Bearer muster_...",
        "需要密钥：Authorization: Bearer muster_...",
    ),
    "http.key_invalid": (
        "The key is unknown, revoked or out of its time",
        "密钥不存在、已吊销或不在有效期内",
    ),
    "http.not_your_role": (
        "A key with the role {role} may not do this",
        "角色为 {role} 的密钥无权执行此操作",
    ),
    "http.not_your_job": (
        "A key with the role {role} may do this to the jobs it has started, and to no others",
        "角色为 {role} 的密钥只能对自己发起的任务执行此操作",
    ),
    "http.not_your_area": (
        "The key is limited to demand in {areas}; every demand point must name an area within",
        "该密钥仅限于 {areas} 的需求；每个需求点都须注明其中的区域",
    ),
    "http.not_for_areas": (
        "The key is limited to demand in {areas}; this is for keys without such limits",
        "该密钥仅限于 {areas} 的需求；此操作须使用不受此限的密钥",
    ),
    "cli.open": (
        "No keys yet: open to this machine only. To make one: muster keys create NAME --role admin",
        "尚无密钥：仅向本机开放。如需创建：muster keys create NAME --role admin",
    ),
    "need.keys_for_host": (
        "a key first, as others reach it too; type: muster keys create NAME --role admin",
        "须先创建密钥，因为其他机器也能访问该地址；请执行：muster keys create NAME --role admin",
    ),
    "need.keys": (
        "a key first, as MUSTER_KEYS is 'required'; type: muster keys create NAME --role admin",
        "须先创建密钥，因为 MUSTER_KEYS 为 required；请执行：muster keys create NAME --role admin",
    ),
    "need.key_name": (
        "1 to 200 characters that can be printed, none of them blank at an end",
        "须为 1 至 200 个可打印字符，首尾不得为空白",
    ),
    "need.key_name_new": (
        "a name that no key has or had; to renew a key, type: muster keys rotate",
        "须为从未使用过的密钥名称；如需更换密钥，请执行 muster keys rotate",
    ),
    "need.key": (
        "a key by name or id; see: muster keys list",
        "须为密钥的名称或标识；参见 muster keys list",
    ),
    "need.key_valid": (
        "a key that is neither revoked nor expired",
        "须为未吊销且未过期的密钥",
    ),
    "need.key_not_revoked": ("a key that is not revoked yet", "须为尚未吊销的密钥"),
    "need.no_areas": (
        "no areas for an admin, who sees the whole log and all jobs",
        "管理员不得限定区域，因其可查看全部日志和作业",
    ),
    "need.moment": (
        "a day or a moment by ISO 8601, such as 2026-07-01 or 2026-07-01T08:00:00+08:00",
        "须为 ISO 8601 日期或时刻，如 2026-07-01 或 2026-07-01T08:00:00+08:00",
    ),
    "keys.shown_once": (
        "This is the key of {name}. It is shown this once; keep it where only its holder reads it.",
        "以上为 {name} 的密钥，仅显示这一次；请妥善保管，勿让他人读取。",
    ),
    "keys.grace": (
        "The old key is valid until {until}.",
        "旧密钥有效期至 {until}。",
    ),
    "keys.revoked": ("Revoked: {name}", "已吊销：{name}"),
    "keys.none": ("There are no keys.", "没有密钥。"),
    "keys.line": (
        "{name}  {role}  {areas}  {state}  created {created}, expires {expires}  {prefixes}",
        "{name}  {role}  {areas}  {state}  创建于 {created}，到期 {expires}  {prefixes}",
    ),
    "keys.everywhere": ("all areas", "全部区域"),
    "keys.never": ("never", "永不"),
    "keys.state.valid": ("valid", "有效"),
    "keys.state.expired": ("expired", "已过期"),
    "keys.state.revoked": ("revoked", "已吊销"),
    "audit.whole": (
        "The log is whole: {number:count} entries. Its head, to note down elsewhere: {head}",
        "日志完整：共 {number:count} 条。末条哈希（请另行记录）：{head}",
    ),
    "audit.broken": (
        "Entry {number} is missing, or was changed: the {whole:count} before it hold together.",
        "第 {number} 条缺失或被改动：其前 {whole:count} 条完整。",
    ),
    "audit.cut": (
        "The head {head} is not in the log: entries were cut off, or the log is another.",
        "日志中没有哈希 {head}：末尾条目被截去，或并非同一份日志。",
    ),
}
